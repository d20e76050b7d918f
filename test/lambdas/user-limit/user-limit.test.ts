import type { Update } from '../../../lambdas/aws/table.ts';
import {
  ConditionFailed,
  type Item,
  type Table,
  TableRefused,
  TableThrottled,
  TableUnreachable,
  table,
} from '../../../lambdas/aws/table.ts';
import {
  BlockedUser,
  InvalidToken,
  RateLimitExceeded,
  TemporarilyUnavailable,
} from '../../../lambdas/errors/errors.ts';
import type { SafeFields } from '../../../lambdas/logging/safe-logger.ts';
import { liftLimit, limitUser } from '../../../lambdas/store/users.ts';
import { type CountedRequest, userLimiter } from '../../../lambdas/user-limit/user-limit.ts';
import type { Dynamodb } from '../../../local/dynamodb/dynamodb.ts';
import { lifetimes } from '../../../policy/lifetimes.ts';
import { sizes, type UserLimits, userLimits } from '../../../policy/limits.ts';
import { startEmulatedTable } from '../aws/emulated-table.ts';
import { defaultLimits } from './limits.ts';

const caller = {
  sub: 'sub-1',
  username: 'dev',
  scopes: [],
  clientId: 'appclaude',
  profile: 'claude',
};
// Seventeen seconds into a minute, twelve minutes into an hour.
const now = new Date('2026-11-24T12:12:17Z');
const userKey = (sub: string): string => `user#${sub}`;
const later = (seconds: number): Date => new Date(now.getTime() + seconds * 1000);

let dynamodb: Dynamodb;
let store: Table;

beforeAll(async () => {
  // 500 requests at once are 500 functions on AWS, and one busy process here.
  ({ store, dynamodb } = await startEmulatedTable(50_000));
});

afterAll(() => dynamodb.stop());

const nothing = () => {};
const silent = {
  now,
  logger: { debug: nothing, info: nothing, warning: nothing, error: nothing },
  securityEvent: nothing,
};
interface Asked extends CountedRequest {
  readonly at: Date;
  readonly on: Table;
  readonly limits: UserLimits;
  readonly groups: readonly string[];
}

/** One request of a user; says how it went. */
const request = async (
  sub: string,
  {
    at = now,
    calls = 1,
    on = store,
    limits = defaultLimits,
    groups = [],
    tools = [],
    personal,
  }: Partial<Asked> = {},
): Promise<string> => {
  const events: string[] = [];
  const line = (message: string, fields: SafeFields = {}) =>
    void events.push(message, ...Object.keys(fields));
  const logger = { debug: line, info: line, warning: line, error: line };
  try {
    await userLimiter(on, limits)(
      { ...caller, sub, groups },
      { calls, tools, ...(personal && { personal }) },
      {
        now: at,
        logger,
        securityEvent: (name) => void events.push(name),
      },
    );
    return ['passed', ...events].join(' ');
  } catch (error) {
    if (error instanceof RateLimitExceeded) return `limited ${error.retryAfterSeconds}`;
    if (error instanceof BlockedUser) return 'blocked';
    if (error instanceof TemporarilyUnavailable) return 'unavailable';
    throw error;
  }
};

const times = async (n: number, make: () => Promise<string>): Promise<Record<string, number>> => {
  const counts: Record<string, number> = {};
  for (const outcome of await Promise.all(Array.from({ length: n }, make)))
    counts[outcome] = (counts[outcome] ?? 0) + 1;
  return counts;
};

describe('the per-user limit', () => {
  it('lets exactly 30 of 500 requests through that come at once, with one update each', async () => {
    dynamodb.resetCounts();
    expect(await times(500, () => request('crowd'))).toEqual({
      passed: userLimits.perMinute,
      'limited 43': 500 - userLimits.perMinute,
    });
    expect(dynamodb.counts()).toEqual({ UpdateItem: 500 });
  });

  it('leaves other users alone, and recovers with the next minute to the second', async () => {
    await times(userLimits.perMinute, () => request('alone'));
    expect(await request('alone')).toBe('limited 43');
    expect(await request('other')).toBe('passed');
    expect(await request('alone', { at: later(42) })).toBe('limited 1');
    expect(await request('alone', { at: later(43) })).toBe('passed');
  });

  it('counts a batch by its length, all or nothing', async () => {
    expect(await request('batch', { calls: 20 })).toBe('passed');
    expect(await request('batch', { calls: 11 })).toBe('limited 43');
    expect(await request('batch', { calls: 10 })).toBe('passed');
    expect(await request('batch')).toBe('limited 43');
  });

  it('holds the hour too, and refused calls do not burn it', async () => {
    const key = userKey('hour');
    const hour = `h${Math.floor(now.getTime() / 3_600_000)}`;
    await store.put({ pk: key, [hour]: userLimits.perHour - 1 });
    expect(await request('hour')).toBe('passed');
    expect(await times(3, () => request('hour'))).toEqual({ [`limited ${47 * 60 + 43}`]: 3 });
    expect((await store.get(key, { consistent: true }))?.[hour]).toBe(userLimits.perHour);
    expect(await request('hour', { at: new Date('2026-11-24T13:00:00Z') })).toBe('passed');
  });

  it('refuses a blocked user whatever they have used, and says so rather than “later”', async () => {
    await store.put({ pk: userKey('blocked'), blocked: true });
    expect(await request('blocked')).toBe('blocked');
    expect(await store.get(userKey('blocked'), { consistent: true })).toEqual({
      pk: userKey('blocked'),
      blocked: true,
    });
  });

  it('refuses a token whose login has ended, and tells the log so', async () => {
    const session = 'session-1';
    await store.put({ pk: userKey('left'), [`ended-${session}`]: lifetimes.tokenAgeSeconds });
    const user = { ...caller, sub: 'left', session };
    const refused = await userLimiter(store, defaultLimits)(user, { calls: 1 }, silent).catch(
      (error: unknown) => error,
    );
    expect(refused).toBeInstanceOf(InvalidToken);
    expect(refused).toMatchObject({ detail: 'its grant has ended' });
    await expect(
      userLimiter(store, defaultLimits)({ ...user, session: 'session-2' }, { calls: 1 }, silent),
    ).resolves.toEqual({});
  });

  it('keeps its item small: windows just past go with the next update, many old ones with one more', async () => {
    const key = userKey('tidy');
    await request('tidy');
    await request('tidy', { at: later(60) });
    const windows = (item: Item | undefined) =>
      Object.keys(item ?? {}).filter((name) => /^[mh]\d+$/.test(name));
    expect(windows(await store.get(key, { consistent: true }))).toHaveLength(2);
    const stale = Object.fromEntries(
      Array.from({ length: sizes.staleAttributes + 1 }, (_, index) => [
        `m${29_000_000 + index}`,
        1,
      ]),
    );
    await store.put({ pk: key, ...stale });
    dynamodb.resetCounts();
    expect(await request('tidy')).toBe('passed');
    expect(dynamodb.counts()).toEqual({ UpdateItem: 2 });
    expect(windows(await store.get(key, { consistent: true }))).toHaveLength(2);
  });

  it('leaves the item to DynamoDB when nothing in it counts any more', async () => {
    await request('expiry');
    const item = await store.get(userKey('expiry'), { consistent: true });
    expect(item?.['expiresAt']).toBe(Math.floor(now.getTime() / 1000) + lifetimes.userSeconds);
  });
});

describe('other limits', () => {
  const limits: UserLimits = {
    ...defaultLimits,
    groups: { interns: { perMinute: 2 }, batch: { perMinute: 5, perHour: 6 } },
  };
  const orders = (calls: number) => [{ tool: 'list_orders', calls, limit: { perMinute: 2 } }];

  it('are a group’s in place of everybody’s, the largest of several, by window', async () => {
    const outcomes = async (sub: string, groups: readonly string[]) =>
      times(7, () => request(sub, { limits, groups }));
    expect(await outcomes('intern', ['interns'])).toEqual({ passed: 2, 'limited 43': 5 });
    expect(await outcomes('both', ['interns', 'batch'])).toEqual({ passed: 5, 'limited 43': 2 });
    expect(await outcomes('neither', ['sales'])).toEqual({ passed: 7 });
    const at = later(60);
    expect(await request('both', { limits, groups: ['batch'], at })).toBe('passed');
    // The hour of the group is used up, and everybody's is not asked.
    expect(await request('both', { limits, groups: ['batch'], at })).toBe(
      `limited ${46 * 60 + 43}`,
    );
  });

  it('are a tool’s, exact beside the user’s own, in the same single write', async () => {
    dynamodb.resetCounts();
    const call = (count = 1) => request('tool', { tools: orders(count) });
    expect(await times(20, () => call())).toEqual({ passed: 2, 'limited 43': 18 });
    expect(dynamodb.counts()).toEqual({ UpdateItem: 20 });
    // Refused calls burn neither.
    const item = await store.get(userKey('tool'), { consistent: true });
    const minute = `m${Math.floor(now.getTime() / 60_000)}`;
    expect([item?.[minute], item?.[`${minute}.list_orders`]]).toEqual([2, 2]);
    expect(await request('tool')).toBe('passed');
    expect(await request('tool', { tools: orders(3), at: later(60) })).toBe('limited 43');
    expect(await request('tool', { tools: orders(2), at: later(60) })).toBe('passed');
  });

  it('are one person’s in place of all others, from the next call on, until it is lifted', async () => {
    const outcomes = () => times(40, () => request('person', { limits, groups: ['interns'] }));
    await limitUser(store, 'person', { perMinute: 37 });
    dynamodb.resetCounts();
    expect(await outcomes()).toEqual({ passed: 37, 'limited 43': 3 });
    expect(dynamodb.counts()).toEqual({ UpdateItem: 40 });
    await limitUser(store, 'person', { perMinute: 1, perHour: 38 });
    expect(await request('person', { at: later(60) })).toBe('passed');
    expect(await request('person', { at: later(120) })).toBe(`limited ${45 * 60 + 43}`);
    await liftLimit(store, 'person');
    expect(await request('person', { at: later(120) })).toBe('passed');
  });

  it('of a person hold for a batch, by what its first call has shown', async () => {
    await limitUser(store, 'batcher', { perMinute: 10 });
    const batch = async (n: number) => [
      await request('batcher'),
      await request('batcher', { calls: n - 1, personal: { perMinute: 10 } }),
    ];
    expect(await batch(9)).toEqual(['passed', 'passed']);
    expect(await batch(3)).toEqual(['passed', 'limited 43']);
    // It was changed between the two writes: nothing is counted by a limit that is none any more.
    await limitUser(store, 'batcher', { perMinute: 50 });
    const rest = { calls: 2, personal: { perMinute: 10 } };
    expect(await request('batcher', rest)).toBe('limited 43');
  });

  it('do not let a batch that is larger than them into a new window either', async () => {
    const batch = { calls: 3, limits, groups: ['interns'] };
    expect(await request('large', batch)).toBe('limited 43');
  });

  test.each([
    ['each user', {}, [], [], 'Each user may make 30 calls a minute.', { of: 'user', calls: 30 }],
    [
      'a group',
      {},
      ['interns'],
      [],
      'Members of interns may make 2 calls a minute.',
      { of: 'group', calls: 2 },
    ],
    [
      'a person',
      { limitPerMinute: 1 },
      ['interns'],
      [],
      'You may make one call a minute, by a limit of your own.',
      { of: 'person', calls: 1 },
    ],
    [
      'a tool',
      {},
      [],
      orders(1),
      'Each user may make 2 calls of list_orders a minute.',
      { of: 'tool', tool: 'list_orders', calls: 2 },
    ],
  ])('say that it was the limit of %s', async (name, own, groups, tools, words, limit) => {
    const minute = `m${Math.floor(now.getTime() / 60_000)}`;
    const full = tools.length > 0 ? { [`${minute}.list_orders`]: 2 } : { [minute]: 30 };
    await store.put({ pk: userKey(`words of ${name}`), ...full, ...own });
    const refused = userLimiter(store, limits)(
      { ...caller, sub: `words of ${name}`, groups },
      { calls: 1, tools },
      silent,
    );
    await expect(refused).rejects.toMatchObject({
      message: `Too many requests. ${words}`,
      data: { limit: { ...limit, per: 'minute' } },
      about: { limit: `${limit.of} per minute` },
    });
  });
});

describe('when the table fails', () => {
  const failing = (error: Error): Table => ({
    get: () => Promise.reject(error),
    put: () => Promise.reject(error),
    update: (_update: Update) => Promise.reject(error),
    delete: () => Promise.reject(error),
  });

  it.each([
    [
      'throttled, the request is refused',
      new TableThrottled('x'),
      `limited ${lifetimes.retryAfterSeconds}`,
    ],
    [
      'unreachable, it passes and somebody is woken',
      new TableUnreachable(false, new Error('x')),
      'passed UserLimitUnavailable',
    ],
    ['gone, it is refused', new TableRefused('ResourceNotFoundException'), 'unavailable'],
    ['broken in a way that nobody foresaw, it is refused', new TypeError('x'), 'unavailable'],
    ['full without saying of what, it is refused', new ConditionFailed(undefined), 'limited 43'],
  ])('%s', async (_name, error, outcome) => {
    expect(await request('any', { on: failing(error) })).toBe(outcome);
  });

  /** What a request of one call was refused with, on a table that fails or is full like this. */
  const thrownFor = async (error: Error) => {
    try {
      await userLimiter(failing(error), defaultLimits)(caller, { calls: 1 }, silent);
    } catch (thrown) {
      return thrown;
    }
    return undefined;
  };
  it('the log is told of what, and never by the user’s own id', async () => {
    const error = new TableUnreachable(false, new Error('x'));
    const events: unknown[] = [];
    await userLimiter(failing(error), defaultLimits)(
      caller,
      { calls: 1 },
      {
        ...silent,
        securityEvent: (name, fields) => void events.push([name, fields]),
      },
    );
    expect(events).toEqual([
      [
        'UserLimitUnavailable',
        { user: expect.stringMatching(/^[0-9a-f]{16}$/), profile: 'claude', cause: error },
      ],
    ]);
    const gone = new TableRefused('x');
    expect(await thrownFor(gone)).toMatchObject({ cause: gone });
  });

  it('a user over the limit learns when to come back, and the log which window was full', async () => {
    expect(await thrownFor(new ConditionFailed(undefined))).toMatchObject({
      detail: 'user limit per minute',
      fix: 'Try again in 43 s.',
    });
  });

  it('only when old windows are swept, the request was counted and goes on', async () => {
    const stale = Object.fromEntries(
      Array.from({ length: sizes.staleAttributes + 1 }, (_, index) => [
        `m${29_000_000 + index}`,
        1,
      ]),
    );
    await store.put({ pk: userKey('dusty'), ...stale });
    for (const error of [
      new TableThrottled('x'),
      new TableUnreachable(true, new Error('x')),
      new TableRefused('x'),
    ]) {
      let updates = 0;
      const update = (given: Update) =>
        updates++ === 0 ? store.update(given) : Promise.reject(error);
      expect(await request('dusty', { on: { ...store, update } })).toBe(
        'passed Old windows were not swept cause',
      );
      expect(updates).toBe(2);
    }
  });

  it('so it is over the wire', async () => {
    await dynamodb.faults.set({ kind: 'throttled' });
    expect(await request('wire')).toBe(`limited ${lifetimes.retryAfterSeconds}`);
    await dynamodb.faults.set({ kind: 'status500' });
    expect(await request('wire')).toBe('passed UserLimitUnavailable');
    await dynamodb.faults.set({ kind: 'refused' });
    expect(await request('wire')).toBe('passed UserLimitUnavailable');
    await dynamodb.faults.set({ kind: 'garbage' });
    expect(await request('wire')).toBe('passed UserLimitUnavailable');
    await dynamodb.faults.clear();
    expect(await request('wire')).toBe('passed');
    expect(await request('wire', { on: table({ name: 'gone', region: 'us-east-1' }) })).toBe(
      'unavailable',
    );
  });
});
