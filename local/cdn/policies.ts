import * as z from 'zod';
import { StartupFailure } from '../failure.ts';
import { propertiesOf, type Stack } from '../template/stack.ts';

/** How long an answer may be kept, and what tells two requests apart. */
export interface CachePolicy {
  readonly minimumSeconds: number;
  readonly defaultSeconds: number;
  readonly maximumSeconds: number;
  /** Request headers that are part of the key, in lower case. */
  readonly headers: readonly string[];
}

/**
 * https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/using-managed-cache-policies.html
 */
const managedCachePolicies: Readonly<Record<string, CachePolicy>> = {
  '4135ea2d-6df8-44a3-9df3-4b5a84be39ad': {
    minimumSeconds: 0,
    defaultSeconds: 0,
    maximumSeconds: 0,
    headers: [],
  },
};

/**
 * What of a viewer's request goes on to the origin, beside the headers of the cache key:
 * everything, or these headers and no query.
 */
export type OriginRequestPolicy = 'all but Host' | readonly string[];

/** AllViewerExceptHostHeader: what the viewer sent goes on, but the origin gets its own Host. */
const allViewerExceptHost = 'b689b0a8-53d0-40ab-baf2-68738e2966ac';

const originRequestPolicy = z.strictObject({
  OriginRequestPolicyConfig: z.strictObject({
    Comment: z.string().optional(),
    CookiesConfig: z.strictObject({ CookieBehavior: z.literal('none') }),
    HeadersConfig: z.strictObject({
      HeaderBehavior: z.literal('whitelist'),
      Headers: z.array(z.string()),
    }),
    Name: z.string(),
    QueryStringsConfig: z.strictObject({ QueryStringBehavior: z.literal('none') }),
  }),
});

export const readOriginRequestPolicies = (stack: Stack): ReadonlyMap<string, OriginRequestPolicy> =>
  new Map<string, OriginRequestPolicy>([
    [allViewerExceptHost, 'all but Host'],
    ...stack.resources('AWS::CloudFront::OriginRequestPolicy').map((resource) => {
      const { OriginRequestPolicyConfig: config } = propertiesOf(originRequestPolicy, resource);
      return [
        stack.ref(resource.logicalId),
        config.HeadersConfig.Headers.map((name) => name.toLowerCase()),
      ] as const;
    }),
  ]);

const cachePolicy = z.strictObject({
  CachePolicyConfig: z.strictObject({
    Comment: z.string().optional(),
    DefaultTTL: z.number(),
    MaxTTL: z.number(),
    MinTTL: z.number(),
    Name: z.string(),
    ParametersInCacheKeyAndForwardedToOrigin: z.strictObject({
      CookiesConfig: z.strictObject({ CookieBehavior: z.literal('none') }),
      // Answers are not compressed here, so they do not differ by it.
      EnableAcceptEncodingBrotli: z.boolean().optional(),
      EnableAcceptEncodingGzip: z.boolean(),
      HeadersConfig: z.union([
        z.strictObject({ HeaderBehavior: z.literal('none') }),
        z.strictObject({ HeaderBehavior: z.literal('whitelist'), Headers: z.array(z.string()) }),
      ]),
      QueryStringsConfig: z.strictObject({ QueryStringBehavior: z.literal('none') }),
    }),
  }),
});

/** The cache policies that behaviors may name, AWS's and the template's. */
export const readCachePolicies = (stack: Stack): ReadonlyMap<string, CachePolicy> =>
  new Map([
    ...Object.entries(managedCachePolicies),
    ...stack.resources('AWS::CloudFront::CachePolicy').map((resource) => {
      const { CachePolicyConfig: config } = propertiesOf(cachePolicy, resource);
      const { HeadersConfig: headers } = config.ParametersInCacheKeyAndForwardedToOrigin;
      return [
        stack.ref(resource.logicalId),
        {
          minimumSeconds: config.MinTTL,
          defaultSeconds: config.DefaultTTL,
          maximumSeconds: config.MaxTTL,
          headers:
            headers.HeaderBehavior === 'whitelist'
              ? headers.Headers.map((name) => name.toLowerCase())
              : [],
        },
      ] as const;
    }),
  ]);

/** The policy that an id names. @throws StartupFailure when there is none. */
export const named = <T>(policies: ReadonlyMap<string, T>, id: string, where: string): T => {
  const policy = policies.get(id);
  if (policy === undefined)
    throw new StartupFailure(
      `${where} names the policy ${id}, which the local runtime does not know (local/cdn/policies.ts).`,
    );
  return policy;
};
