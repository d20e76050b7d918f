import { lifetimes } from '../../policy/lifetimes.ts';
import { userLimits } from '../../policy/limits.ts';
import { epochSeconds, type Item, type Update } from '../aws/table.ts';

// A window is an attribute of the user's item, named by its absolute number (`m29921404` the
// minute, `h498690` the hour), so a request needs no read to know its counters, and a new window
// begins by itself.
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

// `#m` is the current minute, `#m1` to `#m3` those before it.
const olderOf = ({ prefix, swept }: Window['kind']): string[] =>
  Array.from({ length: swept }, (_, index) => `#${prefix}${index + 1}`);
const additions = kinds.map(({ prefix }) => `#${prefix} :n`);
const haveRoom = kinds.map(
  ({ prefix }) => `(attribute_not_exists(#${prefix}) OR #${prefix} <= :${prefix})`,
);
const older = kinds.flatMap(olderOf);
const update = `ADD ${additions.join(', ')} SET expiresAt = :expiresAt REMOVE ${older.join(', ')}`;

/** Counts `calls`, if both windows have room for all of them. */
export const countingUpdate = (calls: number, now: Date): Required<Omit<Update, 'pk'>> => {
  const names: Record<string, string> = {};
  const values: Record<string, number> = {
    ':n': calls,
    ':expiresAt': epochSeconds(now) + lifetimes.userSeconds,
  };
  for (const window of windowsAt(now)) {
    const { prefix, limit, swept } = window.kind;
    names[`#${prefix}`] = attribute(window);
    values[`:${prefix}`] = limit - calls;
    for (let back = 1; back <= swept; back++) names[`#${prefix}${back}`] = attribute(window, back);
  }
  return { update, condition: haveRoom.join(' AND '), names, values };
};

export interface FullWindow {
  readonly window: string;
  readonly retryAfterSeconds: number;
}

/** Which window had no room for `calls`. */
export const fullWindow = (item: Item | undefined, calls: number, now: Date): FullWindow => {
  const windows = windowsAt(now);
  // The longest of the full windows: before it ends, waiting for a shorter one is of no use.
  const full =
    windows.filter((window) => count(item, attribute(window)) + calls > window.kind.limit).at(-1) ??
    windows[0];
  const milliseconds = (full?.ends ?? now.getTime()) - now.getTime();
  return {
    window: full?.kind.name ?? '',
    retryAfterSeconds: Math.max(1, Math.ceil(milliseconds / 1000)),
  };
};

const count = (item: Item | undefined, name: string): number => {
  const value = item?.[name];
  return typeof value === 'number' ? value : 0;
};

/** Windows that have passed and are still in the item. */
export const passedWindows = (item: Item, now: Date): string[] => {
  const windows = windowsAt(now);
  return Object.keys(item).filter((name) => windows.some((window) => isOlder(name, window)));
};

const isOlder = (name: string, { kind, number }: Window): boolean =>
  name.startsWith(kind.prefix) && /^\d+$/.test(name.slice(1)) && Number(name.slice(1)) < number;

export interface Usage {
  readonly minute: number;
  readonly hour: number;
}

/** What the current windows of a user's item have counted so far. */
export const usageIn = (item: Item, now: Date): Usage => {
  const [minute = 0, hour = 0] = windowsAt(now).map((window) => count(item, attribute(window)));
  return { minute, hour };
};
