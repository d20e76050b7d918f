import type { LoopbackRequest, LoopbackResponse } from '../loopback/request.ts';
import { checkAuthorizationRequest, readParameters } from './authorization-request.ts';
import { errorLocation } from './authorize.ts';
import { redirectTo } from './page.ts';
import type { Pool } from './pool.ts';
import { clearCookie, readCookie, sessionCookie } from './sessions.ts';

/**
 * `GET /logout`: ends the browser's session, then goes to a registered `logout_uri` or on to the
 * login page.
 */
export const logout = async (
  pool: Pool,
  { url, headers }: LoopbackRequest,
): Promise<LoopbackResponse> => {
  const parameters = readParameters(url.searchParams);
  const client = pool.client(parameters?.['client_id'] ?? '');
  const logoutUri = parameters?.['logout_uri'];
  const leave = (location: string): LoopbackResponse => {
    pool.sessions.end(readCookie(headers.cookie, sessionCookie));
    return redirectTo(location, [clearCookie(sessionCookie)]);
  };
  if (client && logoutUri !== undefined && client.logoutUrls.includes(logoutUri))
    return leave(logoutUri);
  if (
    logoutUri === undefined &&
    checkAuthorizationRequest(url.searchParams, pool.client).outcome === 'request'
  ) {
    return leave(`/login${url.search}`);
  }
  return redirectTo(errorLocation('invalid_request', url.searchParams));
};
