import { lifetimes } from '../../policy/lifetimes.ts';
import type { CallLimit, UserLimits } from '../../policy/limits.ts';
import { type Table, TableThrottled, TableUnreachable } from '../aws/table.ts';
import {
  BlockedUser,
  InvalidToken,
  RateLimitExceeded,
  TemporarilyUnavailable,
} from '../errors/errors.ts';
import type { Caller } from '../http/caller.ts';
import type { SecuredRequest } from '../http/request.ts';
import { userHash } from '../logging/user-hash.ts';
import { type Count, countCalls } from '../store/calls.ts';
import type { ToolCalls } from '../store/user-windows.ts';
import { callerLimit, type WindowLimit } from './caller-limit.ts';

/** What a request counts against its user. */
export interface CountedRequest {
  readonly calls: number;
  /** Those of tools that have a limit of their own. @default none */
  readonly tools?: readonly ToolCalls[];
  /** What the first call of a batch was counted with. */
  readonly personal?: CallLimit;
}

/** The calls of tools that have a limit of their own, in a body that nobody has checked yet. */
export type LimitedTools = (json: unknown, caller: Caller) => readonly ToolCalls[];

/**
 * RATE-5 and the kill switch.
 * @returns the person's own limit, for the rest of a batch
 * @throws RateLimitExceeded, BlockedUser, InvalidToken, TemporarilyUnavailable
 */
export type LimitUser = (
  caller: Caller,
  counted: CountedRequest,
  request: Pick<SecuredRequest, 'now' | 'logger' | 'securityEvent'>,
) => Promise<CallLimit>;

/**
 * RATE-5 and the kill switch: one conditional update a request.
 *
 * When the table fails:
 * - throttled: refused. DynamoDB throttles by key and the key is the user's, so it is their own
 *   flood that throttles. Letting it through would lift the limit for whoever floods hardest.
 * - unreachable: let through, with a security event that wakes somebody. The address limits, usage
 *   plans and throttles still hold, and tokens are still verified. Refusing would make an outage of
 *   the counter an outage of the service.
 * - any other response (no such table, no permission): refused. That is a deployment gone wrong,
 *   which must not look healthy.
 */
export const userLimiter =
  (table: Table, limits: UserLimits): LimitUser =>
  async (caller, counted, request) => {
    const { perMinute, perHour } = callerLimit(limits, caller.groups);
    const limit = { perMinute: perMinute.most, perHour: perHour.most };
    let count: Count;
    try {
      count = await countCalls(table, caller, { ...counted, limit }, request.now);
    } catch (error) {
      if (!(error instanceof TableUnreachable)) throw errorOf(error);
      request.securityEvent('UserLimitUnavailable', {
        user: userHash(caller.sub),
        profile: caller.profile,
        cause: error,
      });
      return {};
    }
    refuse(count, { minute: perMinute, hour: perHour });
    // The request is counted by now: housekeeping that fails is the next request's to do again.
    await count.sweep?.().catch((cause: unknown) => {
      request.logger.warning('Old windows were not swept', { cause });
    });
    return count.personal;
  };

const errorOf = (cause: unknown): Error =>
  cause instanceof TableThrottled
    ? new RateLimitExceeded({ retryAfterSeconds: lifetimes.retryAfterSeconds, cause })
    : new TemporarilyUnavailable({ cause });

type Counted = Extract<Count, { readonly outcome: 'counted' }>;

type Limited = Extract<Count, { readonly outcome: 'limited' }>;
type CallerLimits = Readonly<Record<Limited['window'], WindowLimit>>;

function refuse(count: Count, limits: CallerLimits): asserts count is Counted {
  if (count.outcome === 'blocked') throw new BlockedUser();
  if (count.outcome === 'ended') throw new InvalidToken({ detail: 'its grant has ended' });
  if (count.outcome === 'counted') return;
  const { window, retryAfterSeconds, most, tool } = count;
  const { group } = limits[window];
  const of = limitOf(count, group);
  throw new RateLimitExceeded({
    retryAfterSeconds,
    message: `Too many requests. ${words(count, group)}`,
    detail: `${of} limit per ${window}`,
    fix: `Try again in ${retryAfterSeconds} s.`,
    data: { limit: { of, ...(tool !== undefined && { tool }), calls: most, per: window } },
    about: { ...(tool !== undefined && { tool }), limit: `${of} per ${window}` },
  });
}

const limitOf = ({ of }: Limited, group: string | undefined) => {
  if (of !== 'caller') return of;
  return group === undefined ? 'user' : 'group';
};

/** Which limit it was, so that people know whom to ask for another. */
const words = ({ of, tool, most, window }: Limited, group: string | undefined): string => {
  const times = most === 1 ? 'one call' : `${most} calls`;
  if (of === 'tool') return `Each user may make ${times} of ${tool} a ${window}.`;
  if (of === 'person') return `You may make ${times} a ${window}, by a limit of your own.`;
  if (group === undefined) return `Each user may make ${times} a ${window}.`;
  return `Members of ${group} may make ${times} a ${window}.`;
};
