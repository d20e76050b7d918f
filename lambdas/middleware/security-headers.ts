import { discoveryCacheControl, headerTable, removedHeaders } from '../../policy/headers.ts';
import { lifetimes } from '../../policy/lifetimes.ts';
import type { Middleware } from './request-context.ts';

const discovery = discoveryCacheControl.replace(
  '{discoverySeconds}',
  String(lifetimes.discoverySeconds),
);

/**
 * `default-src 'none'` and what is opened from there: whatever else a handler sends would be looser
 * than the table.
 */
const isStrict = (policy: string | undefined): policy is string =>
  policy?.startsWith("default-src 'none';") === true;

/**
 * F: the whole header table on every answer. Not `@middy/http-security-headers`: it overwrites a
 * page's stricter policy, cannot send `1; mode=block`, adds headers of its own, and would have the
 * figures of policy/headers a second time.
 */
export const securityHeaders = (environment: 'production' | 'development'): Middleware => {
  const table = headerTable(environment);
  const add: NonNullable<Middleware['after']> = (request) => {
    if (!request.response) return;
    const { headers: own = {} } = request.response;
    const headers: Record<string, string> = { ...own, ...table };
    if (isStrict(own['content-security-policy']))
      headers['content-security-policy'] = own['content-security-policy'];
    // The one exception that the policy knows.
    if (own['cache-control'] === discovery) headers['cache-control'] = discovery;
    for (const name of removedHeaders) delete headers[name];
    request.response = { ...request.response, headers };
  };
  return { after: add, onError: add };
};
