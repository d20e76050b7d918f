import httpSecurityHeaders from '@middy/http-security-headers';
import {
  contentSecurityPolicy,
  discoveryCacheControl,
  literalHeaders,
  removedHeaders,
  securityHeaderFacts,
} from '../../policy/headers.ts';
import { lifetimes } from '../../policy/lifetimes.ts';
import { lowerCased } from '../http/headers.ts';
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
 * F: the rows of the header table that `@middy/http-security-headers` can state. Its other headers
 * are off: the table does not have them, and its defaults would break pages and add forty
 * permissions.
 */
export const statedHeaders = () =>
  httpSecurityHeaders({
    ...securityHeaderFacts,
    contentSecurityPolicy: false,
    crossOriginEmbedderPolicy: false,
    crossOriginOpenerPolicy: false,
    crossOriginResourcePolicy: false,
    dnsPrefetchControl: false,
    downloadOptions: false,
    originAgentCluster: false,
    permissionsPolicy: false,
    permittedCrossDomainPolicies: false,
    reportTo: false,
    reportingEndpoints: false,
    xssProtection: false,
  });

/**
 * F: the rows that the package cannot send. Registered above every middleware that writes a
 * header, and so running after it: the names become lower case here, as HTTP/2 sends them, and of
 * two spellings the later one counts.
 */
export const literalRows = (environment: 'production' | 'development'): Middleware => {
  const finish: NonNullable<Middleware['after']> = (request) => {
    if (!request.response) return;
    const headers = lowerCased(request.response.headers);
    const { 'content-security-policy': ownPolicy, 'cache-control': ownCaching } = headers;
    Object.assign(headers, literalHeaders);
    headers['content-security-policy'] = isStrict(ownPolicy)
      ? ownPolicy
      : contentSecurityPolicy[environment];
    // The one exception that the policy knows.
    if (ownCaching === discovery) headers['cache-control'] = discovery;
    for (const name of removedHeaders) delete headers[name];
    request.response = { ...request.response, headers };
  };
  return { after: finish, onError: finish };
};
