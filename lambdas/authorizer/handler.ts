import { accessTokenVerifier } from '../access-token/verifier.ts';
import { readConfiguration } from '../configuration/read.ts';
import type { RequiredScopes } from '../mcp/manifest/manifest.ts';
import { authorizer } from './authorizer.ts';
import { authorizerSettings } from './settings.ts';

/**
 * What the definitions in lambdas/mcp ask for. The bundler puts it here: the authorizer loads no
 * tool.
 */
declare const REQUIRED_SCOPES: RequiredScopes;

const settings = readConfiguration(authorizerSettings, process.env);

export const handler = authorizer({
  settings,
  authenticate: accessTokenVerifier(settings),
  requiredScopes: REQUIRED_SCOPES,
});
