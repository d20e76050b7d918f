import { lifetimes } from '../../policy/lifetimes.ts';
import { epochSeconds } from '../aws/table.ts';
import { ForeignTransaction } from '../errors/errors.ts';
import { hashOf, newSecret } from '../oauth/secret.ts';
import type { AuthorizationRequest } from './authorization-request.ts';
import { readCookie, setCookie } from './cookie.ts';

/** The hidden fields of a consent form, and the cookie that it comes back with. */
export interface ConsentForm {
  readonly fields: Readonly<Record<string, string>>;
  readonly cookie: string;
}

/**
 * The form repeats the request in canonical form; `/consent` checks all of it again, as nothing is
 * stored before the approval. `shown` is when, in epoch seconds.
 */
export const newForm = (request: AuthorizationRequest, now: Date): ConsentForm => {
  const csrf = newSecret();
  const fields = {
    client_id: request.client.id,
    redirect_uri: request.redirectUri,
    response_type: 'code',
    code_challenge: request.codeChallenge,
    code_challenge_method: 'S256',
    scope: request.scopes.join(' '),
    ...(request.state !== undefined && { state: request.state }),
    ...(request.prompts.length > 0 && { prompt: request.prompts.join(' ') }),
    ...(request.loginHint !== undefined && { login_hint: request.loginHint }),
    shown: String(epochSeconds(now)),
  };
  return {
    fields: { ...fields, csrf },
    cookie: formCookie(csrf, formHash(csrf, fields)),
  };
};

const formCookie = (csrf: string, value: string): string =>
  setCookie('consent', hashOf(csrf), value, lifetimes.transactionSeconds);

/** Ties the cookie to the token and all that the page showed: no other contents can be posted. */
const formHash = (csrf: string, fields: Readonly<Record<string, string>>): string =>
  hashOf(csrf, ...Object.entries(fields).flat()).slice(0, 32);

/** A form that was answered: by an approval some seconds ago it may be posted again. */
const spent = 'spent';

/** The cookie of a form that was denied. */
export const deniedForm = (csrf: string): string => formCookie(csrf, spent);

/** The cookie of a form that was approved. */
export const approvedForm = (
  csrf: string,
  fields: Readonly<Record<string, string>>,
  now: Date,
): string => formCookie(csrf, `${formHash(csrf, fields)}-${epochSeconds(now)}`);

/**
 * Whether this browser was shown this form, on this site, and has not answered it yet (OAUTH-9).
 * @throws ForeignTransaction, in words for the person who sits there
 */
export const requireOwnForm = (
  csrf: string,
  fields: Readonly<Record<string, string>>,
  cookies: string | undefined,
  now: Date,
): void => {
  const cookie = readCookie(cookies, 'consent', hashOf(csrf));
  const age = epochSeconds(now) - Number(fields['shown']);
  // The instance that showed it may be ahead of this one's clock: the hash says that it is ours.
  const isOpen = age <= lifetimes.transactionSeconds;
  if (!cookie) throw withoutCookie(csrf !== '' && isOpen);
  const [hash, approvedAt] = cookie.split('-');
  if (hash === spent) throw answeredBefore();
  if (hash !== formHash(csrf, fields))
    throw new ForeignTransaction({
      detail: 'a consent form with other contents',
      fix: openTooLong,
    });
  if (!isOpen)
    throw new ForeignTransaction({
      detail: 'a consent form that was open too long',
      fix: openTooLong,
    });
  if (
    approvedAt !== undefined &&
    epochSeconds(now) - Number(approvedAt) > lifetimes.doubleClickSeconds
  )
    throw answeredBefore();
};

const openTooLong =
  'The page may have been open for too long. Go back to your app and connect again, in this browser.';

/** A page that is not old lost its cookie: the browser keeps none, or another one opened it. */
const withoutCookie = (isOpen: boolean): ForeignTransaction =>
  isOpen
    ? new ForeignTransaction({
        message: 'Your browser did not send back the cookie that this page set.',
        detail: 'a consent form without its cookie, though the page is not old',
        fix: 'Allow cookies for this site (they are needed until you are signed in), then go back to your app and connect again, in this browser.',
      })
    : new ForeignTransaction({ detail: 'a consent form without its cookie', fix: openTooLong });

const answeredBefore = (): ForeignTransaction =>
  new ForeignTransaction({
    message: 'You have answered this page already.',
    detail: 'a consent form that was answered before',
    fix: 'The app has heard of it. To decide anew, go back to your app and connect again.',
  });
