import httpSecurityHeaders from '@middy/http-security-headers';
import { discoveryCacheControl, securityHeaderFacts } from '../../policy/headers.ts';
import { lifetimes } from '../../policy/lifetimes.ts';

export const discovery = discoveryCacheControl.replace(
  '{discoverySeconds}',
  String(lifetimes.discoverySeconds),
);

/**
 * `default-src 'none'` and what is opened from there: whatever else a handler sends would be looser
 * than the table.
 */
export const isStrict = (policy: string | undefined): policy is string =>
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
