import type { LoopbackRequest, LoopbackResponse } from '../loopback/request.ts';
import { checkAuthorizationRequest, responseLocation } from './authorization-request.ts';
import { goToProvider, namedProvider } from './federation/federation.ts';
import { grantCode } from './grant-code.ts';
import { redirectTo } from './page.ts';
import type { Pool } from './pool.ts';
import { readCookie, sessionCookie } from './sessions.ts';

/**
 * `GET /oauth2/authorize`: to the provider that the request names, to the login page, or straight back when the browser has a session and
 * the request takes it.
 */
export const authorize = async (pool: Pool, asked: LoopbackRequest): Promise<LoopbackResponse> => {
  const { url, headers } = asked;
  const checked = checkAuthorizationRequest(url.searchParams, pool.client);
  if (checked.outcome === 'page') return redirectTo(errorLocation(checked.error, url.searchParams));
  if (checked.outcome === 'redirect') return redirectTo(checked.location);
  const { request } = checked;
  const session = pool.sessions.find(readCookie(headers.cookie, sessionCookie), pool.now());
  if (session && !request.prompt.includes('login'))
    return redirectTo(await grantCode(pool, request, session));
  if (request.prompt.includes('none')) {
    return redirectTo(
      responseLocation(request.redirectUri, { error: 'login_required', state: request.state }),
    );
  }
  const provider = namedProvider(pool, request);
  if (provider?.type === 'OIDC') return goToProvider(pool, request, provider, asked);
  return redirectTo(`/login${url.search}`);
};

/** Where Cognito sends a request that it must not redirect back. */
export const errorLocation = (error: string, query: URLSearchParams): string =>
  `/error?${new URLSearchParams({ error, client_id: query.get('client_id') ?? '' })}`;
