import type { LoopbackRequest, LoopbackResponse } from '../loopback/request.ts';
import { checkAuthorizationRequest, readParameters } from './authorization-request.ts';
import { errorLocation } from './authorize.ts';
import { cognitoFigures } from './figures.ts';
import { grantCode } from './grant-code.ts';
import type { LoginStep } from './login-steps.ts';
import { escapeHtml, page, redirectTo } from './page.ts';
import { passwordFault } from './password-policy.ts';
import type { Pool } from './pool.ts';
import { sessionCookie, setCookie } from './sessions.ts';
import type { Person } from './users.ts';

/** Managed login's own paths are not documented. */
export const newPasswordPath = '/changePassword';

const codeField = `<label for="code">Code from the mail</label>
<input id="code" name="code" type="text" inputmode="numeric" autocomplete="one-time-code" required>`;

/** Asks for a new password, and for the code where the old one was reset. */
const newPasswordPage = (
  status: number,
  search: string,
  id: string,
  kind: Exclude<LoginStep['kind'], 'signUpCode'>,
  message?: string,
): LoopbackResponse =>
  page(
    status,
    'Choose a new password',
    `${message === undefined ? '' : `<p role="alert" id="problem">${escapeHtml(message)}</p>`}
<form method="post" action="${newPasswordPath}${escapeHtml(search)}">
<input type="hidden" name="step" value="${escapeHtml(id)}">
${kind === 'resetCode' ? codeField : ''}
<label for="password">New password</label>
<input id="password" name="password" type="password" autocomplete="new-password" required>
<label for="confirmation">New password again</label>
<input id="confirmation" name="confirmation" type="password" autocomplete="new-password" required>
<button type="submit">Change password</button>
</form>
<small>This page stands for Amazon Cognito's managed login on your own computer.</small>`,
  );

/** The page that follows a login whose password is a temporary one, or was reset. */
export const askForNewPassword = (
  pool: Pool,
  { sub, status }: Person,
  search: string,
): LoopbackResponse => {
  const wanted = status === 'RESET_REQUIRED' ? 'resetCode' : 'newPassword';
  const expiresAt = pool.now() + cognitoFigures.loginStepSeconds;
  return newPasswordPage(200, search, pool.steps.begin({ sub, kind: wanted, expiresAt }), wanted);
};

/** `POST /changePassword`, with the parameters of `/oauth2/authorize`. */
export const newPassword = async (
  pool: Pool,
  { url, body }: LoopbackRequest,
): Promise<LoopbackResponse> => {
  const checked = checkAuthorizationRequest(url.searchParams, pool.client);
  if (checked.outcome === 'page') return redirectTo(errorLocation(checked.error, url.searchParams));
  if (checked.outcome === 'redirect') return redirectTo(checked.location);
  const form = readParameters(new URLSearchParams(body)) ?? {};
  const { step: id = '', password = '', confirmation = '', code = '' } = form;
  const step = pool.steps.find(id, pool.now());
  if (step === undefined || step.kind === 'signUpCode') return redirectTo(`/login${url.search}`);
  const { kind, sub } = step;
  const again = (message: string) => newPasswordPage(400, url.search, id, kind, message);
  if (password !== confirmation) return again('The two passwords are not the same.');
  const fault = passwordFault(password, pool.passwordPolicy);
  if (fault !== undefined) return again(fault);
  if (kind === 'resetCode' && !pool.directory.confirmCode(sub, code))
    return again('Invalid verification code provided, please try again.');
  pool.steps.end(id);
  await pool.directory.setPassword(sub, password);
  const session = { sub, authTime: pool.now() };
  return redirectTo(await grantCode(pool, checked.request, session), [
    setCookie(sessionCookie, pool.sessions.start(session)),
  ]);
};
