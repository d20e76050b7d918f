import { randomBytes, timingSafeEqual } from 'node:crypto';
import { readCookie, setCookie } from './sessions.ts';

/** The name that Cognito gives its form-forgery cookie. */
const csrfCookie = 'XSRF-TOKEN';

export const newFormToken = (): string => randomBytes(32).toString('base64url');

/** The cookie that goes with a form's token. */
export const formTokenCookie = (token: string): string => setCookie(csrfCookie, token);

/** Whether a form comes from the page that this browser was shown. */
export const isFormToken = (cookies: string | undefined, given: string): boolean => {
  const expected = readCookie(cookies, csrfCookie) ?? '';
  const [a, b] = [Buffer.from(expected), Buffer.from(given)];
  return expected !== '' && a.length === b.length && timingSafeEqual(a, b);
};
