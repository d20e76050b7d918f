import { lifetimes } from '../../policy/lifetimes.ts';
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

/**
 * RATE-5 and the kill switch. `calls` is the length of a batch, else 1.
 * @throws RateLimitExceeded, BlockedUser, InvalidToken, TemporarilyUnavailable
 */
export type LimitUser = (
  caller: Caller,
  calls: number,
  request: Pick<SecuredRequest, 'now' | 'logger' | 'securityEvent'>,
) => Promise<void>;

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
  (table: Table): LimitUser =>
  async (caller, calls, request) => {
    const count = await countCalls(table, caller, calls, request.now).catch((error: unknown) => {
      if (!(error instanceof TableUnreachable)) throw errorOf(error);
      request.securityEvent('UserLimitUnavailable', {
        user: userHash(caller.sub),
        profile: caller.profile,
        cause: error,
      });
    });
    if (count === undefined) return;
    refuse(count);
    // The request is counted by now: housekeeping that fails is the next request's to do again.
    await count.sweep?.().catch((cause: unknown) => {
      request.logger.warning('Old windows were not swept', { cause });
    });
  };

const errorOf = (cause: unknown): Error =>
  cause instanceof TableThrottled
    ? new RateLimitExceeded({ retryAfterSeconds: lifetimes.retryAfterSeconds, cause })
    : new TemporarilyUnavailable({ cause });

type Counted = Extract<Count, { readonly outcome: 'counted' }>;

function refuse(count: Count): asserts count is Counted {
  if (count.outcome === 'blocked') throw new BlockedUser();
  if (count.outcome === 'ended') throw new InvalidToken({ detail: 'its grant has ended' });
  if (count.outcome === 'counted') return;
  const { window, retryAfterSeconds } = count;
  throw new RateLimitExceeded({
    retryAfterSeconds,
    detail: `user limit per ${window}`,
    fix: `Try again in ${retryAfterSeconds} s.`,
  });
}
