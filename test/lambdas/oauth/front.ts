import { AsyncLocalStorage } from 'node:async_hooks';
import { createHash, randomBytes } from 'node:crypto';
import type { APIGatewayProxyEvent, Context } from 'aws-lambda';
import { authorization } from '../../../lambdas/authorization/authorization.ts';
import type { DeployedProfile } from '../../../lambdas/configuration/json-fields.ts';
import { InvalidToken } from '../../../lambdas/errors/errors.ts';
import type { Network } from '../../../lambdas/http/public-fetch.ts';
import { secured } from '../../../lambdas/middleware/secured.ts';
import { tableRegistry } from '../../../lambdas/oauth/table-registry.ts';
import { registration } from '../../../lambdas/registration/registration.ts';
import { token } from '../../../lambdas/token/token.ts';
import { clientProfiles } from '../../../policy/clients.ts';
import type { Machine } from '../../../policy/machines.ts';
import type { PageBrand } from '../../../policy/pages.ts';
import type { FakeCognito } from './fake-cognito.ts';
import { memoryTable } from './memory-table.ts';

export const issuer = 'https://mcp.example.com';
export const resource = `${issuer}/mcp`;

export interface ReceivedResponse {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly cookies: readonly string[];
  readonly body: string;
  /** Security events that were logged, in order (LOG-4). */
  readonly events: readonly string[];
  /** The log, line by line. */
  readonly log: string;
  /** Table accesses of this step. */
  readonly accesses: readonly string[];
}

export interface Call {
  readonly query?: Readonly<Record<string, string>> | URLSearchParams;
  readonly form?: Readonly<Record<string, string>> | URLSearchParams;
  readonly json?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

const noNetwork: Network = {
  resolve: async () => {
    throw new Error('no name server in this test');
  },
  get: async () => {
    throw new Error('no network in this test');
  },
};

const context: Partial<Context> = {
  awsRequestId: 'aws-request',
  getRemainingTimeInMillis: () => 20_000,
  functionName: 'test',
};

const event = (
  method: string,
  path: string,
  { query, form, json, headers = {} }: Call,
): APIGatewayProxyEvent => {
  const pairs = [...new URLSearchParams(query)];
  const multi: Record<string, string[]> = {};
  for (const [name, value] of pairs) multi[name] = [...(multi[name] ?? []), value];
  const jsonBody = json === undefined ? null : JSON.stringify(json);
  const body = form ? new URLSearchParams(form).toString() : jsonBody;
  const type = form ? 'application/x-www-form-urlencoded' : 'application/json';
  const all: Record<string, string> = {
    ...(body !== null && { 'content-type': type }),
    ...headers,
  };
  return {
    httpMethod: method,
    path,
    resource: path,
    headers: all,
    multiValueHeaders: Object.fromEntries(
      Object.entries(all).map(([name, value]) => [name, [value]]),
    ),
    queryStringParameters: pairs.length > 0 ? Object.fromEntries(pairs) : null,
    multiValueQueryStringParameters: pairs.length > 0 ? multi : null,
    pathParameters: null,
    stageVariables: null,
    body,
    isBase64Encoded: false,
    requestContext: {
      requestId: 'request-1',
      resourcePath: path,
      identity: { sourceIp: '192.0.2.7' },
    },
  } as unknown as APIGatewayProxyEvent;
};

/** Takes the tokens that the emulated Cognito gives, which have no signature worth checking. */
const authenticate = async (authorization: string | undefined) => {
  const [, payload = '', signature] = authorization?.split('.') ?? [];
  if (signature !== 'signature') throw new InvalidToken();
  const claims = JSON.parse(Buffer.from(payload, 'base64url').toString('utf8'));
  const { sub, origin_jti: session } = claims;
  return { sub, session, username: sub, scopes: [], clientId: 'apploopback', profile: 'loopback' };
};

const written = new AsyncLocalStorage<string[]>();
const streams = [process.stdout, process.stderr].map((stream) => ({ stream, write: stream.write }));
let running = 0;

/** Runs a step with what it writes in `lines`; steps at the same moment keep theirs apart. */
const capturing = async <Result>(lines: string[], run: () => Promise<Result>): Promise<Result> => {
  running += 1;
  for (const { stream } of streams)
    stream.write = (chunk: string | Uint8Array) =>
      (written.getStore() ?? []).push(String(chunk)) > 0;
  try {
    return await written.run(lines, run);
  } finally {
    running -= 1;
    if (running === 0) for (const { stream, write } of streams) stream.write = write;
  }
};

/**
 * The OAuth functions behind the real security stack, on a table in memory, with a clock that tests
 * move.
 */
export const front = ({
  cognito,
  network = noNetwork,
  machines = new Map(),
  profiles = clientProfiles,
  brand = null,
}: {
  readonly cognito?: FakeCognito;
  readonly network?: Network;
  readonly machines?: ReadonlyMap<string, Machine>;
  readonly profiles?: readonly DeployedProfile[];
  readonly brand?: PageBrand | null;
} = {}) => {
  const table = memoryTable();
  const clock = { now: new Date('2026-11-24T12:00:00Z') };
  const settings = {
    ENVIRONMENT: 'production' as const,
    ALLOWED_ORIGINS: ['https://claude.ai'],
    TRUSTED_PROXY_HEADER: undefined,
    LOG_SENSITIVE_DATA: false,
    ISSUER_URL: issuer,
    RESOURCE_URL: resource,
    CLIENT_PROFILES: profiles,
    BRAND: brand,
    COGNITO_CLIENT_ID: { claude: 'appclaude', julius: 'appjulius', loopback: 'apploopback' },
    COGNITO_DOMAIN: cognito?.url ?? 'https://gatehouse.auth.eu-west-1.amazoncognito.com',
    LOGIN_DOMAINS: ['example.com'],
    TABLE_NAME: 'table',
    AWS_REGION: 'eu-west-1',
  };
  const registry = tableRegistry(table, settings.CLIENT_PROFILES, network);
  const secrets = new Map<string, [string, ...string[]]>(
    Object.keys(settings.COGNITO_CLIENT_ID).map((name) => [
      name,
      [randomBytes(24).toString('hex')],
    ]),
  );
  const services = {
    authenticate,
    machines,
    settings,
    table,
    registry,
    appClients: new Map(
      Object.entries(settings.COGNITO_CLIENT_ID).map(([profile, id]) => [
        profile,
        { profile, id, secrets: async () => secrets.get(profile) ?? (['none'] as const) },
      ]),
    ),
  };
  const stack = { settings, clock: () => clock.now };
  const pages = secured(
    {
      ...stack,
      endpoint: 'consent',
      brand,
    },
    authorization(settings, table, registry),
  );
  const tokens = secured(
    {
      ...stack,
      endpoint: 'token',
    },
    token(services),
  );
  const register = secured(
    {
      ...stack,
      endpoint: 'register',
    },
    registration(settings.CLIENT_PROFILES, registry),
  );

  const call = async (
    handler: typeof pages,
    method: string,
    path: string,
    what: Call,
  ): Promise<ReceivedResponse> => {
    const lines: string[] = [];
    table.accesses.length = 0;
    const response = (await capturing(lines, async () =>
      handler(event(method, path, what), context as Context, {} as never),
    )) as unknown as {
      statusCode: number;
      headers: Record<string, string>;
      multiValueHeaders?: Record<string, string[]>;
      body: string;
    };
    return {
      status: response.statusCode,
      headers: response.headers,
      cookies: response.multiValueHeaders?.['set-cookie'] ?? [],
      body: response.body,
      events: lines.flatMap((line) => /"event":"(\w+)"/.exec(line)?.[1] ?? []),
      log: lines.join(''),
      accesses: [...table.accesses],
    };
  };

  return {
    table,
    clock,
    secrets,
    cognitoAt: (url: string) => {
      settings.COGNITO_DOMAIN = url;
    },
    later: (seconds: number) => {
      clock.now = new Date(clock.now.getTime() + seconds * 1000);
    },
    register: (json: unknown, more: Call = {}) =>
      call(register, 'POST', '/register', { json, ...more }),
    authorize: (query: NonNullable<Call['query']>, more: Call = {}) =>
      call(pages, 'GET', '/authorize', { query, ...more }),
    consent: (form: NonNullable<Call['form']>, more: Call = {}) =>
      call(pages, 'POST', '/consent', { form, ...more }),
    callback: (query: NonNullable<Call['query']>, more: Call = {}) =>
      call(pages, 'GET', '/callback', { query, ...more }),
    token: (form: NonNullable<Call['form']>, more: Call = {}) =>
      call(tokens, 'POST', '/token', { form, ...more }),
    revoke: (form: NonNullable<Call['form']>, more: Call = {}) =>
      call(tokens, 'POST', '/revoke', { form, ...more }),
  };
};

export type Front = ReturnType<typeof front>;

export const verifier = randomBytes(32).toString('base64url');
export const challenge = createHash('sha256').update(verifier).digest('base64url');

/** The `Cookie` header of a browser that was given these. */
export const cookieHeader = (...given: readonly (readonly string[])[]): { cookie: string } => ({
  cookie: given
    .flat()
    .map((cookie) => cookie.split(';')[0])
    .join('; '),
});

/** The hidden fields of the consent page. */
export const formOf = (html: string): Record<string, string> =>
  Object.fromEntries(
    [...html.matchAll(/<input type="hidden" name="([^"]+)" value="([^"]*)">/g)].map(
      ([, name = '', value = '']) => [
        name,
        value.replace(/&#(\d+);/g, (_, code) => String.fromCodePoint(Number(code))),
      ],
    ),
  );

/** Where a page goes on to by itself. */
export const refreshOf = (html: string): URL =>
  new URL(
    (/http-equiv="refresh" content="0; url=([^"]*)"/.exec(html)?.[1] ?? '').replace(
      /&#(\d+);/g,
      (_, code) => String.fromCodePoint(Number(code)),
    ),
  );

export const claudeRedirect = 'https://claude.ai/api/mcp/auth_callback';
export const localRedirect = 'http://localhost:33418/callback';

export const registerClient = async (
  gatehouse: Front,
  redirectUri: string,
  name = 'An app',
): Promise<string> =>
  JSON.parse((await gatehouse.register({ client_name: name, redirect_uris: [redirectUri] })).body)
    .client_id;

export const requestFor = (
  clientId: string,
  redirectUri: string,
  more: Readonly<Record<string, string>> = {},
) => ({
  client_id: clientId,
  redirect_uri: redirectUri,
  response_type: 'code',
  code_challenge: challenge,
  code_challenge_method: 'S256',
  state: 'client-state',
  scope: 'gatehouse/tools.read gatehouse/tools.call',
  resource,
  ...more,
});

/** A login up to the client's own code, as a browser does it. */
export const logIn = async (
  gatehouse: Front,
  clientId: string,
  redirectUri: string,
  more: Readonly<Record<string, string>> = {},
) => {
  const consent = await gatehouse.authorize(requestFor(clientId, redirectUri, more));
  const approved = await gatehouse.consent(
    { ...formOf(consent.body), decision: 'approve' },
    { headers: cookieHeader(consent.cookies) },
  );
  const upstream = refreshOf(approved.body);
  const state = upstream.searchParams.get('state') ?? '';
  const called = await gatehouse.callback(
    { code: 'cognito-code', state },
    { headers: cookieHeader(approved.cookies) },
  );
  const location = new URL(called.headers['location'] ?? '');
  return {
    consent,
    approved,
    upstream,
    state,
    called,
    location,
    code: location.searchParams.get('code') ?? '',
  };
};

export const redemption = (
  clientId: string,
  redirectUri: string,
  code: string,
  more: Readonly<Record<string, string>> = {},
) => ({
  grant_type: 'authorization_code',
  client_id: clientId,
  redirect_uri: redirectUri,
  code,
  code_verifier: verifier,
  ...more,
});
