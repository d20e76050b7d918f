import type { LoopbackRequest, LoopbackResponse } from '../loopback/request.ts';
import { authenticateClient } from './client-authentication.ts';
import type { Pool } from './pool.ts';
import { oauthError, readForm } from './token.ts';

/** Three base64url parts: an access or ID token, which `/oauth2/revoke` does not take. */
const isJwt = (token: string): boolean => /^[\w-]+\.[\w-]+\.[\w-]+$/.test(token);

/**
 * `POST /oauth2/revoke`.
 * https://docs.aws.amazon.com/cognito/latest/developerguide/revocation-endpoint.html
 */
export const revoke = async (pool: Pool, request: LoopbackRequest): Promise<LoopbackResponse> => {
  const form = readForm(request);
  const token = form?.['token'];
  if (!form || token === undefined) return oauthError('invalid_request');
  const client = authenticateClient(pool, request, form);
  if (!client) return oauthError('invalid_client', undefined, 401);
  if (!client.tokenRevocation) return oauthError('invalid_request');
  if (isJwt(token)) return oauthError('unsupported_token_type');
  // A token that is unknown or already revoked is answered like one that is revoked now.
  if (pool.grants.findRefreshToken(token)?.clientId === client.clientId) pool.grants.revoke(token);
  return { status: 200, headers: { 'cache-control': 'no-store' } };
};
