import type { AuthorizationRequest } from '../../../lambdas/authorization/authorization-request.ts';
import {
  approvedForm,
  deniedForm,
  newForm,
  requireOwnForm,
} from '../../../lambdas/authorization/consent-form.ts';
import { HttpError } from '../../../lambdas/errors/errors.ts';
import { lifetimes } from '../../../policy/lifetimes.ts';
import { anAuthorizationRequest } from './an-authorization-request.ts';

const now = new Date('2026-11-26T12:00:00Z');
const later = (seconds: number): Date => new Date(now.getTime() + seconds * 1000);
const openTooLong =
  'The page may have been open for too long. Go back to your app and connect again, in this browser.';

const shown = (more: Partial<AuthorizationRequest> = {}) => {
  const { fields, cookie } = newForm(anAuthorizationRequest(more), now);
  const { csrf = '', ...rest } = fields;
  return { csrf, fields: rest, header: cookie.split(';')[0] ?? '' };
};
type Shown = ReturnType<typeof shown>;

/** Why a form is refused; undefined when it is taken. */
const errorOf = ({ csrf, fields, header }: Shown, seconds = 1): HttpError | undefined => {
  try {
    requireOwnForm(csrf, fields, header, later(seconds));
  } catch (error) {
    if (error instanceof HttpError) return error;
    throw error;
  }
  return undefined;
};
const without = (form: Shown) => ({ ...form, header: '' });

it('a form repeats the request in canonical form, and no more than there is', () => {
  expect(shown().fields).toEqual({
    client_id: 'claude',
    redirect_uri: 'https://claude.ai/api/mcp/auth_callback',
    response_type: 'code',
    code_challenge: 'c'.repeat(43),
    code_challenge_method: 'S256',
    scope: 'gatehouse/tools.call gatehouse/tools.read',
    shown: String(now.getTime() / 1000),
  });
  const more = { state: 's', prompts: ['consent', 'login'], loginHint: 'a@example.com' };
  expect(shown(more).fields).toMatchObject({
    state: 's',
    prompt: 'consent login',
    login_hint: 'a@example.com',
  });
  expect(shown().header).toMatch(/^__Host-gatehouse-consent-[0-9a-f]{16}=[0-9a-f]{32}$/);
});

describe('a form is taken', () => {
  it('as long as the page lives, also where another instance’s clock is behind', () => {
    for (const seconds of [-30, 0, lifetimes.transactionSeconds])
      expect(errorOf(shown(), seconds)).toBeUndefined();
  });

  it('again for the time of a double click after it was approved', () => {
    const form = shown();
    const header = approvedForm(form.csrf, form.fields, later(10)).split(';')[0] ?? '';
    const again = (seconds: number) => errorOf({ ...form, header }, 10 + seconds);
    expect(again(0)).toBeUndefined();
    expect(again(lifetimes.doubleClickSeconds)).toBeUndefined();
    expect(again(lifetimes.doubleClickSeconds + 1)).toMatchObject({
      message: 'You have answered this page already.',
      detail: 'a consent form that was answered before',
      fix: 'The app has heard of it. To decide anew, go back to your app and connect again.',
    });
  });
});

describe('a form is refused, in words for the person,', () => {
  it('that was denied', () => {
    const form = shown();
    const header = deniedForm(form.csrf).split(';')[0] ?? '';
    expect(errorOf({ ...form, header })).toMatchObject({
      detail: 'a consent form that was answered before',
    });
  });

  it('that was open for too long', () => {
    expect(errorOf(shown(), lifetimes.transactionSeconds + 1)).toMatchObject({
      detail: 'a consent form that was open too long',
      fix: openTooLong,
    });
  });

  it('that has other contents', () => {
    const form = shown();
    const fields = { ...form.fields, scope: 'gatehouse/tools.read' };
    expect(errorOf({ ...form, fields })).toMatchObject({
      detail: 'a consent form with other contents',
      fix: openTooLong,
    });
  });

  it('whose cookie the browser did not keep, though the page is new', () => {
    expect(errorOf(without(shown()))).toMatchObject({
      message: 'Your browser did not send back the cookie that this page set.',
      detail: 'a consent form without its cookie, though the page is not old',
      fix: expect.stringMatching(/^Allow cookies for this site/),
    });
  });

  it.each([
    ['is old', without(shown()), lifetimes.transactionSeconds + 1],
    ['never had one of ours', { ...without(shown()), csrf: '' }, 1],
    ['does not say its age', { ...without(shown()), fields: {} }, 1],
  ])('that has no cookie and %s', (_name, form, seconds) => {
    expect(errorOf(form, seconds)).toMatchObject({
      detail: 'a consent form without its cookie',
      fix: openTooLong,
    });
  });
});
