import { countCalls } from '../../../lambdas/store/calls.ts';
import { stateOf } from '../../../lambdas/store/grants.ts';
import { blockUser, signOutUser, unblockUser } from '../../../lambdas/store/users.ts';
import { loginSettings } from '../../../policy/identity.ts';
import { sizes } from '../../../policy/limits.ts';
import { accessToken, type FakeCognito, fakeCognito, json, tokens } from '../oauth/fake-cognito.ts';
import { claudeRedirect, type Front, front, logIn, redemption } from '../oauth/front.ts';
import { calls } from '../user-limit/limits.ts';

let cognito: FakeCognito;
let gatehouse: Front;

beforeEach(async () => {
  cognito = await fakeCognito();
  gatehouse = front({ cognito });
});
afterEach(() => cognito.stop());

const subject = 'subject-1';
const invalidGrant = json(400, { error: 'invalid_grant' });

interface Tokens {
  readonly access_token: string;
  readonly refresh_token: string;
}

const tokensIn = ({ body }: { readonly body: string }): Tokens => JSON.parse(body);

const login = async (session = 'session-1'): Promise<Tokens> => {
  const { code } = await logIn(gatehouse, 'claude', claudeRedirect);
  cognito.replies.push(tokens({ access_token: accessToken({ origin_jti: session }) }));
  return tokensIn(await gatehouse.token(redemption('claude', claudeRedirect, code)));
};
const refresh = (refresh_token: string) =>
  gatehouse.token({ grant_type: 'refresh_token', client_id: 'claude', refresh_token });
const call = (session: string, issuedAt = gatehouse.clock.now.getTime() / 1000) =>
  countCalls(gatehouse.table, { sub: subject, session, issuedAt }, calls(1), gatehouse.clock.now);

const outcome = ({
  status,
  events,
}: {
  readonly status: number;
  readonly events: readonly string[];
}) => [status, ...events].join(' ');

describe('a refresh', () => {
  it('serves the processes that share a login for a minute after the first of them', async () => {
    const { refresh_token: shared } = await login();
    const first = await refresh(shared);
    gatehouse.later(loginSettings.refreshRotationGraceSeconds - 1);
    const sibling = await refresh(shared);
    expect([first, sibling].map(outcome)).toEqual(['200', '200']);
    // They go on together: each of their tokens is of the same generation.
    expect(outcome(await refresh(tokensIn(first).refresh_token))).toBe('200');
    expect(outcome(await refresh(tokensIn(sibling).refresh_token))).toBe('200');
  });

  it('serves a sibling that is two generations behind within the grace, and lets it go on', async () => {
    const { refresh_token: shared } = await login();
    const { refresh_token: second } = tokensIn(await refresh(shared));
    await refresh(second);
    const late = await refresh(shared);
    expect(outcome(late)).toBe('200');
    gatehouse.later(3600);
    expect(outcome(await refresh(tokensIn(late).refresh_token))).toBe('200');
  });

  it('with a token that was replaced longer ago ends the grant: one event, and every token of it is refused', async () => {
    const { refresh_token: stolen } = await login();
    const { refresh_token: owned } = tokensIn(await refresh(stolen));
    gatehouse.later(loginSettings.refreshRotationGraceSeconds);
    expect((await call('session-1')).outcome).toBe('counted');
    const theft = await refresh(stolen);
    expect(outcome(theft)).toBe('400 RefreshTokenReuse');
    expect(theft.accesses).toEqual(['get user#', 'update user#']);
    expect(JSON.parse(theft.body)).toMatchObject({ error: 'invalid_grant' });
    expect((await call('session-1')).outcome).toBe('ended');
    expect(outcome(await refresh(owned))).toBe('400 AuthenticationFailure');
    expect(outcome(await refresh(stolen))).toBe('400 AuthenticationFailure');
  });

  it('leaves the other logins of the user alone when one ends', async () => {
    const { refresh_token: stolen } = await login('session-1');
    const { refresh_token: other } = await login('session-2');
    await refresh(stolen);
    gatehouse.later(loginSettings.refreshRotationGraceSeconds);
    await refresh(stolen);
    expect((await call('session-1')).outcome).toBe('ended');
    expect((await call('session-2')).outcome).toBe('counted');
    expect(outcome(await refresh(other))).toBe('200');
  });

  it('whose Cognito token has expired is no theft', async () => {
    const { refresh_token: token } = await login();
    cognito.replies.push(invalidGrant);
    expect(outcome(await refresh(token))).toBe('400 AuthenticationFailure');
    expect(outcome(await refresh(token))).toBe('200');
  });

  it('that is retried after an outage of Cognito is no theft', async () => {
    const { refresh_token: token } = await login();
    cognito.replies.push(json(500, {}));
    expect(outcome(await refresh(token))).toMatch(/^503/);
    gatehouse.later(3600);
    expect(outcome(await refresh(token))).toBe('200');
  });

  it('that a block overtakes while Cognito is asked gets nothing, and Cognito is told', async () => {
    const { refresh_token: token } = await login();
    cognito.replies.push((response, form) => {
      void blockUser(gatehouse.table, subject, gatehouse.clock.now).then(() =>
        tokens()(response, form),
      );
    });
    const overtaken = await refresh(token);
    expect(outcome(overtaken)).toBe('400 BlockedUser');
    expect(overtaken.body).not.toContain('token":');
    expect(cognito.requests.at(-1)?.path).toBe('/oauth2/revoke');
  });
});

describe('a block', () => {
  it('holds after it was lifted for whatever there was before: code, refresh token, access token', async () => {
    const { refresh_token: token } = await login();
    const { code } = await logIn(gatehouse, 'claude', claudeRedirect);
    await blockUser(gatehouse.table, subject, gatehouse.clock.now);
    expect((await call('session-1')).outcome).toBe('blocked');
    await unblockUser(gatehouse.table, subject, gatehouse.clock.now);
    expect((await call('session-1')).outcome).toBe('ended');
    expect(outcome(await refresh(token))).toBe('400 AuthenticationFailure');
    const late = await gatehouse.token(redemption('claude', claudeRedirect, code));
    expect(outcome(late)).toBe('400 AuthenticationFailure');
    gatehouse.later(1);
    const { refresh_token: fresh } = await login('session-2');
    expect((await call('session-2')).outcome).toBe('counted');
    expect(outcome(await refresh(fresh))).toBe('200');
  });

  it('of a login is an event, and the tokens that Cognito gave are revoked', async () => {
    const { code } = await logIn(gatehouse, 'claude', claudeRedirect);
    await blockUser(gatehouse.table, subject, gatehouse.clock.now);
    const refused = await gatehouse.token(redemption('claude', claudeRedirect, code));
    expect(outcome(refused)).toBe('400 BlockedUser');
    expect(cognito.requests.at(-1)?.path).toBe('/oauth2/revoke');
  });
});

it('signing out everywhere ends every grant, and blocks nobody', async () => {
  const { refresh_token: token } = await login();
  await signOutUser(gatehouse.table, subject, gatehouse.clock.now);
  expect((await call('session-1')).outcome).toBe('ended');
  expect(outcome(await refresh(token))).toBe('400 AuthenticationFailure');
  gatehouse.later(1);
  const { refresh_token: fresh } = await login('session-2');
  expect(outcome(await refresh(fresh))).toBe('200');
});

it('signing out a blocked user leaves the block without an expiry, or it would end by itself', async () => {
  const item = async () => gatehouse.table.get(`user#${subject}`, { consistent: true });
  await blockUser(gatehouse.table, subject, gatehouse.clock.now);
  gatehouse.later(5);
  await signOutUser(gatehouse.table, subject, gatehouse.clock.now);
  expect(await item()).toMatchObject({
    blocked: true,
    notBefore: Math.floor(gatehouse.clock.now.getTime() / 1000),
  });
  expect(await item()).not.toHaveProperty('expiresAt');
});

describe('/revoke', () => {
  const revoke = (token: string, client_id = 'claude') => gatehouse.revoke({ client_id, token });

  it.each(['refresh_token', 'access_token'] as const)(
    'ends the grant by its %s, and with it the other tokens',
    async (sent) => {
      const given = await login();
      const revoked = await revoke(given[sent]);
      expect(outcome(revoked)).toBe('200');
      expect(revoked.accesses.length).toBeLessThanOrEqual(2);
      expect((await call('session-1')).outcome).toBe('ended');
      expect(outcome(await refresh(given.refresh_token))).toBe('400 AuthenticationFailure');
    },
  );

  it('ends nothing by a forged access token, or by one of another client', async () => {
    const { access_token: token, refresh_token } = await login();
    expect(outcome(await revoke(token.replace(/signature$/, 'forged')))).toBe('200');
    expect(outcome(await revoke(token, 'loopback'))).toBe('200');
    expect((await call('session-1')).outcome).toBe('counted');
    expect(outcome(await refresh(refresh_token))).toBe('200');
  });
});

it('a user keeps a bounded number of logins: the least recently used one ends', async () => {
  const first = await login('session-0');
  for (let index = 1; index <= sizes.grantsPerUser; index += 1) {
    gatehouse.later(1);
    await login(`session-${index}`);
  }
  expect(outcome(await refresh(first.refresh_token))).toBe('400 AuthenticationFailure');
  expect((await call('session-0')).outcome).toBe('ended');
  expect((await call('session-1')).outcome).toBe('counted');
});

it('a generation that the table does not know ends nothing: the table was restored', () => {
  const grant = {
    clientId: 'claude',
    profile: 'claude',
    scopes: [],
    generation: 1,
    replaced: [10],
    since: 5,
    used: 10,
    expires: 1_000_000,
  };
  const item = { pk: 'user', 'grant-a': grant };
  expect(stateOf(item, 'a', 2, new Date(20_000))).toEqual({ state: 'ended' });
});
