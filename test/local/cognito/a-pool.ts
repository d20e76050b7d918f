import { createHash, randomBytes } from 'node:crypto';
import { decodeJwt } from 'jose';
import {
  type AppClient,
  type Cognito,
  type CognitoConfiguration,
  startCognito,
} from '../../../local/cognito/cognito.ts';
import { appClientSecret } from '../../../local/cognito/identifiers.ts';

export const callback = 'https://mcp.example.com/callback';
export const email = 'dev@example.com';
export const password = randomBytes(12).toString('base64url');

export const aClient = (overrides: Partial<AppClient> = {}): AppClient => ({
  clientId: 'claude0000000000000000000a',
  clientSecret: appClientSecret(),
  clientName: 'claude',
  callbackUrls: [callback, 'http://localhost:3000/callback'],
  flows: ['code'],
  scopes: ['gatehouse/tools.read', 'gatehouse/tools.call', 'openid', 'email'],
  identityProviders: ['COGNITO'],
  accessTokenSeconds: 900,
  idTokenSeconds: 300,
  refreshTokenSeconds: 30 * 24 * 3600,
  refreshRotation: { graceSeconds: 0 },
  explicitAuthFlows: ['ALLOW_USER_SRP_AUTH'],
  tokenRevocation: true,
  ...overrides,
});

/** A running pool with a clock of its own, and the steps of a login against it. */
export const aPool = async (overrides: Partial<CognitoConfiguration> = {}) => {
  const clock = { now: Date.now() };
  const configuration: CognitoConfiguration = {
    userPoolId: 'eu-west-1_AbCdEf123',
    region: 'eu-west-1',
    clients: [aClient()],
    resourceServers: [{ identifier: 'gatehouse', scopes: ['tools.read', 'tools.call'] }],
    domain: 'gatehouse-test',
    users: [{ email, password, emailVerified: true }],
    clock: () => clock.now,
    ...overrides,
  };
  const cognito = await startCognito(configuration);
  const [client = aClient()] = configuration.clients;
  return { cognito, client, password, clock, ...steps(cognito, client, password) };
};

export type Query = Readonly<Record<string, string | undefined>>;

const defined = (query: Query): URLSearchParams => {
  const parameters = new URLSearchParams();
  for (const [name, value] of Object.entries(query))
    if (value !== undefined) parameters.append(name, value);
  return parameters;
};

export const basic = (client: AppClient, secret = client.clientSecret) =>
  `Basic ${btoa(`${client.clientId}:${secret}`)}`;

const steps = (cognito: Cognito, client: AppClient, password: string) => {
  const get = (path: string, headers: Record<string, string> = {}) =>
    fetch(`${cognito.domainUrl}${path}`, { redirect: 'manual', headers });

  const authorizeQuery = (query: Query = {}) =>
    defined({
      response_type: 'code',
      client_id: client.clientId,
      redirect_uri: callback,
      state: 'the-state',
      ...query,
    });

  const authorize = (query: Query = {}, cookie = '') =>
    get(`/oauth2/authorize?${authorizeQuery(query)}`, { cookie });

  const post = (path: string, form: Query, headers: Record<string, string> = {}) =>
    fetch(`${cognito.domainUrl}${path}`, {
      method: 'POST',
      redirect: 'manual',
      body: defined(form),
      headers,
    });

  /** Fills in the login form. */
  const logIn = async (query: Query = {}, typed: { username?: string; password?: string } = {}) => {
    const page = await get(`/login?${authorizeQuery(query)}`);
    const csrf = /name="_csrf" value="([^"]+)"/.exec(await page.text())?.[1] ?? '';
    return post(
      `/login?${authorizeQuery(query)}`,
      { _csrf: csrf, username: typed.username ?? email, password: typed.password ?? password },
      { cookie: `XSRF-TOKEN=${csrf}` },
    );
  };

  const codeOf = (response: Response) =>
    new URL(response.headers.get('location') ?? 'about:blank').searchParams.get('code') ?? '';
  const code = async (query: Query = {}) => codeOf(await logIn(query));

  const token = (form: Query, headers: Record<string, string> = { authorization: basic(client) }) =>
    post('/oauth2/token', form, headers);

  const redeem = (value: string, form: Query = {}) =>
    token({ grant_type: 'authorization_code', code: value, redirect_uri: callback, ...form });

  const refresh = (value: string, form: Query = {}) =>
    token({ grant_type: 'refresh_token', refresh_token: value, ...form });

  const tokens = async (query: Query = {}) => jsonOf(await redeem(await code(query)));

  return {
    get,
    post,
    authorize,
    authorizeQuery,
    logIn,
    codeOf,
    code,
    token,
    redeem,
    refresh,
    tokens,
  };
};

export const jsonOf = async (response: Response): Promise<Record<string, string>> =>
  (await response.json()) as Record<string, string>;

export const claimsOf = (token: string | undefined) =>
  decodeJwt<Record<string, unknown>>(token ?? '');

export const aVerifier = () => {
  const verifier = randomBytes(32).toString('base64url');
  return { verifier, challenge: createHash('sha256').update(verifier).digest('base64url') };
};
