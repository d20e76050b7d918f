import { lifetimes } from '../../policy/lifetimes.ts';
import { sizes, userLimits } from '../../policy/limits.ts';
import type { Item, Update } from '../aws/table.ts';

// One item a user. A window is an attribute named by its absolute number (`m29921404` the minute,
// `h498690` the hour), so a request needs no read to know its counters, and a new window begins by
// itself.
const kinds = [
  { name: 'minute', prefix: 'm', seconds: 60, limit: userLimits.perMinute, swept: 3 },
  { name: 'hour', prefix: 'h', seconds: 3600, limit: userLimits.perHour, swept: 2 },
] as const;

interface Window {
  readonly kind: (typeof kinds)[number];
  readonly number: number;
  /** When the next one begins, in milliseconds. */
  readonly ends: number;
}

const windowsAt = (now: Date): Window[] =>
  kinds.map((kind) => {
    const number = Math.floor(now.getTime() / 1000 / kind.seconds);
    return { kind, number, ends: (number + 1) * kind.seconds * 1000 };
  });

const attribute = ({ kind, number }: Window, back = 0): string => `${kind.prefix}${number - back}`;

export const userKey = (sub: string): string => `user#${sub}`;

/** Not blocked: what every act of a user asks of their item (the kill switch). */
export const notBlocked = 'attribute_not_exists(blocked)';

// `#m` is the current minute, `#m1` to `#m3` those before it.
const olderOf = ({ prefix, swept }: Window['kind']): string[] =>
  Array.from({ length: swept }, (_, index) => `#${prefix}${index + 1}`);
const additions = kinds.map(({ prefix }) => `#${prefix} :n`);
const haveRoom = kinds.map(
  ({ prefix }) => `(attribute_not_exists(#${prefix}) OR #${prefix} <= :${prefix})`,
);
const update = `ADD ${additions.join(', ')} SET expiresAt = :expiresAt REMOVE ${kinds.flatMap(olderOf).join(', ')}`;
const condition = [notBlocked, ...haveRoom].join(' AND ');

/**
 * RATE-5: the one conditional update that counts `calls`, if the user is not blocked and both
 * windows have room for all of them.
 */
export const counting = (sub: string, calls: number, now: Date): Update => {
  const names: Record<string, string> = {};
  const values: Record<string, number> = {
    ':n': calls,
    ':expiresAt': Math.floor(now.getTime() / 1000) + lifetimes.userCounterSeconds,
  };
  for (const window of windowsAt(now)) {
    const { prefix, limit, swept } = window.kind;
    names[`#${prefix}`] = attribute(window);
    values[`:${prefix}`] = limit - calls;
    for (let back = 1; back <= swept; back++) names[`#${prefix}${back}`] = attribute(window, back);
  }
  return { pk: userKey(sub), update, condition, names, values };
};

export type CountRefused =
  | { readonly reason: 'blocked' }
  | { readonly reason: 'limit'; readonly limit: string; readonly retryAfterSeconds: number };

/** Why `counting` was refused, from the item that stood against it. */
export const explainRefusal = (item: Item | undefined, calls: number, now: Date): CountRefused => {
  if (item?.['blocked'] !== undefined) return { reason: 'blocked' };
  const windows = windowsAt(now);
  // The longest of the full windows: before it ends, waiting for a shorter one is of no use.
  const full =
    windows.filter((window) => count(item, attribute(window)) + calls > window.kind.limit).at(-1) ??
    windows[0];
  const milliseconds = (full?.ends ?? now.getTime()) - now.getTime();
  return {
    reason: 'limit',
    limit: full?.kind.name ?? '',
    retryAfterSeconds: Math.max(1, Math.ceil(milliseconds / 1000)),
  };
};

const count = (item: Item | undefined, name: string): number => {
  const value = item?.[name];
  return typeof value === 'number' ? value : 0;
};

/**
 * The rare second update: windows older than those that `counting` removes stay behind when a user
 * pauses. Undefined while there are few of them.
 */
export const sweeping = (item: Item, now: Date): Update | undefined => {
  const windows = windowsAt(now);
  const stale = Object.keys(item).filter((name) => windows.some((window) => isOlder(name, window)));
  if (stale.length <= sizes.staleWindows) return undefined;
  const names = Object.fromEntries(stale.map((name, index) => [`#s${index}`, name]));
  return { pk: String(item['pk']), update: `REMOVE ${Object.keys(names).join(', ')}`, names };
};

const isOlder = (name: string, { kind, number }: Window): boolean =>
  name.startsWith(kind.prefix) && /^\d+$/.test(name.slice(1)) && Number(name.slice(1)) < number;

/** What the current windows of a user's item have counted so far. */
export const usedIn = (
  item: Item,
  now: Date,
): { readonly minute: number; readonly hour: number } => {
  const [minute = 0, hour = 0] = windowsAt(now).map((window) => count(item, attribute(window)));
  return { minute, hour };
};
