import * as z from 'zod/mini';
import { lifetimes } from '../../policy/lifetimes.ts';
import { sizes } from '../../policy/limits.ts';
import {
  type Condition,
  ConditionFailed,
  epochSeconds,
  type Item,
  type Table,
} from '../aws/table.ts';
import {
  countingUpdate,
  type FullWindow,
  fullWindow,
  passedWindows,
  type Usage,
  usageIn,
} from './user-windows.ts';

/**
 * `user#<sub>`: a user's counters and the kill switch. Beside these attributes it holds a counter
 * for each minute and hour (user-windows.ts).
 */
export const userItem = z.object({
  pk: z.string(),
  /** Everything of this user is refused. */
  blocked: z.optional(z.boolean()),
  /** Epoch seconds; absent while the user is blocked. */
  expiresAt: z.optional(z.number()),
});

type Updates = Pick<Table, 'update'>;

const prefix = 'user#';
const keyOf = (sub: string) => `${prefix}${sub}`;

/** The kill switch: asked by every write to a user's item that lets the user do something. */
const notBlocked = 'attribute_not_exists(blocked)';

export type Count =
  /** `sweep` tidies the item, and is only there when it needs it. */
  | { readonly outcome: 'counted'; readonly sweep?: () => Promise<unknown> }
  | { readonly outcome: 'blocked' }
  | ({ readonly outcome: 'limited' } & FullWindow);

/**
 * RATE-5 and the kill switch: one conditional update that counts `calls` if the user is not blocked
 * and both windows have room for all of them; exact however many run at once.
 */
export const countCalls = async (
  table: Table,
  sub: string,
  calls: number,
  now: Date,
): Promise<Count> => {
  const { condition, ...counting } = countingUpdate(calls, now);
  try {
    const item = await table.update({
      ...counting,
      pk: keyOf(sub),
      condition: `${notBlocked} AND ${condition}`,
    });
    const passed = passedWindows(item, now);
    // The update removes the windows just before its own. Others stay when a user pauses.
    if (passed.length <= sizes.staleWindows) return { outcome: 'counted' };
    return { outcome: 'counted', sweep: () => removeAttributes(table, sub, passed) };
  } catch (error) {
    if (!(error instanceof ConditionFailed)) throw error;
    if (isBlocked(error.item)) return { outcome: 'blocked' };
    return { outcome: 'limited', ...fullWindow(error.item, calls, now) };
  }
};

const removeAttributes = (table: Table, sub: string, attributes: readonly string[]) => {
  const names = Object.fromEntries(attributes.map((name, index) => [`#s${index}`, name]));
  return table.update({
    pk: keyOf(sub),
    update: `REMOVE ${Object.keys(names).join(', ')}`,
    names,
  });
};

const isBlocked = (item: Item | undefined): boolean => item?.['blocked'] !== undefined;

/**
 * Whether tokens may be issued to a user: one conditional write on the item that the limit counts
 * on, so that nobody reads a stale copy of it.
 */
export const mayGetTokens = async (table: Table, sub: string, now: Date): Promise<boolean> => {
  try {
    await table.update({
      pk: keyOf(sub),
      // Only so that the item does not stay for ever where the limit has not made it yet.
      update: 'SET expiresAt = if_not_exists(expiresAt, :later)',
      condition: notBlocked,
      values: { ':later': epochSeconds(now) + lifetimes.userCounterSeconds },
    });
    return true;
  } catch (error) {
    if (error instanceof ConditionFailed) return false;
    throw error;
  }
};

/** What a user has called so far. */
export const readUsage = async (table: Table, sub: string, now: Date): Promise<Usage> =>
  usageIn((await table.get(keyOf(sub), { consistent: true })) ?? {}, now);

export const blockUser = async (table: Updates, sub: string): Promise<void> => {
  await table.update({
    pk: keyOf(sub),
    // Without an expiry, or the item would be tidied away and the user be back.
    update: 'SET blocked = :true REMOVE expiresAt',
    values: { ':true': true },
  });
};

export const unblockUser = async (table: Updates, sub: string, now: Date): Promise<void> => {
  await table.update({
    pk: keyOf(sub),
    update: 'SET expiresAt = :soon REMOVE blocked',
    values: { ':soon': epochSeconds(now) + lifetimes.tokenAgeSeconds },
  });
};

/** Every item that meets a condition. Reads the whole table: for people, not for code that runs often. */
export type Scan = (filter: Condition) => AsyncIterable<Item>;

const blockedUsers: Condition = {
  condition: 'begins_with(pk, :user) AND attribute_exists(blocked)',
  values: { ':user': prefix },
};

/** Every blocked user's `sub`. */
export const listBlocked = async (scan: Scan): Promise<readonly string[]> => {
  const subs: string[] = [];
  for await (const { pk } of scan(blockedUsers))
    if (typeof pk === 'string') subs.push(pk.slice(prefix.length));
  return subs.sort();
};
