import { functionSeconds, retry } from './assumptions.ts';
import { type OwnLimits, quotas, type Throttle } from './quotas.ts';

/** A request on its way in. Times are seconds since the beginning. */
export interface Arrival {
  readonly at: number;
  readonly user: number;
  readonly address: number;
  readonly endpoint: 'mcp' | 'token' | 'metadata';
}

export type Layer = 'address' | 'method' | 'share' | 'lambda';

export interface Outcome {
  readonly requests: number;
  readonly refused: Readonly<Record<Layer, number>>;
  /** Requests that were refused to the end of the client's patience. */
  readonly givenUp: number;
  readonly peakConcurrency: number;
  readonly coldStarts: number;
  /** Seconds from the first try to the response, of those that got one. */
  readonly wait: { readonly median: number; readonly p99: number };
  /** By second: what came in, tries again included, and what was refused. */
  readonly timeline: readonly { readonly requests: number; readonly refused: number }[];
}

export interface Limits extends OwnLimits {
  /** What one address may do in a minute; `trustedNetworks` and a client's egress have more. */
  readonly addressPerMinute: number;
}

/** The same numbers at each run (mulberry32). */
export const random = (seed: number) => {
  let state = seed;
  return (): number => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
};

/** A token bucket, as API Gateway throttles. */
const bucket = ({ ratePerSecond, burst }: Throttle) => {
  let tokens: number = burst;
  let last = 0;
  return (at: number): boolean => {
    tokens = Math.min(burst, tokens + (at - last) * ratePerSecond);
    last = at;
    if (tokens < 1) return false;
    tokens -= 1;
    return true;
  };
};

/** Requests of the last minute by address, as a rate rule of AWS WAF counts, without its delay. */
const addressWindows = (most: number) => {
  const seen = new Map<number, { readonly times: number[]; first: number }>();
  return (address: number, at: number): boolean => {
    const window = seen.get(address) ?? { times: [], first: 0 };
    seen.set(address, window);
    while ((window.times[window.first] ?? at) < at - 60) window.first += 1;
    window.times.push(at);
    return window.times.length - window.first <= most;
  };
};

/** The sandboxes of one function: one works on one request at a time. */
const sandboxes = (seconds: number) => {
  // Each ends in the order in which it began, as all warm ones take as long, and all cold ones.
  const busy = [queue(), queue()] as const;
  let [idle, cold] = [0, 0];
  const settle = (at: number): void => {
    for (const each of busy) idle += each.endedBy(at);
  };
  return {
    start: (at: number): number => {
      settle(at);
      const isCold = idle === 0;
      const duration = isCold ? functionSeconds.cold + seconds : seconds;
      if (isCold) cold += 1;
      else idle -= 1;
      busy[isCold ? 1 : 0].add(at + duration);
      return duration;
    },
    busy: (at: number): number => {
      settle(at);
      return busy[0].length() + busy[1].length();
    },
    cold: (): number => cold,
  };
};

const queue = () => {
  const ends: number[] = [];
  let first = 0;
  return {
    add: (end: number): void => {
      ends.push(end);
    },
    endedBy: (at: number): number => {
      const before = first;
      while (first < ends.length && (ends[first] ?? at) <= at) first += 1;
      return first - before;
    },
    length: (): number => ends.length - first,
  };
};

interface Try extends Arrival {
  /** When the first try was, of a later one. */
  readonly began?: number;
  /** How many there were before. */
  readonly tries?: number;
}

/** Of so few requests each that they are soon sorted; a power of two, which multiplies exactly. */
const slotsPerSecond = 64;

/** Lists by a part of a second: what is added while it runs belongs to a later one. */
const agenda = (arrivals: readonly Arrival[]) => {
  const slots: Try[][] = [];
  const add = (each: Try): void => {
    const slot = Math.floor(each.at * slotsPerSecond);
    const list = slots[slot];
    if (list === undefined) slots[slot] = [each];
    else list.push(each);
  };
  for (const each of arrivals) add(each);
  return { slots, add };
};

const quantile = (sorted: Float64Array, share: number): number =>
  sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;

/**
 * Sends arrivals through the layers in the order in which a deployment has them: the web ACL's
 * count by address, API Gateway's method throttle, the usage-plan key of the user's share, Lambda.
 * Whoever is refused waits and comes again.
 */
export const simulate = (arrivals: readonly Arrival[], limits: Limits, seed = 1): Outcome => {
  const chance = random(seed);
  const { slots, add } = agenda(arrivals);
  const withinAddress = addressWindows(limits.addressPerMinute);
  const methods = {
    mcp: bucket(limits.mcpMethod),
    token: bucket(limits.otherMethods),
    metadata: bucket(limits.otherMethods),
  };
  const shares = Array.from({ length: limits.shares }, () => bucket(limits.share));
  const functions = {
    authorizer: sandboxes(functionSeconds.authorizer),
    mcp: sandboxes(functionSeconds.mcp),
    token: sandboxes(functionSeconds.token),
    metadata: sandboxes(functionSeconds.authorizer),
  };
  const everyFunction = Object.values(functions);
  const refused: Record<Layer, number> = { address: 0, method: 0, share: 0, lambda: 0 };
  const waits: number[] = [];
  const timeline: { requests: number; refused: number }[] = [];
  let [peakConcurrency, givenUp] = [0, 0];

  const refusedBy = ({ at, user, address, endpoint }: Try): Layer | undefined => {
    if (!withinAddress(address, at)) return 'address';
    if (!methods[endpoint](at)) return 'method';
    if (endpoint === 'mcp' && !shares[user % shares.length]?.(at)) return 'share';
    return undefined;
  };

  for (let slot = 0; slot < slots.length; slot += 1) {
    const due = (slots[slot] ?? []).sort((one, other) => one.at - other.at);
    const second = Math.floor(slot / slotsPerSecond);
    const entry = timeline[second] ?? { requests: 0, refused: 0 };
    timeline[second] = entry;
    entry.requests += due.length;
    for (const each of due) {
      const { at, began = at, tries = 0 } = each;
      let busy = 0;
      for (const one of everyFunction) busy += one.busy(at);
      peakConcurrency = Math.max(peakConcurrency, busy);
      const isFull = busy >= quotas.lambdaConcurrency.most;
      const layer = refusedBy(each) ?? (isFull ? 'lambda' : undefined);
      if (layer === undefined) {
        const authorized = each.endpoint === 'mcp' ? functions.authorizer.start(at) : 0;
        const duration = functions[each.endpoint].start(at + authorized);
        waits.push(at + authorized + duration - began);
        continue;
      }
      refused[layer] += 1;
      entry.refused += 1;
      if (tries >= retry.times) {
        givenUp += 1;
        continue;
      }
      const pause = {
        address: retry.seconds.address,
        method: retry.seconds.gateway,
        share: retry.seconds.gateway,
        lambda: retry.seconds.lambda,
      }[layer];
      // Never two of them at the same moment again.
      add({ ...each, began, at: at + pause * (1 + chance()) + 1, tries: tries + 1 });
    }
  }
  // By number, and without a call for each comparison.
  const sorted = Float64Array.from(waits).sort();
  return {
    requests: arrivals.length,
    refused,
    givenUp,
    peakConcurrency,
    coldStarts: everyFunction.reduce((sum, each) => sum + each.cold(), 0),
    wait: { median: quantile(sorted, 0.5), p99: quantile(sorted, 0.99) },
    timeline,
  };
};
