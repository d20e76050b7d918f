import { jsonReply, type LoopbackRequest, type LoopbackResponse } from '../loopback/request.ts';
import type { Pool } from './pool.ts';

/**
 * `/{pool id}/.well-known/openid-configuration`, with the URLs that AWS would name. It says nothing
 * about PKCE, as Cognito's does not.
 */
const openidConfiguration = ({ issuer, hostedDomain }: Pool) => ({
  authorization_endpoint: `${hostedDomain}/oauth2/authorize`,
  end_session_endpoint: `${hostedDomain}/logout`,
  id_token_signing_alg_values_supported: ['RS256'],
  issuer,
  jwks_uri: `${issuer}/.well-known/jwks.json`,
  response_types_supported: ['code', 'token'],
  revocation_endpoint: `${hostedDomain}/oauth2/revoke`,
  scopes_supported: ['openid', 'email', 'phone', 'profile'],
  subject_types_supported: ['public'],
  token_endpoint: `${hostedDomain}/oauth2/token`,
  token_endpoint_auth_methods_supported: ['client_secret_basic', 'client_secret_post'],
  userinfo_endpoint: `${hostedDomain}/oauth2/userInfo`,
});

// Cognito lets a JWKS be cached for a day; our verifier goes by `kid`, not by that.
const cacheable = { 'cache-control': 'public, max-age=86400', 'content-type': 'application/json' };

/** The documents of the issuer's host, or `undefined` for another path. */
export const discovery = (pool: Pool, { url }: LoopbackRequest): LoopbackResponse | undefined => {
  const base = `/${pool.configuration.userPoolId}/.well-known`;
  if (url.pathname === `${base}/jwks.json`) return jsonReply(200, pool.keys.jwks(), cacheable);
  if (url.pathname === `${base}/openid-configuration`)
    return jsonReply(200, openidConfiguration(pool), cacheable);
  return undefined;
};
