import { randomUUID } from 'node:crypto';
import type { LoopbackRequest, LoopbackResponse } from '../loopback/request.ts';
import type { AppClient } from './app-client.ts';
import {
  type AuthorizationRequest,
  checkAuthorizationRequest,
  readParameters,
} from './authorization-request.ts';
import { errorLocation } from './authorize.ts';
import { preSignUpEvent } from './federation/pre-sign-up.ts';
import { cognitoFigures } from './figures.ts';
import { formTokenCookie, isFormToken, newFormToken } from './form-token.ts';
import { grantCode } from './grant-code.ts';
import { confirmationMail } from './mail.ts';
import { escapeHtml, page, redirectTo } from './page.ts';
import { passwordFault } from './password-policy.ts';
import type { Pool } from './pool.ts';
import { sessionCookie, setCookie } from './sessions.ts';
import type { Person } from './users.ts';

export const signUpPath = '/signup';
/** Managed login's own path of the page that asks for the code is not documented. */
export const confirmPath = '/confirmUser';

/** Whether an app client's login page offers it. */
export const offersSignUp = (pool: Pool, { client }: AuthorizationRequest): boolean =>
  pool.configuration.selfSignUp === true && client.identityProviders.includes('COGNITO');

const standsFor =
  "<small>This page stands for Amazon Cognito's managed login on your own computer.</small>";

const alert = (message: string | undefined): string =>
  message === undefined ? '' : `<p role="alert" id="problem">${escapeHtml(message)}</p>`;

const signUpPage = (
  status: number,
  search: string,
  email: string,
  message?: string,
): LoopbackResponse => {
  const token = newFormToken();
  return page(
    status,
    'Sign up',
    `${alert(message)}
<form method="post" action="${signUpPath}${escapeHtml(search)}">
<input type="hidden" name="_csrf" value="${token}">
<label for="email">Email address</label>
<input id="email" name="email" type="email" autocomplete="email" required value="${escapeHtml(email)}">
<label for="password">Password</label>
<input id="password" name="password" type="password" autocomplete="new-password" required>
<label for="confirmation">Password again</label>
<input id="confirmation" name="confirmation" type="password" autocomplete="new-password" required>
<button type="submit">Sign up</button>
</form>
<p><a href="/login${escapeHtml(search)}">Sign in instead</a></p>
${standsFor}`,
    { 'set-cookie': [formTokenCookie(token)] },
  );
};

const confirmPage = (
  status: number,
  search: string,
  step: string,
  message?: string,
): LoopbackResponse =>
  page(
    status,
    'Confirm your address',
    `${alert(message)}
<p>A code was sent to your address. Here it is printed where the local runtime runs.</p>
<form method="post" action="${confirmPath}${escapeHtml(search)}">
<input type="hidden" name="step" value="${escapeHtml(step)}">
<label for="code">Code from the mail</label>
<input id="code" name="code" type="text" inputmode="numeric" autocomplete="one-time-code" required>
<button type="submit">Confirm</button>
</form>
${standsFor}`,
  );

/** Sends a code to somebody who has not confirmed their address, and asks for it. */
export const askForConfirmation = (
  pool: Pool,
  { sub, email }: Person,
  search: string,
): LoopbackResponse => {
  pool.sendMail(confirmationMail(email, pool.directory.newCode(sub)));
  const expiresAt = pool.now() + cognitoFigures.loginStepSeconds;
  return confirmPage(200, search, pool.steps.begin({ sub, kind: 'signUpCode', expiresAt }));
};

type Handle = (
  pool: Pool,
  checked: AuthorizationRequest,
  request: LoopbackRequest,
) => Promise<LoopbackResponse>;

/** With the parameters of `/oauth2/authorize`, which are checked each time. */
const withRequest =
  (handle: Handle) =>
  async (pool: Pool, request: LoopbackRequest): Promise<LoopbackResponse> => {
    const { searchParams, search } = request.url;
    const checked = checkAuthorizationRequest(searchParams, pool.client);
    if (checked.outcome === 'page') return redirectTo(errorLocation(checked.error, searchParams));
    if (checked.outcome === 'redirect') return redirectTo(checked.location);
    if (!offersSignUp(pool, checked.request)) return redirectTo(`/login${search}`);
    return handle(pool, checked.request, request);
  };

/** `GET` and `POST /signup`. */
export const signUp = withRequest(async (pool, { client }, { method, url, headers, body }) => {
  if (method === 'GET') return signUpPage(200, url.search, '');
  const form = readParameters(new URLSearchParams(body)) ?? {};
  const { email: typed = '', password = '', confirmation = '', _csrf: token = '' } = form;
  const email = typed.trim();
  const again = (message: string) => signUpPage(400, url.search, email, message);
  if (!isFormToken(headers.cookie, token))
    return again('This page was open for too long. Please try again.');
  if (password !== confirmation) return again('The two passwords are not the same.');
  const fault = passwordFault(password, pool.passwordPolicy);
  if (fault !== undefined) return again(fault);
  if (!/^[^\s@]+@[^\s@]+$/.test(email)) return again('Invalid email address format.');
  if (pool.directory.byEmail(email) !== undefined)
    return again('An account with the given email already exists.');
  const refused = await refusedBy(pool, client, email);
  if (refused !== undefined) return again(`PreSignUp failed with error ${refused}`);
  const person = await pool.directory.signUp(email, password);
  return askForConfirmation(pool, person, url.search);
});

/** What the trigger says against somebody; undefined where it says nothing. */
const refusedBy = async (
  pool: Pool,
  client: AppClient,
  email: string,
): Promise<string | undefined> => {
  const { preSignUp } = pool.configuration;
  if (preSignUp === undefined) return undefined;
  try {
    // The user name is made by Cognito, and of no consequence here.
    const event = preSignUpEvent(
      pool.configuration,
      client,
      randomUUID(),
      { email },
      'PreSignUp_SignUp',
    );
    await preSignUp(event);
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : 'unknown';
  }
};

/** `POST /confirmUser`: the address is verified, and the person is logged in. */
export const confirmSignUp = withRequest(async (pool, request, { url, body }) => {
  const { step: id = '', code = '' } = readParameters(new URLSearchParams(body)) ?? {};
  const step = pool.steps.find(id, pool.now());
  if (step?.kind !== 'signUpCode') return redirectTo(`/login${url.search}`);
  if (!pool.directory.confirmCode(step.sub, code))
    return confirmPage(
      400,
      url.search,
      id,
      'Invalid verification code provided, please try again.',
    );
  pool.steps.end(id);
  pool.directory.confirmSignUp(step.sub);
  const session = { sub: step.sub, authTime: pool.now() };
  return redirectTo(await grantCode(pool, request, session), [
    setCookie(sessionCookie, pool.sessions.start(session)),
  ]);
});
