import { baseScope } from '../../policy/scopes.ts';
import type { Authenticate } from '../access-token/verifier.ts';
import { InsufficientScope } from '../errors/errors.ts';
import { type Middleware, requestOf } from './request-context.ts';

/**
 * Verifies the token again (the authorizer did): nothing behind the gateway takes the gateway's
 * word for who calls.
 */
export const authentication = (authenticate: Authenticate): Middleware => ({
  before: async ({ event }) => {
    const request = requestOf(event);
    const caller = await authenticate(request.headers['authorization'], request.now);
    if (!caller.scopes.includes(baseScope))
      throw new InsufficientScope({ data: { requiredScopes: [baseScope] } });
    request.caller = caller;
  },
});
