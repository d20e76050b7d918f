import { isObject } from '../findings.ts';
import type { JudgedTemplate, Value } from '../templates.ts';
import { ofType, type Rule } from './rule.ts';

/** AWS charges for more, and CloudFormation does not say so before it is deployed. */
const mostCapacity = 1500;

/**
 * What AWS publishes of each managed group.
 * https://docs.aws.amazon.com/waf/latest/developerguide/aws-managed-rule-groups-list.html
 */
const groupCapacity: Readonly<Record<string, number>> = {
  AWSManagedRulesAmazonIpReputationList: 25,
  AWSManagedRulesCommonRuleSet: 700,
  AWSManagedRulesKnownBadInputsRuleSet: 200,
};

type Statement = { readonly [key: string]: Value };

const object = (value: Value | undefined): Statement => (isObject(value) ? value : {});
const list = (value: Value | undefined): readonly Statement[] =>
  Array.isArray(value) ? value.map(object) : [];

/**
 * Capacity units of a statement, without what AWS saves by combining rules: as much as they can be.
 * https://docs.aws.amazon.com/waf/latest/developerguide/waf-rule-statements-list.html
 */
export const capacityOf = (statement: Statement): number =>
  Object.entries(statement)
    .map(([kind, value]) => {
      const body = object(value);
      const inner = [...list(body['Statements']), object(body['Statement'])].map(capacityOf);
      const within = inner.reduce((sum, each) => sum + each, 0);
      const transformations = list(body['TextTransformations']).filter(
        ({ Type }) => Type !== 'NONE',
      ).length;
      switch (kind) {
        case 'AndStatement':
        case 'OrStatement':
        case 'NotStatement':
          return within;
        case 'ManagedRuleGroupStatement':
          return groupCapacity[String(body['Name'])] ?? Number.POSITIVE_INFINITY;
        case 'RateBasedStatement':
          return (
            2 +
            30 * list(body['CustomKeys']).length +
            capacityOf(object(body['ScopeDownStatement']))
          );
        case 'RegexMatchStatement':
          return 3 + 10 * transformations;
        case 'ByteMatchStatement':
          return (body['PositionalConstraint'] === 'CONTAINS' ? 10 : 2) + 10 * transformations;
        case 'IPSetReferenceStatement':
          return object(body['IPSetForwardedIPConfig'])['Position'] === 'ANY' ? 5 : 1;
        case 'LabelMatchStatement':
        case 'SizeConstraintStatement':
          return 1 + 10 * transformations;
        default:
          return Number.POSITIVE_INFINITY;
      }
    })
    .reduce((sum, each) => sum + each, 0);

const rulesOf = (acl: Statement): readonly Statement[] => list(acl['Rules']);

export const capacityOfAcl = (acl: Statement): number =>
  rulesOf(acl)
    .map(({ Statement: statement }) => capacityOf(object(statement)))
    .reduce((sum, each) => sum + each, 0);

const capacity: Rule = {
  name: 'a web ACL holds at most 1,500 capacity units',
  judge: (template) =>
    ofType(template, 'AWS::WAFv2::WebACL').flatMap(([id, { Properties }]) => {
      const units = capacityOfAcl(Properties);
      return units < mostCapacity ? [] : [`${id} needs ${units}`];
    }),
};

/** Whether a statement about paths matches a path; anything else matches everything. */
const matchesPath = (statement: Statement, path: string): boolean =>
  Object.entries(statement).every(([kind, value]) => {
    const body = object(value);
    if (kind === 'NotStatement') return !matchesPath(object(body['Statement']), path);
    if (kind === 'AndStatement')
      return list(body['Statements']).every((each) => matchesPath(each, path));
    if (kind === 'OrStatement')
      return list(body['Statements']).some((each) => matchesPath(each, path));
    return kind === 'RegexMatchStatement'
      ? new RegExp(String(body['RegexString'])).test(path)
      : true;
  });

const onUserPools = (template: JudgedTemplate): readonly string[] =>
  ofType(template, 'AWS::WAFv2::WebACLAssociation')
    .filter(([, { Properties }]) => {
      const [id = ''] = referred(Properties['ResourceArn']);
      return template.resources[id]?.Type === 'AWS::Cognito::UserPool';
    })
    .flatMap(([, { Properties }]) => referred(Properties['WebACLArn']));

const referred = (value: Value | undefined): readonly string[] => {
  const attribute = object(value)['Fn::GetAtt'];
  return Array.isArray(attribute) ? attribute.slice(0, 1).map(String) : [];
};

const ownFunctionsNotCounted: Rule = {
  name: 'no rate rule before the user pool counts what our own token function calls',
  judge: (template) =>
    onUserPools(template).flatMap((id) =>
      rulesOf(template.resources[id]?.Properties ?? {}).flatMap(
        ({ Name, Statement: statement }) => {
          const rate = object(object(statement)['RateBasedStatement']);
          if (rate['Limit'] === undefined) return [];
          const scope = object(rate['ScopeDownStatement']);
          const counted = ['/oauth2/token', '/oauth2/revoke'].filter((path) =>
            matchesPath(scope, path),
          );
          if (!matchesPath(scope, '/login')) return [`${id}: ${Name} counts no login page`];
          return counted.map((path) => `${id}: ${Name} counts ${path}`);
        },
      ),
    ),
};

/**
 * Rules of the managed groups that look at what a caller legitimately writes about anything at all:
 * a loopback `redirect_uri`, a question about Log4j, no User-Agent.
 */
const mustOnlyCount = {
  AWSManagedRulesCommonRuleSet: [
    'CrossSiteScripting_BODY',
    'CrossSiteScripting_QUERYARGUMENTS',
    'EC2MetaDataSSRF_BODY',
    'EC2MetaDataSSRF_QUERYARGUMENTS',
    'GenericLFI_BODY',
    'GenericLFI_QUERYARGUMENTS',
    'GenericRFI_BODY',
    'GenericRFI_QUERYARGUMENTS',
    'NoUserAgent_HEADER',
    'RestrictedExtensions_QUERYARGUMENTS',
    'SizeRestrictions_BODY',
    'SizeRestrictions_QUERYSTRING',
  ],
  AWSManagedRulesKnownBadInputsRuleSet: [
    'JavaDeserializationRCE_BODY',
    'JavaDeserializationRCE_QUERYSTRING',
    'Log4JRCE_BODY',
    'Log4JRCE_QUERYSTRING',
    'ReactJSRCE_BODY',
  ],
} as const;

const legitimateTextPasses: Rule = {
  name: 'no managed rule blocks what a caller may legitimately write',
  judge: (template) =>
    ofType(template, 'AWS::WAFv2::WebACL').flatMap(([id, { Properties }]) =>
      rulesOf(Properties).flatMap(({ Statement: statement }) => {
        const group = object(object(statement)['ManagedRuleGroupStatement']);
        const counted = list(group['RuleActionOverrides'])
          .filter(({ ActionToUse }) => object(ActionToUse)['Count'] !== undefined)
          .map(({ Name }) => Name);
        const required = Object.entries(mustOnlyCount).find(([name]) => name === group['Name']);
        const [, rules] = required ?? [undefined, []];
        return rules.filter((rule) => !counted.includes(rule)).map((rule) => `${id}: ${rule}`);
      }),
    ),
};

/**
 * A web ACL is not known everywhere as soon as it is made, and an association that comes too early
 * fails with WAFUnavailableEntityException: what takes a while comes before it.
 */
const associatedAfterItsLog: Rule = {
  name: 'a web ACL is associated after its log is set up',
  judge: (template) =>
    ofType(template, 'AWS::WAFv2::WebACLAssociation')
      .filter(([, { DependsOn }]) => {
        const before = [DependsOn ?? []].flat();
        return !ofType(template, 'AWS::WAFv2::LoggingConfiguration').some(([id]) =>
          before.includes(id),
        );
      })
      .map(([id]) => `${id} waits for no log`),
};

export const firewallRules: readonly Rule[] = [
  associatedAfterItsLog,
  capacity,
  ownFunctionsNotCounted,
  legitimateTextPasses,
];
