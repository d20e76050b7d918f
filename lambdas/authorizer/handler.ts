import { accessTokenVerifier, keysOfPool } from '../access-token/verifier.ts';
import { readConfiguration } from '../configuration/read.ts';
import { keptWarm } from '../http/keep-warm.ts';
import type { AccessTable } from '../mcp/manifest/access.ts';
import type { RequiredScopes } from '../mcp/manifest/manifest.ts';
import { authorizer } from './authorizer.ts';
import { authorizerSettings } from './settings.ts';
import { withoutUnauthorized } from './unauthorized.ts';

/**
 * What the definitions in lambdas/mcp ask for, in JSON. The bundler puts it here: the authorizer
 * loads no tool.
 */
declare const REQUIRED_SCOPES: string;
/** Who may use them. */
declare const ACCESS: string;

const scopes: RequiredScopes = JSON.parse(REQUIRED_SCOPES);
const access: AccessTable = JSON.parse(ACCESS);

const settings = readConfiguration(authorizerSettings, process.env);

// The runtime looks it up at each error.
// biome-ignore lint/suspicious/noConsole: it is replaced, not written to.
console.error = withoutUnauthorized(console.error);

const keys = keysOfPool(settings);

export const handler = keptWarm(
  authorizer({
    settings,
    authenticate: accessTokenVerifier(settings, keys),
    definitions: { scopes, access },
  }),
  () => keys.prepare(new Date()),
);
