import {
  HeadersFrameOption,
  HeadersReferrerPolicy,
  ResponseHeadersPolicy,
} from 'aws-cdk-lib/aws-cloudfront';
import { Duration } from 'aws-cdk-lib/core';
import type { Construct } from 'constructs';
import type { Environment } from '../../policy/deployment.ts';
import {
  headerTable,
  literalHeaders,
  removedHeaders,
  securityHeaderFacts,
} from '../../policy/headers.ts';
import { globalName } from '../names.ts';

const customHeaders = ['permissions-policy', 'cache-control'] as const;

/**
 * The header table for responses of the origin that lack a row of it. It never replaces a header
 * that the origin has set: pages have a stricter content-security-policy, and documents may be
 * cached. Errors that CloudFront makes itself (a method that it does not pass on, an origin that
 * does not answer in time) never get a response-headers policy.
 */
export const edgeHeadersPolicy = (
  scope: Construct,
  id: string,
  environment: Environment,
): ResponseHeadersPolicy => {
  const override = false;
  const { strictTransportSecurity: hsts } = securityHeaderFacts;
  // CloudFront takes these six by name only, and the rest as custom headers.
  return new ResponseHeadersPolicy(scope, id, {
    responseHeadersPolicyName: globalName(scope, id),
    comment: 'Gatehouse: the header table, where the origin has not set it',
    securityHeadersBehavior: {
      contentTypeOptions: { override },
      frameOptions: { frameOption: HeadersFrameOption.DENY, override },
      xssProtection: { protection: true, modeBlock: true, override },
      strictTransportSecurity: {
        accessControlMaxAge: Duration.seconds(hsts.maxAge),
        includeSubdomains: hsts.includeSubDomains,
        preload: hsts.preload,
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
      customHeaders: customHeaders.map((header) => ({
        header,
        value: literalHeaders[header],
        override,
      })),
    },
    removeHeaders: [...removedHeaders],
  });
};
