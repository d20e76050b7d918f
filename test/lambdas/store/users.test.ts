import type { Condition, Item } from '../../../lambdas/aws/table.ts';
import {
  blockUser,
  liftLimit,
  limitUser,
  listBlocked,
  readUsage,
  signOutUser,
  unblockUser,
  userKey,
} from '../../../lambdas/store/users.ts';
import { lifetimes } from '../../../policy/lifetimes.ts';
import { memoryTable } from '../oauth/memory-table.ts';

const now = new Date('2026-11-26T12:00:00Z');
const seconds = now.getTime() / 1000;
const expiresAt = seconds + lifetimes.userSeconds;
const sub = 'sub-1';
const pk = userKey(sub);

/** A table with what stands in the user's item before, and what stands there after. */
const changed = async (
  before: object,
  change: (table: ReturnType<typeof memoryTable>) => Promise<void>,
): Promise<Item | undefined> => {
  const table = memoryTable();
  table.items.set(pk, { pk, ...before });
  await change(table);
  return table.items.get(pk);
};

describe('the item of a user', () => {
  it('says that the user is blocked, since when, and does not expire while it says so', async () => {
    expect(await changed({ expiresAt: 1, m1: 2 }, (table) => blockUser(table, sub, now))).toEqual({
      pk,
      m1: 2,
      blocked: true,
      notBefore: seconds,
    });
  });

  it('expires again after the block, and nothing from before works', async () => {
    const before = { blocked: true, notBefore: 5 };
    expect(await changed(before, (table) => unblockUser(table, sub, now))).toEqual({
      pk,
      notBefore: seconds,
      expiresAt,
    });
  });

  it.each([
    ['gets an expiry by signing out everywhere', {}, expiresAt],
    ['keeps the one it has', { expiresAt: expiresAt + 7 }, expiresAt + 7],
  ])('%s', async (_name, before, ends) => {
    expect(await changed(before, (table) => signOutUser(table, sub, now))).toEqual({
      pk,
      notBefore: seconds,
      expiresAt: ends,
    });
  });

  it.each([
    ['a minute', { perMinute: 3 }, { limitPerMinute: 3, limitPerHour: 2 }],
    ['an hour', { perHour: 4 }, { limitPerMinute: 1, limitPerHour: 4 }],
    ['both', { perMinute: 3, perHour: 4 }, { limitPerMinute: 3, limitPerHour: 4 }],
  ])('takes a limit of %s, and leaves the rest as it is', async (_name, limit, after) => {
    const before = { limitPerMinute: 1, limitPerHour: 2 };
    const written = await changed(before, (table) => limitUser(table, sub, limit));
    expect(written).toEqual({ pk, ...after });
    expect(await changed(after, (table) => liftLimit(table, sub))).toEqual({ pk });
  });

  it('takes no limit that says nothing', async () => {
    await expect(changed({}, (table) => limitUser(table, sub, {}))).rejects.toThrow(
      'A limit says how many calls, in a minute or an hour',
    );
  });

  it('counts nothing where there is none', async () => {
    expect(await readUsage(memoryTable(), sub, now)).toEqual({
      minute: 0,
      hour: 0,
      personal: {},
      tools: {},
    });
  });
});

it('blocked users are listed in order, by a filter that asks for users and their block', async () => {
  const filters: Condition[] = [];
  async function* scan(filter: Condition): AsyncGenerator<Item> {
    filters.push(filter);
    yield { pk: userKey('b'), blocked: true };
    yield { pk: 7 };
    yield { pk: userKey('a'), blocked: true };
  }
  expect(await listBlocked(scan)).toEqual(['a', 'b']);
  expect(filters).toEqual([
    {
      condition: 'begins_with(pk, :user) AND attribute_exists(blocked)',
      values: { ':user': userKey('') },
    },
  ]);
});
