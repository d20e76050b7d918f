import { Unexpected } from '../errors/errors.ts';
import type { LimitUser } from '../user-limit/user-limit.ts';
import { type Middleware, requestOf } from './request-context.ts';

/**
 * RATE-5: counts a request against its user; a batch of n counts n. Last before the handler, so
 * that refused requests count nothing.
 */
export const userLimit = (limitUser: LimitUser): Middleware => ({
  before: async ({ event }) => {
    const request = requestOf(event);
    if (!request.caller) throw new Unexpected({ detail: 'a user limit needs authentication' });
    await limitUser(
      request.caller,
      Array.isArray(request.json) ? Math.max(1, request.json.length) : 1,
      request,
    );
  },
});
