import { jsonResponse, type LoopbackRequest, type LoopbackResponse } from '../loopback/request.ts';
import type { Pool } from './pool.ts';

// Cognito lets a JWKS be cached for a day; our verifier goes by `kid`, not by that.
const cacheable = { 'cache-control': 'public, max-age=86400', 'content-type': 'application/json' };

/** The signing keys' public halves, at the issuer's host; 404 for another path. */
export const jwks = (pool: Pool): LoopbackResponse =>
  jsonResponse(200, pool.keys.jwks(), cacheable);

export const isJwksPath = (pool: Pool, { url }: LoopbackRequest): boolean =>
  url.pathname === `/${pool.configuration.userPoolId}/.well-known/jwks.json`;
