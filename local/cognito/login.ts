import type { LoopbackRequest, LoopbackResponse } from '../loopback/request.ts';
import {
  type AuthorizationRequest,
  checkAuthorizationRequest,
  readParameters,
} from './authorization-request.ts';
import { errorLocation } from './authorize.ts';
import { providersOf } from './federation/federation.ts';
import type { IdentityProvider, OtherProvider } from './federation/identity-provider.ts';
import { formTokenCookie, isFormToken, newFormToken } from './form-token.ts';
import { grantCode } from './grant-code.ts';
import { askForNewPassword } from './new-password.ts';
import { escapeHtml, page, redirectTo } from './page.ts';
import type { Pool } from './pool.ts';
import { sessionCookie, setCookie } from './sessions.ts';
import { askForConfirmation, offersSignUp, signUpPath } from './sign-up.ts';

interface Attempt {
  readonly search: string;
  readonly username: string;
  readonly message?: string;
  /** Those that the app client offers beside the pool itself. */
  readonly providers: readonly IdentityProvider[];
  /** Whether people log in with a password. */
  readonly hasPasswords: boolean;
  /** Whether they may sign up by themselves. */
  readonly hasSignUp: boolean;
}

/** A provider's button repeats the request, and names the provider. */
const providerForm = ({ name }: IdentityProvider, search: string): string => {
  const parameters = new URLSearchParams(search);
  parameters.set('identity_provider', name);
  const inputs = [...parameters].map(
    ([each, value]) =>
      `<input type="hidden" name="${escapeHtml(each)}" value="${escapeHtml(value)}">`,
  );
  return `<form method="get" action="/oauth2/authorize">
${inputs.join('\n')}
<button type="submit">Continue with ${escapeHtml(name)}</button>
</form>
`;
};

const notReached = ({ name, reason }: OtherProvider): string =>
  `<p>${escapeHtml(name)} is not reached from here: ${escapeHtml(reason)}. The user that this computer has logs in instead.</p>
`;

const passwordForm = (csrf: string, { search, username, message }: Attempt): string => {
  const described = message === undefined ? '' : ' aria-describedby="problem"';
  return `<form method="post" action="/login${escapeHtml(search)}">
<input type="hidden" name="_csrf" value="${csrf}">
<label for="username">Email address</label>
<input id="username" name="username" type="text" inputmode="email" autocomplete="username" autocapitalize="none" spellcheck="false" required
 value="${escapeHtml(username)}"${described}>
<label for="password">Password</label>
<input id="password" name="password" type="password" autocomplete="current-password" required${described}>
<button type="submit">Sign in</button>
</form>
`;
};

/** The form. Its action repeats the query, so the request's parameters outlive a wrong password. */
const loginPage = (status: number, csrf: string, attempt: Attempt): LoopbackResponse => {
  const { search, message, providers, hasPasswords, hasSignUp } = attempt;
  const others = providers.flatMap((each) => (each.type === 'other' ? [each] : []));
  const emulated = providers.filter(({ type }) => type === 'OIDC');
  return page(
    status,
    'Sign in',
    `${message === undefined ? '' : `<p role="alert" id="problem">${escapeHtml(message)}</p>`}
${others.map(notReached).join('')}${hasPasswords || others.length > 0 ? passwordForm(csrf, attempt) : ''}${emulated
  .map((each) => providerForm(each, search))
  .join(
    '',
  )}${hasSignUp ? `<p><a href="${signUpPath}${escapeHtml(search)}">Sign up</a></p>` : ''}<small>This page stands for Amazon Cognito's managed login on your own computer.</small>`,
    { 'set-cookie': [formTokenCookie(csrf)] },
  );
};

/** What the app client offers. */
const offered = (pool: Pool, request: AuthorizationRequest) => ({
  providers: providersOf(pool, request.client),
  hasPasswords: request.client.identityProviders.includes('COGNITO'),
  hasSignUp: offersSignUp(pool, request),
});

const signIn = async (
  pool: Pool,
  request: AuthorizationRequest,
  { url, headers, body }: LoopbackRequest,
): Promise<LoopbackResponse> => {
  const form = readParameters(new URLSearchParams(body));
  const username = form?.['username'] ?? '';
  const again = (message: string) =>
    loginPage(400, newFormToken(), {
      ...offered(pool, request),
      search: url.search,
      username,
      message,
    });
  if (!form || !isFormToken(headers.cookie, form['_csrf'] ?? ''))
    return again('This page was open for too long. Please try again.');
  const person = await pool.directory.signIn(username.trim(), form['password'] ?? '');
  // One message for both, so that nobody learns who has an account (PreventUserExistenceErrors).
  if (!person) return again('Incorrect username or password.');
  const days = pool.passwordPolicy.TemporaryPasswordValidityDays;
  if (person.status === 'FORCE_CHANGE_PASSWORD' && pool.now() > person.since + days * 24 * 3600)
    return again('Temporary password has expired and must be reset by an administrator.');
  if (person.status === 'UNCONFIRMED') return askForConfirmation(pool, person, url.search);
  if (person.status !== 'CONFIRMED') return askForNewPassword(pool, person, url.search);
  const session = { sub: person.sub, authTime: pool.now() };
  // A new session even when there was one: "Amazon Cognito assigns them a new session cookie".
  return redirectTo(await grantCode(pool, request, session), [
    setCookie(sessionCookie, pool.sessions.start(session)),
  ]);
};

/**
 * `GET` and `POST /login`, with the parameters of `/oauth2/authorize`, which are checked each time.
 */
export const login = async (pool: Pool, request: LoopbackRequest): Promise<LoopbackResponse> => {
  const checked = checkAuthorizationRequest(request.url.searchParams, pool.client);
  if (checked.outcome === 'page')
    return redirectTo(errorLocation(checked.error, request.url.searchParams));
  if (checked.outcome === 'redirect') return redirectTo(checked.location);
  if (request.method === 'POST') return signIn(pool, checked.request, request);
  return loginPage(200, newFormToken(), {
    ...offered(pool, checked.request),
    search: request.url.search,
    username: checked.request.loginHint ?? '',
  });
};
