import {
  HeadersFrameOption,
  HeadersReferrerPolicy,
  ResponseHeadersPolicy,
} from 'aws-cdk-lib/aws-cloudfront';
import { Duration } from 'aws-cdk-lib/core';
import type { Construct } from 'constructs';
import { headerTable, removedHeaders, securityHeaders } from '../../policy/headers.ts';
import type { Environment } from '../configuration.ts';

/**
 * The header table for what the distribution answers itself (an origin that cannot be reached, a
 * method that it does not pass on). It never replaces a header that the origin has set: pages have
 * a stricter content-security-policy, and documents may be cached.
 */
export const edgeHeadersPolicy = (
  scope: Construct,
  id: string,
  environment: Environment,
): ResponseHeadersPolicy => {
  const override = false;
  const hsts = securityHeaders['strict-transport-security'];
  // CloudFront takes these six by name only, and the rest as custom headers.
  return new ResponseHeadersPolicy(scope, id, {
    comment: 'Gatehouse: the header table, where the origin has not set it',
    securityHeadersBehavior: {
      contentTypeOptions: { override },
      frameOptions: { frameOption: HeadersFrameOption.DENY, override },
      xssProtection: { protection: true, modeBlock: true, override },
      strictTransportSecurity: {
        accessControlMaxAge: Duration.seconds(Number(/max-age=(\d+)/.exec(hsts)?.[1])),
        includeSubdomains: hsts.includes('includeSubDomains'),
        override,
      },
      referrerPolicy: {
        referrerPolicy: HeadersReferrerPolicy.STRICT_ORIGIN_WHEN_CROSS_ORIGIN,
        override,
      },
      contentSecurityPolicy: {
        contentSecurityPolicy: headerTable(environment)['content-security-policy'],
        override,
      },
    },
    customHeadersBehavior: {
      customHeaders: (['permissions-policy', 'cache-control'] as const).map((header) => ({
        header,
        value: securityHeaders[header],
        override,
      })),
    },
    removeHeaders: [...removedHeaders],
  });
};
