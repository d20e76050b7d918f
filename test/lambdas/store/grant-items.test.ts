import { type Item, TableUnreachable } from '../../../lambdas/aws/table.ts';
import { countCalls } from '../../../lambdas/store/calls.ts';
import {
  advanceGrant,
  beginGrant,
  endGrant,
  findGrantOf,
  type Grant,
  isEnded,
  liveGrants,
  passedGrants,
  stateOf,
} from '../../../lambdas/store/grants.ts';
import { userKey } from '../../../lambdas/store/users.ts';
import { loginSettings } from '../../../policy/identity.ts';
import { lifetimes } from '../../../policy/lifetimes.ts';
import { sizes, userLimits } from '../../../policy/limits.ts';
import { memoryTable } from '../oauth/memory-table.ts';

const now = new Date('2026-11-26T12:00:00Z');
const seconds = now.getTime() / 1000;
const expiresAt = seconds + lifetimes.userSeconds;
const pk = userKey('sub');

const grant: Grant = {
  clientId: 'claude',
  profile: 'claude',
  scopes: ['s'],
  generation: 2,
  replaced: [seconds - 10, seconds - 100],
  session: 'session-1',
  since: seconds - 1000,
  used: seconds - 10,
  expires: seconds + 1000,
};
const userWith = (attributes: Readonly<Record<string, unknown>>): Item =>
  ({ pk, ...attributes }) as Item;

let table: ReturnType<typeof memoryTable>;
const item = () => table.items.get(pk);
const given = (attributes: Readonly<Record<string, unknown>>) =>
  table.items.set(pk, userWith(attributes));
beforeEach(() => {
  table = memoryTable();
});

describe('what a refresh token is worth, by the item', () => {
  const state = (more: Partial<Grant> = {}, user: object = {}, generation = 2) =>
    stateOf(userWith({ ...user, 'grant-a': { ...grant, ...more } }), 'a', generation, now).state;

  it.each([
    ['current', {}, {}, 2],
    ['current', { expires: seconds + 1 }, {}, 2],
    ['ended', { expires: seconds }, {}, 2],
    ['current', {}, { notBefore: grant.since - 1 }, 2],
    ['ended', {}, { notBefore: grant.since }, 2],
    ['current', {}, { notBefore: 'never' }, 2],
    ['blocked', {}, { blocked: true }, 2],
    ['ended', {}, {}, 3],
    ['sibling', {}, {}, 1],
    ['reused', {}, {}, 0],
    ['sibling', { replaced: [seconds - loginSettings.refreshRotationGraceSeconds + 1] }, {}, 1],
    ['reused', { replaced: [seconds - loginSettings.refreshRotationGraceSeconds] }, {}, 1],
    ['reused', { replaced: [] }, {}, 1],
  ])('%s: %j %j generation %i', (expected, more, user, generation) => {
    expect(state(more, user, generation)).toBe(expected);
  });

  it('ended, where there is no such grant or no item', () => {
    for (const found of [undefined, userWith({}), userWith({ 'grant-a': 'x' })])
      expect(stateOf(found, 'a', 0, now)).toEqual({ state: 'ended' });
  });

  it('the grant and the generation that goes on', () => {
    expect(stateOf(userWith({ 'grant-a': grant }), 'a', 1, now)).toEqual({
      state: 'sibling',
      generation: 2,
      grant,
    });
  });
});

describe('the grants of an item', () => {
  const user = userWith({
    notBefore: seconds - 5000,
    m1: 1,
    'grant-old': { ...grant, used: 1 },
    'grant-new': { ...grant, used: 2 },
    'grant-over': { ...grant, expires: seconds },
    'grant-out': { ...grant, since: seconds - 5000 },
    'grant-odd': 'x',
    'ended-past': seconds,
    'ended-still': seconds + 1,
    'ended-odd': 'x',
    'other-past': seconds,
  });

  it('that still work are listed, the last used first', () => {
    expect(liveGrants(user, now).map(({ id }) => id)).toEqual(['new', 'old']);
    expect(liveGrants(undefined, now)).toEqual([]);
  });

  it('and marks whose time is over are known', () => {
    expect(passedGrants(user, now).toSorted()).toEqual(['ended-past', 'grant-out', 'grant-over']);
  });

  it('are found by the session of their access tokens', async () => {
    given({ 'grant-a': grant, 'grant-b': { ...grant, session: 'session-2' } });
    expect((await findGrantOf(table, 'sub', 'session-2', now))?.id).toBe('b');
    expect(await findGrantOf(table, 'sub', 'session-3', now)).toBeUndefined();
  });
});

describe('a login', () => {
  const { generation: _, replaced: __, used: ___, ...login } = grant;
  const begin = (more: Partial<typeof login> = {}) =>
    beginGrant(table, 'sub', 'a', { ...login, ...more }, now);

  it('makes a grant of generation 0', async () => {
    expect(await begin()).toEqual({ outcome: 'begun' });
    expect(item()).toEqual({
      pk,
      expiresAt,
      'grant-a': { ...login, generation: 0, replaced: [], used: seconds },
    });
  });

  it('keeps as much of a long client id as fits, and no session where there is none', async () => {
    await begin({ clientId: 'c'.repeat(sizes.grantClientCharacters + 1), session: undefined });
    const made = item()?.['grant-a'];
    expect(made).toMatchObject({ clientId: 'c'.repeat(sizes.grantClientCharacters) });
    expect(made).not.toHaveProperty('session');
  });

  it.each([
    ['blocked', { blocked: true }],
    ['ended', { notBefore: grant.since }],
  ])('of a user who is %s makes none', async (outcome, user) => {
    given(user);
    expect(await begin()).toEqual({ outcome });
    expect(item()).toEqual(userWith(user));
  });

  it('ends the least recently used ones beyond the number that a user may have', async () => {
    const ids = Array.from({ length: sizes.grantsPerUser }, (_, index) => `g${index}`);
    given(
      Object.fromEntries(
        ids.map((id, index) => [
          `grant-${id}`,
          { ...grant, session: `of-${id}`, used: seconds - 100 + index },
        ]),
      ),
    );
    const begun = await begin();
    if (begun.outcome !== 'begun') throw new Error(begun.outcome);
    await begun.sweep?.();
    expect(item()).not.toHaveProperty('grant-g0');
    expect(item()).toMatchObject({
      'ended-of-g0': seconds + lifetimes.tokenAgeSeconds,
      'grant-g1': {},
      'grant-a': {},
    });
  });

  it('of a table that is down is no refusal', async () => {
    table.down = true;
    await expect(begin()).rejects.toBeInstanceOf(TableUnreachable);
  });
});

describe('a refresh', () => {
  const advance = (more: object = {}, at = now) =>
    advanceGrant(
      table,
      'sub',
      { id: 'a', generation: 2, replaced: grant.replaced, session: 'session-2', ...more },
      at,
    );

  it('moves the grant on, with the session of its new tokens', async () => {
    given({ 'grant-a': grant });
    const moved = {
      ...grant,
      generation: 3,
      replaced: [seconds, ...grant.replaced],
      used: seconds,
      session: 'session-2',
    };
    expect(await advance()).toEqual({ state: 'current', generation: 3, grant: moved });
    expect(item()).toEqual({ pk, expiresAt, 'grant-a': moved });
  });

  it('leaves the session where the tokens name none, and forgets the oldest generations', async () => {
    given({ 'grant-a': grant });
    const replaced = Array.from({ length: sizes.rememberedGenerations }, (_, index) => index);
    await advance({ session: undefined, replaced });
    expect(item()?.['grant-a']).toMatchObject({
      session: 'session-1',
      replaced: [seconds, ...replaced.slice(0, -1)],
    });
  });

  it.each([
    ['blocked', { blocked: true }, {}, 2],
    ['ended', { notBefore: grant.since }, {}, 2],
    ['ended', {}, { expires: seconds }, 2],
    ['sibling', {}, {}, 1],
  ])('is %s where something came between', async (state, user, more, generation) => {
    const before = { ...user, 'grant-a': { ...grant, ...more } };
    given(before);
    expect(await advance({ generation })).toMatchObject({ state });
    expect(item()).toEqual(userWith(before));
  });

  it('of a table that is down is no refusal', async () => {
    table.down = true;
    await expect(advance()).rejects.toBeInstanceOf(TableUnreachable);
  });
});

describe('the end of a grant', () => {
  it('marks its session for as long as an access token may be old, once', async () => {
    given({ 'grant-a': grant });
    expect(await endGrant(table, 'sub', 'a', 'session-1', now)).toBe(true);
    const marked = { pk, 'ended-session-1': seconds + lifetimes.tokenAgeSeconds };
    expect(item()).toEqual(marked);
    expect(await endGrant(table, 'sub', 'a', 'session-2', now)).toBe(false);
    expect(item()).toEqual(marked);
  });

  it('marks nothing where there is no session', async () => {
    given({ 'grant-a': grant });
    expect(await endGrant(table, 'sub', 'a', undefined, now)).toBe(true);
    expect(item()).toEqual({ pk });
  });

  it('of a table that is down is none', async () => {
    table.down = true;
    await expect(endGrant(table, 'sub', 'a', 'session-1', now)).rejects.toBeInstanceOf(
      TableUnreachable,
    );
  });

  it.each([
    [false, undefined, 'session-1', 5],
    [true, { 'ended-session-1': 1 }, 'session-1', 5],
    [false, { 'ended-session-1': 1 }, 'session-2', 5],
    [false, { 'ended-session-1': 1 }, undefined, 5],
    [true, { notBefore: 5 }, undefined, 5],
    [false, { notBefore: 4 }, undefined, 5],
  ])('is %s for an item of %j, a session %s and the time %i', (ended, user, session, issuedAt) => {
    expect(isEnded(user && userWith(user), session, issuedAt)).toBe(ended);
  });
});

describe('a call', () => {
  const { perMinute, perHour } = userLimits;
  const counted = { calls: 1, limit: { perMinute, perHour } };
  const call = (more: object = {}) => countCalls(table, { sub: 'sub', ...more }, counted, now);

  it.each([
    ['counted', {}, { session: 'session-1', issuedAt: 5 }],
    ['counted', { notBefore: 4 }, { issuedAt: 5 }],
    ['ended', { notBefore: 5 }, { issuedAt: 5 }],
    ['ended', { notBefore: 0 }, {}],
    ['ended', { 'ended-session-1': 1 }, { session: 'session-1' }],
    ['counted', { 'ended-session-1': 1 }, { session: 'session-2' }],
    ['counted', { 'ended-session-1': 1 }, {}],
    ['blocked', { blocked: true, 'ended-session-1': 1 }, { session: 'session-1' }],
  ])('is %s by an item of %j, from %j', async (outcome, user, caller) => {
    given(user);
    expect(await call(caller)).toMatchObject({ outcome });
  });

  it.each([
    ['leaves a few attributes whose time is over', 0],
    ['sweeps more of them', 1],
  ])('%s', async (_name, more) => {
    const marks = Array.from({ length: sizes.staleAttributes - 1 + more }, (_, index) => [
      `ended-${index}`,
      1,
    ]);
    given({ ...Object.fromEntries(marks), 'grant-a': { ...grant, expires: 1 }, 'grant-b': grant });
    const count = await call();
    if (count.outcome !== 'counted') throw new Error(count.outcome);
    expect(count.sweep !== undefined).toBe(more === 1);
    await count.sweep?.();
    const left = Object.keys(item() ?? {}).filter((name) => /^(ended|grant)-/.test(name));
    expect(left).toEqual(more === 1 ? ['grant-b'] : expect.arrayContaining(['grant-a', 'ended-0']));
  });

  it('of a table that is down is not counted, and not refused', async () => {
    table.down = true;
    await expect(call()).rejects.toBeInstanceOf(TableUnreachable);
  });
});
