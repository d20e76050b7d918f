import { type ServiceFault, startListener } from '../loopback/listener.ts';
import { jsonReply, type LoopbackRequest, type LoopbackResponse } from '../loopback/request.ts';
import { makeCertificate } from './certificate.ts';
import { checkConfiguration } from './check-configuration.ts';
import type { AppClient, Cognito, CognitoConfiguration } from './configuration.ts';
import { discovery } from './discovery.ts';
import { cognitoFigures } from './figures.ts';
import { mint } from './forge.ts';
import { hostedDomain, hostedDomainEndpointName } from './hosted-domain.ts';
import { appClientSecret } from './identifiers.ts';
import type { Pool } from './pool.ts';
import { makeSessions } from './sessions.ts';
import { makeSigningKeys } from './signing-keys.ts';
import { makeGrants } from './token-sessions.ts';
import { apiError, operationName, userPoolsApi } from './user-pools-api.ts';
import { makeDirectory } from './users.ts';

export type {
  AppClient,
  Cognito,
  CognitoConfiguration,
  ResourceServer,
  User,
} from './configuration.ts';
export type { ForgedToken } from './forge.ts';
export type { PreTokenGeneration, PreTokenGenerationEvent } from './pre-token-generation.ts';

const apiFault = ({ kind }: ServiceFault): LoopbackResponse =>
  kind === 'status500'
    ? apiError('InternalErrorException', 'Something went wrong', 500)
    : apiError('TooManyRequestsException', 'Too many requests');

const domainFault = ({ kind }: ServiceFault): LoopbackResponse =>
  kind === 'status500'
    ? jsonReply(500, { error: 'server_error' })
    : jsonReply(429, { error: 'too_many_requests' });

const hostOf = ({ headers }: LoopbackRequest): string =>
  (headers.host ?? '').replace(/:\d+$/, '').toLowerCase();

/**
 * Starts the stand-in for a user pool with its hosted domain. Rejects when the configuration could
 * not be one of Cognito's.
 */
export const startCognito = async (configuration: CognitoConfiguration): Promise<Cognito> => {
  checkConfiguration(configuration);
  const { region, userPoolId, domain, clock = Date.now } = configuration;
  const apiHost = `cognito-idp.${region}.amazonaws.com`;
  const domainHost = `${domain}.auth.${region}.amazoncognito.com`;
  const clients = new Map<string, AppClient>(
    configuration.clients.map((client) => [client.clientId, client]),
  );
  const counts = new Map<string, number>();
  let skewSeconds = 0;
  const now = () => Math.floor(clock() / 1000);
  const [keys, directory, certificate] = await Promise.all([
    makeSigningKeys(),
    makeDirectory(configuration.users),
    makeCertificate([apiHost, domainHost, 'localhost']),
  ]);
  const pool: Pool = {
    configuration,
    issuer: `https://${apiHost}/${userPoolId}`,
    hostedDomain: `https://${domainHost}`,
    keys,
    directory,
    grants: makeGrants(),
    sessions: makeSessions(),
    client: (clientId) => clients.get(clientId),
    now,
    tokenTime: () => now() + skewSeconds,
  };
  const count = (name: string | undefined): void => {
    if (name !== undefined) counts.set(name, (counts.get(name) ?? 0) + 1);
  };

  const answerDomain = (ask: LoopbackRequest): Promise<LoopbackResponse> => {
    count(hostedDomainEndpointName(ask));
    return hostedDomain(pool, ask);
  };
  const answerApi = async (ask: LoopbackRequest): Promise<LoopbackResponse> => {
    if (hostOf(ask) === domainHost) return answerDomain(ask);
    if (ask.method === 'GET') {
      const document = discovery(pool, ask);
      if (document) count(ask.url.pathname.endsWith('/jwks.json') ? 'Jwks' : 'OpenidConfiguration');
      return document ?? { status: 404 };
    }
    count(operationName(ask));
    return userPoolsApi(pool, ask);
  };

  const listenerOf = (answer: (ask: LoopbackRequest) => Promise<LoopbackResponse>) => ({
    maximumBodyBytes: cognitoFigures.bodyBytes,
    answer,
  });
  const api = await startListener({
    ...listenerOf(answerApi),
    port: 0,
    tls: certificate,
    faultReply: apiFault,
  });
  const browser = await startListener({
    ...listenerOf(answerDomain),
    port: configuration.port ?? 0,
    faultReply: domainFault,
  }).catch(async (error: unknown) => {
    await api.stop();
    throw error;
  });

  const mustHave = (clientId: string): AppClient => {
    const client = clients.get(clientId);
    if (!client) throw new Error(`There is no app client ${clientId}.`);
    return client;
  };
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
    rotateClientSecret: (clientId) => {
      const { clientSecret: previousClientSecret, ...client } = mustHave(clientId);
      if (previousClientSecret === undefined) throw new Error(`App client ${clientId} is public.`);
      const clientSecret = appClientSecret();
      clients.set(clientId, { ...client, clientSecret, previousClientSecret });
      return clientSecret;
    },
    dropPreviousClientSecret: (clientId) => {
      const { previousClientSecret: _dropped, ...client } = mustHave(clientId);
      clients.set(clientId, client);
    },
    mint: (forged) => mint(pool, forged),
    counts: () => Object.fromEntries(counts),
    resetCounts: () => counts.clear(),
    stop: async () => {
      await Promise.all([api.stop(), browser.stop()]);
    },
  };
};
