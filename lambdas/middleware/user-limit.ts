import { Unexpected } from '../errors/errors.ts';
import type { LimitUser } from '../user-limit/user-limit.ts';
import { type Middleware, type MutableRequest, requestOf } from './request-context.ts';

const count = (limitUser: LimitUser, request: MutableRequest, calls: number): Promise<void> => {
  if (!request.caller) throw new Unexpected({ detail: 'a user limit needs authentication' });
  return limitUser(request.caller, calls, request);
};

/**
 * RATE-5: counts a request against its user before anything looks at its body. One that is no JSON,
 * too long or of another type costs its user as much as any other, and a blocked user is told so
 * whatever is sent.
 */
export const userLimit = (limitUser: LimitUser): Middleware => ({
  before: async ({ event }) => count(limitUser, requestOf(event), 1),
});

/** RATE-5: a batch of n counts n: `userLimit` has counted its first message, this adds the rest. */
export const batchLimit = (limitUser: LimitUser): Middleware => ({
  before: async ({ event }) => {
    const request = requestOf(event);
    if (Array.isArray(request.json) && request.json.length > 1)
      await count(limitUser, request, request.json.length - 1);
  },
});
