import { lifetimes } from '../../policy/lifetimes.ts';
import { ConditionFailed, type Table, TableThrottled, TableUnreachable } from '../aws/table.ts';
import { BlockedUser, RateLimitExceeded, TemporarilyUnavailable } from '../errors/errors.ts';
import type { Caller } from '../http/caller.ts';
import type { SecuredRequest } from '../http/request.ts';
import { userHash } from '../logging/user-hash.ts';
import { counting, explainRefusal, sweeping } from './window.ts';

/**
 * RATE-5 and the kill switch. `calls` is the length of a batch, else 1.
 * @throws RateLimitExceeded, BlockedUser
 */
export type LimitUser = (
  caller: Caller,
  calls: number,
  request: Pick<SecuredRequest, 'now' | 'logger' | 'securityEvent'>,
) => Promise<void>;

/**
 * RATE-5 and the kill switch: one conditional update a request, exact however many run at once.
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
    try {
      const item = await table.update(counting(caller.sub, calls, request.now));
      const sweep = sweeping(item, request.now);
      // The request is counted by now: housekeeping that fails is the next request's to do again.
      if (sweep)
        await table
          .update(sweep)
          .catch((cause: unknown) =>
            request.logger.warning('Old windows were not swept', { cause }),
          );
    } catch (error) {
      if (error instanceof TableUnreachable) {
        request.securityEvent('UserLimitUnavailable', {
          user: userHash(caller.sub),
          profile: caller.profile,
          cause: error,
        });
        return;
      }
      throw refusal(error, calls, request.now);
    }
  };

const refusal = (error: unknown, calls: number, now: Date): Error => {
  if (error instanceof TableThrottled)
    return new RateLimitExceeded({ retryAfterSeconds: lifetimes.retryAfterSeconds, cause: error });
  if (!(error instanceof ConditionFailed)) return new TemporarilyUnavailable({ cause: error });
  const why = explainRefusal(error.item, calls, now);
  if (why.reason === 'blocked') return new BlockedUser();
  const { limit, retryAfterSeconds } = why;
  return new RateLimitExceeded({
    retryAfterSeconds,
    detail: `user limit per ${limit}`,
    fix: `Try again in ${retryAfterSeconds} s.`,
  });
};
