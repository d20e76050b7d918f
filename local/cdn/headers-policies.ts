import * as z from 'zod';
import type { Headers } from '../gateway/http-response.ts';
import { propertiesOf, type Stack } from '../template/stack.ts';

const override = z.boolean();
const item = z.strictObject({ Header: z.string(), Override: override, Value: z.string() });

const headersPolicy = z.strictObject({
  ResponseHeadersPolicyConfig: z.strictObject({
    Comment: z.string().optional(),
    CustomHeadersConfig: z.strictObject({ Items: z.array(item) }).default({ Items: [] }),
    Name: z.string(),
    RemoveHeadersConfig: z
      .strictObject({ Items: z.array(z.strictObject({ Header: z.string() })) })
      .default({ Items: [] }),
    SecurityHeadersConfig: z
      .strictObject({
        ContentSecurityPolicy: z
          .strictObject({ ContentSecurityPolicy: z.string(), Override: override })
          .optional(),
        ContentTypeOptions: z.strictObject({ Override: override }).optional(),
        FrameOptions: z
          .strictObject({ FrameOption: z.enum(['DENY', 'SAMEORIGIN']), Override: override })
          .optional(),
        ReferrerPolicy: z
          .strictObject({ ReferrerPolicy: z.string(), Override: override })
          .optional(),
        StrictTransportSecurity: z
          .strictObject({
            AccessControlMaxAgeSec: z.number(),
            IncludeSubdomains: z.boolean().default(false),
            Preload: z.boolean().default(false),
            Override: override,
          })
          .optional(),
        XSSProtection: z
          .strictObject({
            ModeBlock: z.boolean().default(false),
            Protection: z.boolean(),
            Override: override,
          })
          .optional(),
      })
      .default({}),
  }),
});

type SecurityHeaders = z.infer<
  typeof headersPolicy
>['ResponseHeadersPolicyConfig']['SecurityHeadersConfig'];

interface PolicyHeader {
  readonly name: string;
  readonly value: string;
  readonly override: boolean;
}

/** What a response headers policy does to an answer. */
export type ApplyHeaders = (headers: Headers) => Headers;

export const readHeadersPolicies = (stack: Stack): ReadonlyMap<string, ApplyHeaders> =>
  new Map(
    stack.resources('AWS::CloudFront::ResponseHeadersPolicy').map((resource) => {
      const { ResponseHeadersPolicyConfig: config } = propertiesOf(headersPolicy, resource);
      const added = [
        ...securityHeaders(config.SecurityHeadersConfig),
        ...config.CustomHeadersConfig.Items.map(({ Header, Value, Override }) => ({
          name: Header.toLowerCase(),
          value: Value,
          override: Override,
        })),
      ];
      const removed = new Set(
        config.RemoveHeadersConfig.Items.map(({ Header }) => Header.toLowerCase()),
      );
      return [
        stack.ref(resource.logicalId),
        (headers) => applyHeaders(headers, added, removed),
      ] as const;
    }),
  );

const applyHeaders = (
  headers: Headers,
  added: readonly PolicyHeader[],
  removed: ReadonlySet<string>,
): Headers => {
  const kept = headers.filter(([name]) => !removed.has(name.toLowerCase()));
  const present = new Set(kept.map(([name]) => name.toLowerCase()));
  const set = added.filter(({ name, override: over }) => over || !present.has(name));
  const replaced = new Set(set.map(({ name }) => name));
  return [
    ...kept.filter(([name]) => !replaced.has(name.toLowerCase())),
    ...set.map(({ name, value }) => [name, value] as const),
  ];
};

const securityHeaders = (config: SecurityHeaders): readonly PolicyHeader[] => {
  const {
    ContentSecurityPolicy: csp,
    ContentTypeOptions: types,
    FrameOptions: frames,
    ReferrerPolicy: referrer,
    StrictTransportSecurity: hsts,
    XSSProtection: xss,
  } = config;
  const row = (
    name: string,
    value: string,
    from: { readonly Override: boolean },
  ): PolicyHeader => ({
    name,
    value,
    override: from.Override,
  });
  return [
    ...(csp ? [row('content-security-policy', csp.ContentSecurityPolicy, csp)] : []),
    ...(types ? [row('x-content-type-options', 'nosniff', types)] : []),
    ...(frames ? [row('x-frame-options', frames.FrameOption, frames)] : []),
    ...(referrer ? [row('referrer-policy', referrer.ReferrerPolicy, referrer)] : []),
    ...(hsts
      ? [
          row(
            'strict-transport-security',
            `max-age=${hsts.AccessControlMaxAgeSec}${hsts.IncludeSubdomains ? '; includeSubDomains' : ''}${hsts.Preload ? '; preload' : ''}`,
            hsts,
          ),
        ]
      : []),
    ...(xss
      ? [
          row(
            'x-xss-protection',
            xss.Protection ? `1${xss.ModeBlock ? '; mode=block' : ''}` : '0',
            xss,
          ),
        ]
      : []),
  ];
};
