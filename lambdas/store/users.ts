import * as z from 'zod/mini';
import { lifetimes } from '../../policy/lifetimes.ts';
import type { CallLimit } from '../../policy/limits.ts';
import {
  type Condition,
  ConditionFailed,
  epochSeconds,
  type Item,
  type Table,
} from '../aws/table.ts';
import { type Usage, usageIn } from './user-windows.ts';

/**
 * `user#<sub>`: a user's grants, counters and kill switch. Beside these attributes it holds each
 * grant (grants.ts) and a counter for each minute and hour (user-windows.ts).
 */
export const userItem = z.object({
  pk: z.string(),
  /** Everything of this user is refused. */
  blocked: z.optional(z.boolean()),
  /** Epoch seconds: nothing that was approved or issued at or before it works any more. */
  notBefore: z.optional(z.number()),
  /** The most calls of this person in a minute, in place of all other limits of a user. */
  limitPerMinute: z.optional(z.number()),
  /** The same in an hour. */
  limitPerHour: z.optional(z.number()),
  /** Epoch seconds; absent while the user is blocked. */
  expiresAt: z.optional(z.number()),
});

export type Updates = Pick<Table, 'update'>;

const prefix = 'user#';
export const userKey = (sub: string) => `${prefix}${sub}`;

/** The kill switch: asked by every write to a user's item that lets the user do something. */
export const notBlocked = 'attribute_not_exists(blocked)';

export const isBlocked = (item: Item | undefined): boolean => item?.['blocked'] !== undefined;

/** What a user has called so far. */
export const readUsage = async (table: Table, sub: string, now: Date): Promise<Usage> =>
  usageIn((await table.get(userKey(sub), { consistent: true })) ?? {}, now);

/** Whatever was approved or issued until now stays refused after the block is lifted, too. */
export const blockUser = async (table: Updates, sub: string, now: Date): Promise<void> => {
  await table.update({
    pk: userKey(sub),
    // Without an expiry, or the item would be tidied away and the user be back.
    update: 'SET blocked = :true, notBefore = :now REMOVE expiresAt',
    values: { ':true': true, ':now': epochSeconds(now) },
  });
};

/** The user may log in again. What a login began while the user was blocked does not work either. */
export const unblockUser = async (table: Updates, sub: string, now: Date): Promise<void> => {
  await table.update({
    pk: userKey(sub),
    update: 'SET notBefore = :now, expiresAt = :expiresAt REMOVE blocked',
    values: { ':now': epochSeconds(now), ':expiresAt': epochSeconds(now) + lifetimes.userSeconds },
  });
};

/** Ends every grant of a user, and every login that has begun. */
export const signOutUser = async (table: Updates, sub: string, now: Date): Promise<void> => {
  const pk = userKey(sub);
  const time = epochSeconds(now);
  try {
    await table.update({
      pk,
      update: 'SET notBefore = :now, expiresAt = if_not_exists(expiresAt, :expiresAt)',
      condition: notBlocked,
      values: { ':now': time, ':expiresAt': time + lifetimes.userSeconds },
    });
  } catch (error) {
    if (!(error instanceof ConditionFailed)) throw error;
    // With an expiry the block would be tidied away one day.
    await table.update({ pk, update: 'SET notBefore = :now', values: { ':now': time } });
  }
};

/**
 * Gives one person a limit of their own, in place of everybody's and their groups'. What is left out
 * stays as it was. It holds from the next call on.
 */
export const limitUser = async (
  table: Updates,
  sub: string,
  { perMinute, perHour }: CallLimit,
): Promise<void> => {
  const parts = [
    ...(perMinute === undefined ? [] : ['limitPerMinute = :perMinute']),
    ...(perHour === undefined ? [] : ['limitPerHour = :perHour']),
  ];
  if (parts.length === 0)
    throw new TypeError('A limit says how many calls, in a minute or an hour');
  await table.update({
    pk: userKey(sub),
    update: `SET ${parts.join(', ')}`,
    values: {
      ...(perMinute !== undefined && { ':perMinute': perMinute }),
      ...(perHour !== undefined && { ':perHour': perHour }),
    },
  });
};

/** The person has the limits of everybody, or of their groups, again. */
export const liftLimit = async (table: Updates, sub: string): Promise<void> => {
  await table.update({ pk: userKey(sub), update: 'REMOVE limitPerMinute, limitPerHour' });
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
