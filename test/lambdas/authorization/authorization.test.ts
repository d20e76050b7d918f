import { lifetimes } from '../../../policy/lifetimes.ts';
import { sizes } from '../../../policy/limits.ts';
import {
  challenge,
  claudeRedirect,
  cookieHeader,
  type Front,
  formOf,
  front,
  issuer,
  type ReceivedResponse,
  refreshOf,
  registerClient,
  requestFor,
} from '../oauth/front.ts';

let gatehouse: Front;
beforeEach(() => {
  gatehouse = front();
});

const linesOf = ({ log }: ReceivedResponse): Record<string, unknown>[] =>
  log
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line))
    .filter((line) => !('_aws' in line));

const open = (more: Readonly<Record<string, string>> = {}, cookies: readonly string[] = []) =>
  gatehouse.authorize(requestFor('claude', claudeRedirect, more), {
    headers: cookieHeader(cookies),
  });
const decide = (
  page: ReceivedResponse,
  decision: string,
  { origin, held = [] }: { origin?: string; held?: readonly string[] } = {},
) =>
  gatehouse.consent(
    { ...formOf(page.body), decision },
    { headers: { ...cookieHeader(page.cookies, held), ...(origin !== undefined && { origin }) } },
  );
const namesOf = (cookies: readonly string[]) =>
  cookies.map((cookie) => /^__Host-gatehouse-(\w+)-/.exec(cookie)?.[1]);
const headingOf = ({ body }: ReceivedResponse) => /<h1>([^<]*)<\/h1>/.exec(body)?.[1];
const linkOf = ({ body }: ReceivedResponse) =>
  /<a class="button main"[^>]*>([^<]*)</.exec(body)?.[1];

const who = { clientId: 'claude', profile: 'claude' };

describe('an authorization request', () => {
  it('may name no resource, or one by an empty parameter', async () => {
    const query = new URLSearchParams(requestFor('claude', claudeRedirect));
    query.set('resource', '');
    expect((await gatehouse.authorize(query)).status).toBe(200);
    query.delete('resource');
    expect((await gatehouse.authorize(query)).status).toBe(200);
  });

  it('that is refused goes back with its state, and the log says whose it was', async () => {
    const refused = await open({ scope: 'gatehouse/admin' });
    expect([refused.status, refused.body, refused.cookies]).toEqual([302, '', []]);
    const back = new URL(refused.headers['location'] ?? '');
    expect(Object.fromEntries(back.searchParams)).toMatchObject({
      error: 'invalid_scope',
      state: 'client-state',
      iss: issuer,
    });
    expect(linesOf(refused)).toEqual([expect.objectContaining(who)]);
  });

  it('takes its state back as long as API Gateway takes the address', async () => {
    const location = async (state: string) =>
      (await open({ scope: 'gatehouse/admin', state })).headers['location'] ?? '';
    // Longer than a parameter may be, so that the error is the same each time.
    const long = 's'.repeat(3000);
    const most = sizes.locationCharacters - (await location(long)).length + long.length;
    expect(await location('s'.repeat(most))).toHaveLength(sizes.locationCharacters);
    expect(await location('s'.repeat(most + 1))).not.toContain('state=');
  });

  it('that runs into a mistake of ours gets a page, and the app hears nothing', async () => {
    const approved = await decide(await open(), 'approve');
    gatehouse.table.get = async () => {
      throw new TypeError('x');
    };
    const broken = await open({}, approved.cookies);
    expect([broken.status, broken.headers['location']]).toEqual([500, undefined]);
  });
});

describe('a decision', () => {
  it('to approve goes on to the login', async () => {
    const approved = await decide(await open(), 'approve', { origin: issuer });
    expect([approved.status, headingOf(approved), linkOf(approved)]).toEqual([
      200,
      'Sign in to go on',
      'Continue to sign in',
    ]);
    expect(namesOf(approved.cookies)).toEqual(['login', 'approved', 'consent']);
    expect(linesOf(approved)).toEqual([expect.objectContaining({ trail: 'approval', ...who })]);
    expect(refreshOf(approved.body).searchParams.get('code_challenge')).toBe(challenge);
  });

  it('to deny goes back to the app', async () => {
    const denied = await decide(await open(), 'deny');
    expect([headingOf(denied), linkOf(denied)]).toEqual(['You denied access', 'Back to claude.ai']);
    expect(linesOf(denied)).toEqual([expect.objectContaining({ trail: 'denial', ...who })]);
  });

  it('to go on by a kept approval sets no approval anew', async () => {
    const { cookies } = await decide(await open(), 'approve');
    const held = cookies.filter((cookie) => cookie.includes('-approved-'));
    const went = await decide(await open({}, held), 'continue', { held });
    expect(namesOf(went.cookies)).toEqual(['login', 'consent']);
  });

  it('to forget an approval says so in the log', async () => {
    const { cookies } = await decide(await open(), 'approve');
    const held = cookies.filter((cookie) => cookie.includes('-approved-'));
    const forgotten = await decide(await open({}, held), 'forget', { held });
    expect(namesOf(forgotten.cookies)).toEqual(['consent', 'approved']);
    expect(linesOf(forgotten)).toEqual([
      expect.objectContaining({ message: 'Approval forgotten', ...who }),
    ]);
  });

  it('to forget what this browser does not hold is no failure', async () => {
    const page = await open();
    const forgotten = await decide(page, 'forget');
    expect([forgotten.status, namesOf(forgotten.cookies)]).toEqual([200, ['consent']]);
    expect(forgotten.accesses).toEqual([]);
  });

  it('that came from another site is refused, with the reason in the log', async () => {
    const refused = await decide(await open(), 'approve', { origin: 'https://evil.example' });
    expect(linesOf(refused)).toEqual([
      expect.objectContaining({ detail: 'a consent form from another site' }),
    ]);
  });

  it('without the token of its page is none of ours', async () => {
    const page = await open();
    const { csrf: _, ...fields } = formOf(page.body);
    const refused = await gatehouse.consent({ ...fields, decision: 'approve' });
    expect(linesOf(refused)).toEqual([
      expect.objectContaining({ detail: 'a consent form without its cookie' }),
    ]);
  });
});

describe('the log says of a callback', () => {
  const approvedLogin = async () => {
    const approved = await decide(await open(), 'approve');
    const state = refreshOf(approved.body).searchParams.get('state') ?? '';
    return { state, headers: cookieHeader(approved.cookies) };
  };

  it('that it says neither of two things', async () => {
    const { state, headers } = await approvedLogin();
    expect(linesOf(await gatehouse.callback({ state }, { headers }))).toEqual([
      expect.objectContaining({ detail: 'neither a code nor an error' }),
    ]);
  });

  it('that it comes from another browser', async () => {
    const { state } = await approvedLogin();
    expect(linesOf(await gatehouse.callback({ state, code: 'c' }))).toEqual([
      expect.objectContaining({ detail: 'a callback without the cookie of its transaction' }),
    ]);
  });

  it('that its transaction is over, or was used', async () => {
    const { state, headers } = await approvedLogin();
    gatehouse.later(lifetimes.transactionSeconds);
    const call = async () => linesOf(await gatehouse.callback({ state, code: 'c' }, { headers }));
    expect(await call()).toEqual([
      expect.objectContaining({ detail: 'another browser, or expired' }),
    ]);
    gatehouse.later(-1);
    await call();
    expect(await call()).toEqual([expect.objectContaining({ detail: 'unknown or used before' })]);
  });

  it('what Cognito ended the login with', async () => {
    const { state, headers } = await approvedLogin();
    const ended = await gatehouse.callback({ state, error: 'invalid_scope' }, { headers });
    expect(linesOf(ended)).toEqual([
      expect.objectContaining({
        message: 'Cognito ended a login',
        detail: 'invalid_scope',
        ...who,
      }),
    ]);
    expect(ended.body).toBe('');
  });
});

it('a registered client is refused a form as well once its registration is gone', async () => {
  const id = await registerClient(gatehouse, claudeRedirect);
  const page = await gatehouse.authorize(requestFor(id, claudeRedirect));
  gatehouse.table.items.clear();
  const refused = await decide(page, 'approve');
  expect(refused.status).toBe(401);
});
