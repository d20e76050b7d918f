import * as z from 'zod';
import { StartupFailure } from '../failure.ts';
import type { HttpResponse } from '../gateway/http-response.ts';
import type { GatewayRequest } from '../gateway/request.ts';
import { propertiesOf, type Stack } from '../template/stack.ts';
import { addressSet } from './addresses.ts';
import { RateCounter } from './rate.ts';
import { type Action, type Rule, wafRules, webAclAction } from './rules.ts';
import { type Inspection, matches } from './statements.ts';

export type Verdict =
  | {
      readonly action: 'allow';
      readonly labels: readonly string[];
      readonly insertedHeaders: Readonly<Record<string, string>>;
    }
  /** `answer` is the rule's custom response; without one API Gateway answers WAF_FILTERED. */
  | {
      readonly action: 'block';
      readonly labels: readonly string[];
      readonly rule: string;
      readonly answer?: HttpResponse;
    };

/** A web ACL, as it stands before what it is associated with. */
export interface Firewall {
  readonly inspect: (request: GatewayRequest) => Verdict;
  /**
   * AWS's managed groups: their rules are not public, so none of them is emulated, and none of their
   * labels appears.
   */
  readonly managedGroups: readonly string[];
}

const contentTypes = {
  APPLICATION_JSON: 'application/json',
  TEXT_HTML: 'text/html',
  TEXT_PLAIN: 'text/plain',
} as const;

const webAclProperties = z.looseObject({
  AssociationConfig: z
    .strictObject({
      RequestBody: z.strictObject({
        API_GATEWAY: z.strictObject({
          DefaultSizeInspectionLimit: z.enum(['KB_16', 'KB_32', 'KB_48', 'KB_64']),
        }),
      }),
    })
    .optional(),
  CustomResponseBodies: z
    .record(
      z.string(),
      z.strictObject({
        ContentType: z.enum(['APPLICATION_JSON', 'TEXT_HTML', 'TEXT_PLAIN']),
        Content: z.string(),
      }),
    )
    .default({}),
  DefaultAction: webAclAction,
  Name: z.string().optional(),
  Rules: wafRules,
  Scope: z.literal('REGIONAL'),
});

const associationProperties = z.strictObject({ ResourceArn: z.string(), WebACLArn: z.string() });
const ipSetProperties = z.looseObject({
  Addresses: z.array(z.string()),
  IPAddressVersion: z.enum(['IPV4', 'IPV6']),
});
const patternSetProperties = z.looseObject({ RegularExpressionList: z.array(z.string()) });

/** Nothing stands before the resource. */
const open: Firewall = {
  inspect: () => ({ action: 'allow', labels: [], insertedHeaders: {} }),
  managedGroups: [],
};

/** The web ACL that the template associates with a resource. */
export const readFirewall = (stack: Stack, resourceArn: string): Firewall => {
  const association = stack
    .resources('AWS::WAFv2::WebACLAssociation')
    .map((each) => propertiesOf(associationProperties, each))
    .find(({ ResourceArn }) => ResourceArn === resourceArn);
  if (association === undefined) return open;
  const resource = stack
    .resources('AWS::WAFv2::WebACL')
    .find(({ logicalId }) => stack.attribute(logicalId, 'Arn') === association.WebACLArn);
  if (resource === undefined)
    throw new StartupFailure(
      `A web ACL association names ${association.WebACLArn}, which the template does not have.`,
    );
  const acl = propertiesOf(webAclProperties, resource);
  const sets = {
    addressSets: new Map(
      stack
        .resources('AWS::WAFv2::IPSet')
        .map(
          (each) =>
            [
              stack.attribute(each.logicalId, 'Arn'),
              addressSet(propertiesOf(ipSetProperties, each).Addresses),
            ] as const,
        ),
    ),
    patternSets: new Map(
      stack
        .resources('AWS::WAFv2::RegexPatternSet')
        .map(
          (each) =>
            [
              stack.attribute(each.logicalId, 'Arn'),
              propertiesOf(patternSetProperties, each).RegularExpressionList.map(
                (pattern) => new RegExp(pattern),
              ),
            ] as const,
        ),
    ),
  };
  return makeFirewall({
    rules: acl.Rules,
    defaultAction: acl.DefaultAction,
    labelPrefix: stack.attribute(resource.logicalId, 'LabelNamespace'),
    bodyLimit:
      1024 *
      Number(
        acl.AssociationConfig?.RequestBody.API_GATEWAY.DefaultSizeInspectionLimit.slice(
          'KB_'.length,
        ) ?? 16,
      ),
    customBodies: new Map(
      Object.entries(acl.CustomResponseBodies).map(
        ([key, { ContentType, Content }]) =>
          [key, { contentType: contentTypes[ContentType], content: Content }] as const,
      ),
    ),
    ...sets,
  });
};

interface FirewallParts extends Pick<Inspection, 'addressSets' | 'patternSets' | 'bodyLimit'> {
  readonly rules: readonly Rule[];
  readonly defaultAction: Action;
  readonly labelPrefix: string;
  readonly customBodies: ReadonlyMap<
    string,
    { readonly contentType: string; readonly content: string }
  >;
}

export const makeFirewall = ({
  rules,
  defaultAction,
  labelPrefix,
  customBodies,
  ...sets
}: FirewallParts): Firewall => {
  const counters = new Map(
    rules.flatMap((rule) =>
      'RateBasedStatement' in rule.Statement
        ? [[rule.Name, new RateCounter(rule.Statement.RateBasedStatement)] as const]
        : [],
    ),
  );
  const applies = (rule: Rule, inspection: Inspection): boolean => {
    if ('ManagedRuleGroupStatement' in rule.Statement) return false;
    if ('RateBasedStatement' in rule.Statement)
      return counters.get(rule.Name)?.isOver(inspection) ?? false;
    return matches(rule.Statement, inspection);
  };
  return {
    managedGroups: rules.flatMap(({ Statement }) =>
      'ManagedRuleGroupStatement' in Statement ? [Statement.ManagedRuleGroupStatement.Name] : [],
    ),
    inspect: (request) => {
      const labels = new Set<string>();
      const inserted: Record<string, string> = {};
      const finish = (action: Action, rule: string): Verdict | undefined => {
        if ('Block' in action) {
          const answer = customAnswer(action, customBodies);
          return { action: 'block', labels: [...labels], rule, ...(answer && { answer }) };
        }
        const handling =
          'Allow' in action
            ? action.Allow.CustomRequestHandling
            : action.Count.CustomRequestHandling;
        for (const { Name, Value } of handling?.InsertHeaders ?? [])
          inserted[`x-amzn-waf-${Name}`] = Value;
        return 'Allow' in action
          ? { action: 'allow', labels: [...labels], insertedHeaders: inserted }
          : undefined;
      };
      for (const rule of rules) {
        if (!applies(rule, { request, labels, ...sets })) continue;
        for (const { Name } of rule.RuleLabels) labels.add(`${labelPrefix}${Name}`);
        const verdict = rule.Action && finish(rule.Action, rule.Name);
        if (verdict) return verdict;
      }
      return (
        finish(defaultAction, 'default') ?? {
          action: 'allow',
          labels: [...labels],
          insertedHeaders: inserted,
        }
      );
    },
  };
};

const customAnswer = (
  action: Extract<Action, { Block: unknown }>,
  customBodies: FirewallParts['customBodies'],
): HttpResponse | undefined => {
  const custom = action.Block.CustomResponse;
  if (custom === undefined) return undefined;
  const body = customBodies.get(custom.CustomResponseBodyKey ?? '');
  return {
    status: custom.ResponseCode,
    headers: [
      ...(body ? [['content-type', body.contentType] as const] : []),
      ...custom.ResponseHeaders.map(({ Name, Value }) => [Name, Value] as const),
    ],
    body: Buffer.from(body?.content ?? ''),
  };
};
