import * as z from 'zod';
import { StartupFailure } from '../failure.ts';
import { propertiesOf, type Stack } from '../template/stack.ts';
import { compileEdgeFunction, type EdgeFunction } from './edge-function.ts';
import { type ApplyHeaders, readHeadersPolicies } from './headers-policies.ts';
import {
  type CachePolicy,
  named,
  type OriginRequestPolicy,
  readCachePolicies,
  readOriginRequestPolicies,
} from './policies.ts';

export interface Origin {
  readonly domainName: string;
  /** Goes before the path. */
  readonly path: string;
  /** Set over whatever the viewer sent. */
  readonly headers: Readonly<Record<string, string>>;
  readonly readMilliseconds: number;
}

export interface Behavior {
  readonly pathPattern: string;
  readonly methods: readonly string[];
  readonly origin: Origin;
  readonly cache: CachePolicy;
  readonly passes: OriginRequestPolicy;
  readonly applyHeaders: ApplyHeaders;
  readonly edgeFunction?: EdgeFunction;
}

/** The template's distribution. */
export interface Distribution {
  readonly id: string;
  readonly domainName: string;
  /** In the order in which they are tried; the last one takes every path. */
  readonly behaviors: readonly Behavior[];
  /** How long an error is kept, by status: those that the template sets. */
  readonly keptErrorSeconds: ReadonlyMap<number, number>;
}

/** The local runtime speaks plain http: what this says about TLS is not emulated. */
const tls = z.string();

const behaviorProperties = {
  AllowedMethods: z.array(z.string()).default(['GET', 'HEAD']),
  CachedMethods: z.array(z.enum(['GET', 'HEAD'])).optional(),
  CachePolicyId: z.string(),
  // Answers are not compressed here: it changes no content.
  Compress: z.boolean().optional(),
  FunctionAssociations: z
    .array(z.strictObject({ EventType: z.literal('viewer-request'), FunctionARN: z.string() }))
    .max(1)
    .default([]),
  OriginRequestPolicyId: z.string(),
  ResponseHeadersPolicyId: z.string(),
  TargetOriginId: z.string(),
  ViewerProtocolPolicy: tls,
};

const defaultBehavior = z.strictObject(behaviorProperties);

const originProperties = z.strictObject({
  CustomOriginConfig: z.strictObject({
    OriginKeepaliveTimeout: z.number().optional(),
    OriginProtocolPolicy: tls,
    OriginReadTimeout: z.number().default(30),
    OriginSSLProtocols: z.array(tls).optional(),
  }),
  DomainName: z.string(),
  Id: z.string(),
  OriginCustomHeaders: z
    .array(z.strictObject({ HeaderName: z.string(), HeaderValue: z.string() }))
    .default([]),
  OriginPath: z.string().default(''),
});

const distributionProperties = z.looseObject({
  DistributionConfig: z.strictObject({
    CacheBehaviors: z
      .array(z.strictObject({ ...behaviorProperties, PathPattern: z.string() }))
      .default([]),
    Comment: z.string().optional(),
    // No pages of its own: they would stand in for the header table and the shape of our errors.
    CustomErrorResponses: z
      .array(z.strictObject({ ErrorCachingMinTTL: z.number(), ErrorCode: z.number() }))
      .default([]),
    DefaultCacheBehavior: defaultBehavior,
    Enabled: z.literal(true),
    HttpVersion: z.string().optional(),
    IPV6Enabled: z.boolean().optional(),
    Origins: z.array(originProperties),
    ViewerCertificate: z.unknown().optional(),
  }),
});

const functionProperties = z.looseObject({
  AutoPublish: z.literal(true),
  FunctionCode: z.string(),
  FunctionConfig: z.strictObject({ Comment: z.string(), Runtime: z.literal('cloudfront-js-2.0') }),
});

/** The distribution in front of the stage, if the template has one. */
export const readDistribution = (stack: Stack): Distribution | undefined => {
  const [resource, ...others] = stack.resources('AWS::CloudFront::Distribution');
  if (resource === undefined) return undefined;
  if (others.length > 0)
    throw new StartupFailure(
      'The template has several distributions; the local runtime emulates one.',
    );
  const { DistributionConfig: config } = propertiesOf(distributionProperties, resource);
  const origins = new Map(config.Origins.map((origin) => [origin.Id, readOrigin(origin)]));
  const cachePolicies = readCachePolicies(stack);
  const originRequestPolicies = readOriginRequestPolicies(stack);
  const headersPolicies = readHeadersPolicies(stack);
  const edgeFunctions = new Map(
    stack.resources('AWS::CloudFront::Function').map((each) => {
      const { FunctionCode } = propertiesOf(functionProperties, each);
      return [
        stack.attribute(each.logicalId, 'FunctionARN'),
        compileEdgeFunction(FunctionCode, `${each.logicalId}.FunctionCode`),
      ] as const;
    }),
  );
  const behavior = (pathPattern: string, given: z.infer<typeof defaultBehavior>): Behavior => {
    const where = `${resource.logicalId}, behavior ${pathPattern}`;
    const association = given.FunctionAssociations[0];
    return {
      pathPattern,
      methods: given.AllowedMethods,
      origin: named(origins, given.TargetOriginId, where),
      cache: named(cachePolicies, given.CachePolicyId, where),
      passes: named(originRequestPolicies, given.OriginRequestPolicyId, where),
      applyHeaders: named(headersPolicies, given.ResponseHeadersPolicyId, where),
      ...(association && { edgeFunction: named(edgeFunctions, association.FunctionARN, where) }),
    };
  };
  return {
    id: stack.ref(resource.logicalId),
    domainName: stack.attribute(resource.logicalId, 'DomainName'),
    behaviors: [
      ...config.CacheBehaviors.map(({ PathPattern, ...given }) => behavior(PathPattern, given)),
      behavior('*', config.DefaultCacheBehavior),
    ],
    keptErrorSeconds: new Map(
      config.CustomErrorResponses.map(({ ErrorCode, ErrorCachingMinTTL }) => [
        ErrorCode,
        ErrorCachingMinTTL,
      ]),
    ),
  };
};

const readOrigin = (origin: z.infer<typeof originProperties>): Origin => ({
  domainName: origin.DomainName,
  path: origin.OriginPath,
  headers: Object.fromEntries(
    origin.OriginCustomHeaders.map(({ HeaderName, HeaderValue }) => [
      HeaderName.toLowerCase(),
      HeaderValue,
    ]),
  ),
  readMilliseconds: origin.CustomOriginConfig.OriginReadTimeout * 1000,
});
