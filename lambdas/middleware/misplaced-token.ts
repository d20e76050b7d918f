import { MisplacedToken } from '../errors/errors.ts';
import { contentTypeOf } from './body.ts';
import { type Middleware, requestOf } from './request-context.ts';

/**
 * Query parameters that have carried tokens somewhere: URLs end up in logs, histories and Referer
 * headers.
 */
const inQuery = new Set([
  'access_token',
  'id_token',
  'refresh_token',
  'token',
  'bearer_token',
  'authorization',
]);

/**
 * AUTH-11: a token in the query string or in the body (RFC 6750 sections 2.2 and 2.3) is refused,
 * not ignored: whoever sends one has leaked it already and should hear of it. A form's `token` (RFC
 * 7009) and `refresh_token` (RFC 6749) are where they belong.
 */
export const misplacedToken = (): Middleware => ({
  before: ({ event }) => {
    const { query, body, json, headers } = requestOf(event);
    const inForm =
      contentTypeOf(headers['content-type']) === 'application/x-www-form-urlencoded' &&
      new URLSearchParams(body).has('access_token');
    const inJson = typeof json === 'object' && json !== null && Object.hasOwn(json, 'access_token');
    if (inForm || inJson || Object.keys(query).some((name) => inQuery.has(name)))
      throw new MisplacedToken();
  },
});
