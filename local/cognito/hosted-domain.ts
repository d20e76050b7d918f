import type { LoopbackRequest, LoopbackResponse } from '../loopback/request.ts';
import { authorize } from './authorize.ts';
import { providerResponse, providerResponsePath } from './federation/federation.ts';
import { login } from './login.ts';
import { newPassword, newPasswordPath } from './new-password.ts';
import { errorPage } from './page.ts';
import type { Pool } from './pool.ts';
import { revoke } from './revoke.ts';
import { confirmPath, confirmSignUp, signUp, signUpPath } from './sign-up.ts';
import { token } from './token.ts';

interface Endpoint {
  /** For the counts. */
  readonly name: string;
  readonly methods: readonly string[];
  readonly answer: (pool: Pool, request: LoopbackRequest) => Promise<LoopbackResponse>;
}

const endpoints: Readonly<Record<string, Endpoint>> = {
  '/oauth2/authorize': { name: 'Authorize', methods: ['GET'], answer: authorize },
  [providerResponsePath]: {
    name: 'ProviderResponse',
    methods: ['GET'],
    answer: providerResponse,
  },
  '/login': { name: 'Login', methods: ['GET', 'POST'], answer: login },
  [newPasswordPath]: { name: 'NewPassword', methods: ['POST'], answer: newPassword },
  [signUpPath]: { name: 'SignUp', methods: ['GET', 'POST'], answer: signUp },
  [confirmPath]: { name: 'ConfirmSignUp', methods: ['POST'], answer: confirmSignUp },
  '/oauth2/token': { name: 'Token', methods: ['POST'], answer: token },
  '/oauth2/revoke': { name: 'Revoke', methods: ['POST'], answer: revoke },
  '/error': {
    name: 'Error',
    methods: ['GET'],
    answer: async (_pool, { url }) => errorPage(url.searchParams.get('error') ?? ''),
  },
};

const endpointOf = (pathname: string): Endpoint | undefined =>
  Object.hasOwn(endpoints, pathname) ? endpoints[pathname] : undefined;

export const hostedDomainEndpointName = ({ url }: LoopbackRequest): string | undefined =>
  endpointOf(url.pathname)?.name;

/**
 * The hosted domain. Logout, userInfo and the other pages of managed login are not there: Gatehouse
 * calls none of them.
 */
export const hostedDomain = async (
  pool: Pool,
  request: LoopbackRequest,
): Promise<LoopbackResponse> => {
  const endpoint = endpointOf(request.url.pathname);
  if (!endpoint) return { status: 404 };
  if (!endpoint.methods.includes(request.method))
    return { status: 405, headers: { allow: endpoint.methods.join(', ') } };
  return endpoint.answer(pool, request);
};
