import { lifetimes } from '../../policy/lifetimes.ts';
import type { CallLimit } from '../../policy/limits.ts';
import { epochSeconds, type Item, type Update } from '../aws/table.ts';

// A window is an attribute of the user's item, named by its absolute number (`m29921404` the
// minute, `h498690` the hour; `m29921404.list_orders` the calls of one tool), so a request needs no
// read to know its counters, and a new window begins by itself.
const windows = [
  {
    name: 'minute',
    prefix: 'm',
    seconds: 60,
    swept: 3,
    limit: 'perMinute',
    personal: 'limitPerMinute',
  },
  {
    name: 'hour',
    prefix: 'h',
    seconds: 3600,
    swept: 2,
    limit: 'perHour',
    personal: 'limitPerHour',
  },
] as const;

type Window = (typeof windows)[number];

/** Calls of a tool that has a limit of its own. */
export interface ToolCalls {
  readonly tool: string;
  readonly calls: number;
  readonly limit: CallLimit;
}

/** What a request counts. */
export interface Counted {
  readonly calls: number;
  /** Of the caller, unless the item holds one for this person. */
  readonly limit: Required<CallLimit>;
  /** @default none */
  readonly tools?: readonly ToolCalls[] | undefined;
  /** The person's own, where an earlier write of the same request has shown it. */
  readonly personal?: CallLimit | undefined;
}

/** One attribute that counts. */
interface Counter {
  readonly window: Window;
  readonly number: number;
  readonly tool: string | undefined;
  readonly calls: number;
  readonly most: number;
  /** Its placeholders: `#m`, `:m`. */
  readonly id: string;
}

const numberOf = ({ seconds }: Window, now: Date): number =>
  Math.floor(now.getTime() / 1000 / seconds);

const attribute = (
  { window, number, tool }: Pick<Counter, 'window' | 'number' | 'tool'>,
  back = 0,
): string => `${window.prefix}${number - back}${tool === undefined ? '' : `.${tool}`}`;

const countersOf = ({ calls, limit, tools = [], personal }: Counted, now: Date): Counter[] => {
  const counters: Counter[] = windows.map((window) => ({
    window,
    number: numberOf(window, now),
    tool: undefined,
    calls,
    most: personal?.[window.limit] ?? limit[window.limit] ?? 0,
    id: window.prefix,
  }));
  for (const [index, each] of tools.entries())
    for (const window of windows) {
      const most = each.limit[window.limit];
      if (most === undefined) continue;
      const { tool, calls: toolCalls } = each;
      const id = `t${index}${window.prefix}`;
      counters.push({ window, number: numberOf(window, now), tool, calls: toolCalls, most, id });
    }
  return counters;
};

// `#m` is the current minute, `#m1` to `#m3` those before it.
const olderOf = ({ id, window }: Counter): string[] =>
  Array.from({ length: window.swept }, (_, index) => `#${id}${index + 1}`);

/** A new window has room for as many calls as the limit; `:m` is below zero for more. */
const hasRoom = ({ id, calls, most }: Counter): string =>
  calls <= most ? `(attribute_not_exists(#${id}) OR #${id} <= :${id})` : `#${id} <= :${id}`;

/**
 * The person's own limit goes before all others. Conditions cannot subtract, so one call is compared
 * with it here, and the rest of a batch with what the write of its first call has shown.
 */
const hasRoomFor = (counter: Counter, personal: CallLimit | undefined): string => {
  const { window, tool, id } = counter;
  if (tool !== undefined) return hasRoom(counter);
  const own = window.personal;
  if (personal?.[window.limit] !== undefined) return `${own} = :${id}own AND ${hasRoom(counter)}`;
  const general = `(attribute_not_exists(${own}) AND ${hasRoom(counter)})`;
  if (personal !== undefined || counter.calls !== 1) return general;
  return `(${general} OR #${id} < ${own} OR (attribute_not_exists(#${id}) AND attribute_exists(${own})))`;
};

type CountingUpdate = Required<Omit<Update, 'pk'>>;

// The update of the last request that was one call of no tool with a limit of its own, as nearly all
// are: within a minute, and for callers of the same limit, it is the next one's too.
let plain: { readonly key: string; readonly update: CountingUpdate } | undefined;

/** Counts, if every window has room for all of it. `:expiresAt` is the caller's to give. */
export const countingUpdate = (counted: Counted, now: Date): CountingUpdate => {
  const { calls, limit, tools, personal } = counted;
  if (calls !== 1 || tools !== undefined || personal !== undefined) return updateOf(counted, now);
  const minute = Math.floor(now.getTime() / 60_000);
  const key = `${minute} ${limit.perMinute} ${limit.perHour}`;
  if (plain?.key !== key) plain = { key, update: updateOf(counted, now) };
  return plain.update;
};

/** When the item of a user who calls now may go. Beside the update, which is that of a minute. */
export const expiresAt = (now: Date): number => epochSeconds(now) + lifetimes.userSeconds;

const updateOf = (counted: Counted, now: Date): CountingUpdate => {
  const counters = countersOf(counted, now);
  const { personal } = counted;
  const names: Record<string, string> = {};
  const values: Record<string, number> = {};
  for (const counter of counters) {
    const { id, calls, most, window, tool } = counter;
    names[`#${id}`] = attribute(counter);
    values[`:${id}n`] = calls;
    values[`:${id}`] = most - calls;
    const own = personal?.[window.limit];
    if (tool === undefined && own !== undefined) values[`:${id}own`] = own;
    for (let back = 1; back <= window.swept; back++)
      names[`#${id}${back}`] = attribute(counter, back);
  }
  const additions = counters.map(({ id }) => `#${id} :${id}n`);
  return {
    update: `ADD ${additions.join(', ')} SET expiresAt = :expiresAt REMOVE ${counters.flatMap(olderOf).join(', ')}`,
    condition: counters.map((counter) => hasRoomFor(counter, personal)).join(' AND '),
    names,
    values,
  };
};

export interface FullWindow {
  readonly window: Window['name'];
  readonly retryAfterSeconds: number;
  /** The most that it takes. */
  readonly most: number;
  /** Whose limit it is: a tool's, this person's own, or the caller's as everybody's or a group's. */
  readonly of: 'tool' | 'person' | 'caller';
  readonly tool: string | undefined;
}

/** Which window had no room. */
export const fullWindow = (item: Item | undefined, counted: Counted, now: Date): FullWindow => {
  const counters = countersOf(counted, now).map((counter) => {
    const own = counter.tool === undefined ? numberIn(item, counter.window.personal) : undefined;
    const most = own ?? counter.most;
    const isFull = (numberIn(item, attribute(counter)) ?? 0) + counter.calls > most;
    return { ...counter, most, isFull, isOwn: own !== undefined };
  });
  // The longest of the full windows: before it ends, waiting for a shorter one is of no use.
  const full = counters
    .filter(({ isFull }) => isFull)
    .sort((one, other) => other.window.seconds - one.window.seconds)[0];
  const { window, number, most, tool, isOwn } = full ?? counters[0] ?? missing();
  const milliseconds = (number + 1) * window.seconds * 1000 - now.getTime();
  return {
    window: window.name,
    retryAfterSeconds: Math.max(1, Math.ceil(milliseconds / 1000)),
    most,
    of: whose(tool, isOwn),
    tool,
  };
};

const missing = (): never => {
  throw new Error('A request counts in no window.');
};

const whose = (tool: string | undefined, isOwn: boolean): FullWindow['of'] => {
  if (tool !== undefined) return 'tool';
  return isOwn ? 'person' : 'caller';
};

const numberIn = (item: Item | undefined, name: string): number | undefined => {
  const value = item?.[name];
  return typeof value === 'number' ? value : undefined;
};

const windowName = /^([mh])(\d+)(?:\.(.+))?$/s;

/** Windows that have passed and are still in the item. */
export const passedWindows = (item: Item, now: Date): string[] => {
  const passed: string[] = [];
  for (const name in item) {
    const [, prefix, number] = windowName.exec(name) ?? [];
    const window = windows.find((each) => each.prefix === prefix);
    if (window !== undefined && Number(number) < numberOf(window, now)) passed.push(name);
  }
  return passed;
};

/** Calls in the current minute and hour. */
export interface WindowUsage {
  readonly minute: number;
  readonly hour: number;
}

export interface Usage extends WindowUsage {
  /** The person's own limit, where there is one. */
  readonly personal: CallLimit;
  /** Of the tools that have a limit of their own and were called. */
  readonly tools: Readonly<Record<string, WindowUsage>>;
}

/** The limit that an item holds for its person. */
export const personalLimit = (item: Item | undefined): CallLimit => {
  const limit: { -readonly [Window in keyof CallLimit]: CallLimit[Window] } = {};
  for (const window of windows) {
    const own = numberIn(item, window.personal);
    if (own !== undefined) limit[window.limit] = own;
  }
  return limit;
};

/** What the current windows of a user's item have counted so far. */
export const usageIn = (item: Item, now: Date): Usage => {
  const usageOf = (tool?: string): WindowUsage => {
    const [minute = 0, hour = 0] = windows.map((window) =>
      numberIn(item, attribute({ window, number: numberOf(window, now), tool })),
    );
    return { minute, hour };
  };
  const tools = Object.keys(item).flatMap((name) => windowName.exec(name)?.[3] ?? []);
  const used = [...new Set(tools)]
    .map((tool) => [tool, usageOf(tool)] as const)
    .filter(([, { minute, hour }]) => minute + hour > 0);
  return { ...usageOf(), personal: personalLimit(item), tools: Object.fromEntries(used) };
};
