import { type ServiceFault, startListener } from '../loopback/listener.ts';
import { jsonResponse, type LoopbackRequest, type LoopbackResponse } from '../loopback/request.ts';
import { apiError } from './api-response.ts';
import type { AppClient } from './app-client.ts';
import { makeCertificate } from './certificate.ts';
import { checkConfiguration } from './check-configuration.ts';
import type { CognitoConfiguration } from './configuration.ts';
import { makePendingLogins } from './federation/pending-logins.ts';
import { cognitoFigures } from './figures.ts';
import { mint } from './forge.ts';
import { hostedDomain, hostedDomainEndpointName } from './hosted-domain.ts';
import { appClientSecret } from './identifiers.ts';
import { isJwksPath, jwks } from './jwks.ts';
import { makeLoginSteps } from './login-steps.ts';
import { makeOperationQuotas } from './operation-quotas.ts';
import { defaultPasswordPolicy } from './password-policy.ts';
import type { Pool } from './pool.ts';
import type { Cognito } from './service.ts';
import { makeSessions } from './sessions.ts';
import { makeSigningKeys } from './signing-keys.ts';
import type { CognitoState } from './state.ts';
import { makeGrants } from './token-sessions.ts';
import { operationName, userPoolsApi } from './user-pools-api.ts';
import { makeDirectory } from './users.ts';
import { refusedByWebAcl } from './web-acl.ts';

export type { AppClient } from './app-client.ts';
export type { CognitoConfiguration } from './configuration.ts';
export type { PreTokenGenerationEvent } from './pre-token-generation.ts';
export type { Cognito } from './service.ts';
export type { User } from './users.ts';

const apiFault = ({ kind }: ServiceFault): LoopbackResponse =>
  kind === 'status500'
    ? apiError('InternalErrorException', 'Something went wrong', 500)
    : apiError('TooManyRequestsException', 'Too many requests');

const domainFault = ({ kind }: ServiceFault): LoopbackResponse =>
  kind === 'status500'
    ? jsonResponse(500, { error: 'server_error' })
    : jsonResponse(429, { error: 'too_many_requests' });

const hostOf = ({ headers }: LoopbackRequest): string =>
  (headers.host ?? '').replace(/:\d+$/, '').toLowerCase();

/** The secret of an earlier run, where the client still has one. */
const withKeptSecret = (client: AppClient, state: CognitoState | undefined): AppClient => {
  const kept = state?.clientSecrets[client.clientId];
  if (client.clientSecret === undefined || kept === undefined) return client;
  return {
    ...client,
    clientSecret: kept.current,
    ...(kept.previous !== undefined && { previousClientSecret: kept.previous }),
  };
};

const secretsOf = (clients: readonly AppClient[]): CognitoState['clientSecrets'] =>
  Object.fromEntries(
    clients.flatMap(({ clientId, clientSecret: current, previousClientSecret: previous }) =>
      current === undefined
        ? []
        : [[clientId, { current, ...(previous !== undefined && { previous }) }]],
    ),
  );

/**
 * Starts an emulated user pool with its hosted domain. Rejects when the configuration could
 * not be one of Cognito's.
 */
export const startCognito = async (configuration: CognitoConfiguration): Promise<Cognito> => {
  checkConfiguration(configuration);
  const { region, userPoolId, domain, clock = Date.now } = configuration;
  const apiHost = `cognito-idp.${region}.amazonaws.com`;
  const domainHost = `${domain}.auth.${region}.amazoncognito.com`;
  const clients = new Map<string, AppClient>(
    configuration.clients.map((client) => [
      client.clientId,
      withKeptSecret(client, configuration.state),
    ]),
  );
  const mustHave = (clientId: string): AppClient => {
    const client = clients.get(clientId);
    if (!client) throw new Error(`There is no app client ${clientId}.`);
    return client;
  };
  const rotateClientSecret = (clientId: string): string => {
    const { clientSecret: previousClientSecret, ...client } = mustHave(clientId);
    if (previousClientSecret === undefined) throw new Error(`App client ${clientId} is public.`);
    const clientSecret = appClientSecret();
    clients.set(clientId, { ...client, clientSecret, previousClientSecret });
    return clientSecret;
  };
  const dropPreviousClientSecret = (clientId: string): void => {
    const { previousClientSecret: _dropped, ...client } = mustHave(clientId);
    clients.set(clientId, client);
  };

  const counts = new Map<string, number>();
  let skewSeconds = 0;
  const now = () => Math.floor(clock() / 1000);
  const [keys, directory, certificate] = await Promise.all([
    makeSigningKeys(configuration.state?.signingKeys),
    makeDirectory(configuration.users, now, configuration.state?.users),
    makeCertificate([apiHost, domainHost, 'localhost']),
  ]);
  const groups = new Set([...(configuration.groups ?? []), ...(configuration.state?.groups ?? [])]);
  const pool: Pool = {
    configuration,
    issuer: `https://${apiHost}/${userPoolId}`,
    keys,
    directory,
    grants: makeGrants(configuration.state),
    sessions: makeSessions(configuration.state?.browserSessions),
    steps: makeLoginSteps(),
    pendingLogins: makePendingLogins(),
    passwordPolicy: configuration.passwordPolicy ?? defaultPasswordPolicy,
    groups: { all: () => [...groups].sort(), add: (name) => void groups.add(name) },
    sendMail: configuration.onMail ?? (() => {}),
    client: (clientId) => clients.get(clientId),
    clients: () => [...clients.values()],
    addClientSecret: rotateClientSecret,
    dropOlderClientSecret: dropPreviousClientSecret,
    now,
    tokenTime: () => now() + skewSeconds,
  };
  const count = (name: string | undefined): void => {
    if (name !== undefined) counts.set(name, (counts.get(name) ?? 0) + 1);
  };

  const { firewall, quotaClock } = configuration;
  const quotas = quotaClock && makeOperationQuotas(quotaClock);
  const answerDomain = async (request: LoopbackRequest): Promise<LoopbackResponse> => {
    count(hostedDomainEndpointName(request));
    const refused = firewall && refusedByWebAcl(firewall, request, clock());
    return refused ?? hostedDomain(pool, request);
  };
  const answerApi = async (request: LoopbackRequest): Promise<LoopbackResponse> => {
    if (hostOf(request) === domainHost) return answerDomain(request);
    if (request.method === 'GET') {
      if (!isJwksPath(pool, request)) return { status: 404 };
      count('Jwks');
      return jwks(pool);
    }
    const operation = operationName(request);
    count(operation);
    if (operation !== undefined && quotas?.isOver(operation))
      return apiFault({ kind: 'throttled' });
    return userPoolsApi(pool, request);
  };

  const listenerOf = (answer: (request: LoopbackRequest) => Promise<LoopbackResponse>) => ({
    maximumBodyBytes: cognitoFigures.bodyBytes,
    answer,
  });
  const api = await startListener({
    ...listenerOf(answerApi),
    port: 0,
    tls: certificate,
    faultResponse: apiFault,
  });
  const browser = await startListener({
    ...listenerOf(answerDomain),
    port: configuration.port ?? 0,
    faultResponse: domainFault,
  }).catch(async (error: unknown) => {
    await api.stop();
    throw error;
  });

  return {
    domainUrl: `http://localhost:${browser.port}`,
    issuer: pool.issuer,
    hosts: [apiHost, domainHost],
    apiPort: api.port,
    domainPort: browser.port,
    certificateAuthority: certificate.authority,
    apiFaults: api.faults,
    domainFaults: browser.faults,
    rotateKeys: () => keys.rotate(),
    skewClock: (seconds) => {
      skewSeconds = seconds;
    },
    rotateClientSecret,
    dropPreviousClientSecret,
    mint: (forged) => mint(pool, forged),
    counts: () => Object.fromEntries(counts),
    resetCounts: () => counts.clear(),
    state: async () => ({
      signingKeys: await keys.state(),
      clientSecrets: secretsOf([...clients.values()]),
      ...pool.grants.state(now()),
      browserSessions: pool.sessions.state(),
      users: pool.directory.state(),
      groups: [...groups].filter((name) => !configuration.groups?.includes(name)),
    }),
    stop: async () => {
      await Promise.all([api.stop(), browser.stop()]);
    },
  };
};
