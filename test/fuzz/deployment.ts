import { randomBytes } from 'node:crypto';
import { exportJWK, generateKeyPair, SignJWT } from 'jose';
import { parseJwks } from '../../lambdas/access-token/jwks.ts';
import { signingKeys } from '../../lambdas/access-token/signing-keys.ts';
import { expectationOf, verifierOf } from '../../lambdas/access-token/verifier.ts';
import { authorization } from '../../lambdas/authorization/authorization.ts';
import { authorizer } from '../../lambdas/authorizer/authorizer.ts';
import type { Table } from '../../lambdas/aws/table.ts';
import { health } from '../../lambdas/health/health.ts';
import type { Network } from '../../lambdas/http/public-fetch.ts';
import { streamed } from '../../lambdas/http/streamed.ts';
import { describe as manifest } from '../../lambdas/mcp/manifest/manifest.ts';
import { limitedCalls } from '../../lambdas/mcp/protocol/called-tools.ts';
import { dispatcher } from '../../lambdas/mcp/protocol/dispatch.ts';
import { metadata } from '../../lambdas/metadata/metadata.ts';
import { secured } from '../../lambdas/middleware/secured.ts';
import { tableRegistry } from '../../lambdas/oauth/table-registry.ts';
import { registration } from '../../lambdas/registration/registration.ts';
import { token } from '../../lambdas/token/token.ts';
import { userLimiter } from '../../lambdas/user-limit/user-limit.ts';
import { clientProfiles } from '../../policy/clients.ts';
import type { Endpoint } from '../../policy/endpoints.ts';
import {
  add,
  asking,
  bytes,
  echo,
  failing,
  greet,
  note,
  page,
  regional,
} from '../lambdas/mcp/fixtures.ts';
import { memoryTable } from '../lambdas/oauth/memory-table.ts';
import { defaultLimits } from '../lambdas/user-limit/limits.ts';

export const issuer = 'https://mcp.example.com';

const noNetwork: Network = {
  resolve: () => Promise.reject(new Error('there is no name server')),
  get: () => Promise.reject(new Error('there is no network')),
};

/** Counts nothing, so that no request is refused for those before it. */
const limitless: Pick<Table, 'update'> = { update: async ({ pk }) => ({ pk }) };

/**
 * Every function as it is deployed, on a table in memory and keys of its own: only what lies behind
 * AWS's doors is another.
 */
export const deployment = async () => {
  const table = memoryTable();
  const settings = {
    ENVIRONMENT: 'production' as const,
    ALLOWED_ORIGINS: ['https://claude.ai'],
    TRUSTED_PROXY_HEADER: undefined,
    LOG_SENSITIVE_DATA: false,
    ISSUER_URL: issuer,
    RESOURCE_URL: `${issuer}/mcp`,
    BRAND: null,
    CLIENT_PROFILES: clientProfiles,
    COGNITO_CLIENT_ID: { claude: 'appclaude', julius: 'appjulius', loopback: 'apploopback' },
    USAGE_PLAN_KEYS: {
      claude: ['a'.repeat(20)],
      julius: ['b'.repeat(20)],
      loopback: ['c'.repeat(20)],
    },
    USAGE_PLAN_SHARE_KEY: randomBytes(24).toString('hex'),
    // Nobody listens there, and no request may get that far.
    COGNITO_DOMAIN: 'http://127.0.0.1:1',
    TABLE_NAME: 'table',
    AWS_REGION: 'eu-west-1',
    COGNITO_USER_POOL_ID: 'eu-west-1_AbCdEf123',
    COGNITO_REGION: 'eu-west-1',
  };
  const expectation = expectationOf(settings);
  const { publicKey, privateKey } = await generateKeyPair('RS256', { extractable: true });
  const keys = parseJwks({
    keys: [{ ...(await exportJWK(publicKey)), kid: 'key-1', alg: 'RS256', use: 'sig' }],
  });
  const authenticate = verifierOf(
    expectation,
    signingKeys(async () => keys),
  );
  const mint = (claims: Readonly<Record<string, unknown>> = {}): Promise<string> =>
    new SignJWT({
      iss: expectation.issuer,
      token_use: 'access',
      client_id: 'appclaude',
      aud: settings.RESOURCE_URL,
      sub: 'subject-1',
      username: 'user',
      scope: 'gatehouse/tools.read gatehouse/tools.call',
      iat: Math.floor(Date.now() / 1000),
      exp: Math.floor(Date.now() / 1000) + 900,
      ...claims,
    })
      .setProtectedHeader({ alg: 'RS256', kid: 'key-1' })
      .sign(privateKey);

  const registry = tableRegistry(table, clientProfiles, noNetwork);
  const secret = randomBytes(24).toString('hex');
  const appClients = new Map(
    Object.entries(settings.COGNITO_CLIENT_ID).map(([profile, id]) => [
      profile,
      { profile, id, secrets: async () => [secret] as const },
    ]),
  );
  const definitions = {
    tools: [add, echo, regional, failing, asking],
    prompts: [greet],
    resources: [note, bytes, page],
  };
  const { catalogue, access, requiredScopes, identity } = manifest(definitions);
  return {
    mint,
    /** Lets go of what requests have stored. */
    forget: () => {
      table.items.clear();
      table.accesses.length = 0;
    },
    authorizer: authorizer({
      settings,
      authenticate,
      definitions: { scopes: requiredScopes, access },
    }),
    functions: {
      metadata: secured({ settings, endpoint: 'protected-resource' }, metadata(settings, identity)),
      registration: secured(
        { settings, endpoint: 'register' },
        registration(settings.CLIENT_PROFILES, registry),
      ),
      authorization: secured(
        { endpoint: 'consent', settings },
        authorization(settings, table, registry),
      ),
      token: secured(
        { settings, endpoint: 'token' },
        token({
          machines: new Map(),
          settings,
          table,
          registry,
          appClients,
          authenticate,
        }),
      ),
      mcp: streamed(
        secured(
          {
            settings,
            endpoint: 'mcp',
            authenticate,
            streams: true,
            limitUser: userLimiter({ ...table, ...limitless }, defaultLimits),
            limitedTools: limitedCalls({ whoami: { perMinute: 5 } }, access),
          },
          dispatcher(definitions, catalogue, access, { hashKey: 'fuzz' }),
        ),
      ),
      health: secured({ settings, endpoint: 'health' }, health(settings.ENVIRONMENT, [])),
    } satisfies Record<Endpoint['function'], unknown>,
  };
};
