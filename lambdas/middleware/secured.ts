import { type Endpoint, endpoints } from '../../policy/endpoints.ts';
import { sizes } from '../../policy/limits.ts';
import type { Handler } from '../http/request.ts';
import type { SecuredOptions } from './options.ts';
import { securityStack } from './stack.ts';

export type { Handler, HttpResponse, SecuredRequest } from '../http/request.ts';
export type { SecuredOptions } from './options.ts';

/**
 * The security stack around a handler, as the endpoint's row in policy/endpoints says: the one
 * import that an HTTP function needs.
 *
 * @throws TypeError at init, when the row asks for a token and nothing is given that verifies it
 */
export const secured = ({ endpoint, ...options }: SecuredOptions, handler: Handler) => {
  const row: Endpoint = endpoints[endpoint];
  const needsToken = row.authentication === 'access-token';
  if (needsToken !== (options.authenticate !== undefined && options.limitUser !== undefined))
    throw new TypeError(`${row.path} must verify and count its callers exactly where policy says`);
  return securityStack(
    {
      ...options,
      service: row.function,
      errors: row.errors,
      cors: row.browsers,
      ...(row.body !== 'none' && {
        bodies: { types: row.body.types, bytes: sizes[row.body.size] },
      }),
    },
    handler,
  );
};
