import * as z from 'zod';
import { type Aws, jsonCall } from '../../aws/aws.ts';
import type { Check } from '../check.ts';
import type { Deployed } from './stack.ts';

/** https://docs.aws.amazon.com/waf/latest/APIReference/API_WebACL.html */
const webAclType = z.looseObject({
  ARN: z.string(),
  Name: z.string(),
  Capacity: z.number(),
  Rules: z
    .array(
      z.looseObject({
        Name: z.string(),
        VisibilityConfig: z.looseObject({ MetricName: z.string() }),
      }),
    )
    .default([]),
});
const webAclResponse = z.looseObject({ WebACL: webAclType.optional() });
/** https://docs.aws.amazon.com/waf/latest/APIReference/API_SampledHTTPRequest.html */
const samples = z.looseObject({
  SampledRequests: z
    .array(
      z.looseObject({
        Action: z.string().optional(),
        Weight: z.number().default(1),
        Request: z.looseObject({
          ClientIP: z.string().default(''),
          Method: z.string().default(''),
          URI: z.string().default(''),
        }),
      }),
    )
    .default([]),
});

type WebAcl = z.infer<typeof webAclType>;

/** What the basic price covers. https://docs.aws.amazon.com/waf/latest/developerguide/aws-waf-capacity-units.html */
const basicCapacity = 1500;
/** Samples of the last three hours are kept. */
const sampledSeconds = 3 * 3600;

const call = (aws: Aws, operation: string, input: object): Promise<unknown> =>
  jsonCall(aws, 'wafv2', `AWSWAF_20190729.${operation}`, input);

/** Their physical ids are `name|id|scope`. */
const webAclsOf = async ({ aws, idsOf }: Deployed): Promise<readonly WebAcl[]> => {
  const all: WebAcl[] = [];
  for (const each of idsOf('AWS::WAFv2::WebACL')) {
    const [Name, Id, Scope] = each.split('|');
    const { WebACL } = webAclResponse.parse(await call(aws, 'GetWebACL', { Name, Id, Scope }));
    if (WebACL !== undefined) all.push(WebACL);
  }
  return all;
};

const refused = async (
  { aws, now }: Deployed,
  acl: WebAcl,
  { Name, VisibilityConfig }: WebAcl['Rules'][number],
): Promise<readonly string[]> => {
  const end = Math.floor(now.getTime() / 1000);
  const { SampledRequests } = samples.parse(
    await call(aws, 'GetSampledRequests', {
      WebAclArn: acl.ARN,
      RuleMetricName: VisibilityConfig.MetricName,
      Scope: 'REGIONAL',
      TimeWindow: { StartTime: end - sampledSeconds, EndTime: end },
      MaxItems: 100,
    }),
  );
  const blocked = SampledRequests.filter(({ Action }) => Action === 'BLOCK');
  const [first] = blocked;
  if (first === undefined) return [];
  const { Method, URI, ClientIP } = first.Request;
  return [
    `${acl.Name}: rule ${Name} refused ${blocked.length} of the sampled requests, such as ${Method} ${URI} of ${ClientIP}.`,
  ];
};

export const webAcls: readonly Check<Deployed>[] = [
  {
    id: 'web-acl',
    title:
      'Web ACLs stand before the stage and the user pool, within the capacity of the basic price',
    controls: ['RATE-9'],
    fix: 'Deploy again: an association that was changed by hand comes back. Over 1,500 units each million requests costs more: take rules out.',
    run: async (deployed) => {
      const { aws, idsOf } = deployed;
      const acls = await webAclsOf(deployed);
      const [api] = idsOf('AWS::ApiGateway::RestApi');
      const [stage] = idsOf('AWS::ApiGateway::Stage');
      const partition = acls[0]?.ARN.split(':')[1] ?? 'aws';
      const { WebACL: before } = webAclResponse.parse(
        await call(aws, 'GetWebACLForResource', {
          ResourceArn: `arn:${partition}:apigateway:${aws.region}::/restapis/${api}/stages/${stage}`,
        }),
      );
      return {
        faults: [
          ...(acls.length === 0 ? ['The stack has no web ACL.'] : []),
          ...(before !== undefined && acls.some(({ ARN }) => ARN === before.ARN)
            ? []
            : [`Before the stage stands ${before?.Name ?? 'no web ACL'}.`]),
          ...acls
            .filter(({ Capacity }) => Capacity > basicCapacity)
            .map(({ Name, Capacity }) => `${Name} needs ${Capacity} capacity units.`),
        ],
        notes: acls.map(
          ({ Name, Capacity }) => `${Name}: ${Capacity} of ${basicCapacity} capacity units`,
        ),
      };
    },
  },
  {
    id: 'sampled-requests',
    title: 'What the web ACLs refused in the last three hours can be looked at',
    controls: ['RATE-9'],
    fix: 'GetSampledRequests was refused: the permission is wafv2:GetSampledRequests.',
    run: async (deployed) => {
      const notes: string[] = [];
      for (const acl of await webAclsOf(deployed))
        for (const rule of acl.Rules) notes.push(...(await refused(deployed, acl, rule)));
      return { faults: [], notes: notes.length > 0 ? notes : ['Nothing was refused.'] };
    },
  },
];
