import { pathsWhere } from '../../policy/endpoints.ts';
import { allOf, not, type PathMatcher, type Rule, visibility } from './statements.ts';

/**
 * Rules of AWS's groups that only count, and where the label that they leave refuses all the same.
 */
interface Exception {
  readonly rule: string;
  readonly label: string;
  /**
   * Paths where what the rule looks for is legitimate; everywhere else it refuses. Absent: nowhere
   * refused.
   */
  readonly allowedOn?: readonly string[];
}

const bodies = pathsWhere(({ uninspected }) => uninspected.includes('body'));
const queries = pathsWhere(({ uninspected }) => uninspected.includes('query'));

const coreRuleSet = 'awswaf:managed:aws:core-rule-set';

const exceptions = [
  {
    rule: 'SizeRestrictions_BODY',
    label: `${coreRuleSet}:SizeRestrictions_Body`,
    allowedOn: bodies,
  },
  { rule: 'GenericRFI_BODY', label: `${coreRuleSet}:GenericRFI_Body`, allowedOn: bodies },
  { rule: 'GenericLFI_BODY', label: `${coreRuleSet}:GenericLFI_Body`, allowedOn: bodies },
  {
    rule: 'CrossSiteScripting_BODY',
    label: `${coreRuleSet}:CrossSiteScripting_Body`,
    allowedOn: bodies,
  },
  { rule: 'EC2MetaDataSSRF_BODY', label: `${coreRuleSet}:EC2MetaDataSSRF_Body`, allowedOn: bodies },
  {
    rule: 'GenericRFI_QUERYARGUMENTS',
    label: `${coreRuleSet}:GenericRFI_QueryArguments`,
    allowedOn: queries,
  },
  {
    rule: 'SizeRestrictions_QUERYSTRING',
    label: `${coreRuleSet}:SizeRestrictions_QueryString`,
    allowedOn: queries,
  },
  // Programs call here, and not all of them name themselves.
  { rule: 'NoUserAgent_HEADER', label: `${coreRuleSet}:NoUserAgent_Header` },
] satisfies readonly Exception[];

export interface ManagedRulesProps {
  readonly matchesPath: PathMatcher;
  readonly behindProxy: boolean;
}

/**
 * AWS's own rules. Not the anonymous-address group: it names hosting providers, and hosted clients
 * live there; people behind a VPN may log in.
 */
export const managedRules = ({ matchesPath, behindProxy }: ManagedRulesProps): readonly Rule[] => [
  // It looks at the connection's address alone, which is the proxy's there.
  ...(behindProxy ? [] : [group('AWSManagedRulesAmazonIpReputationList', [])]),
  group('AWSManagedRulesKnownBadInputsRuleSet', []),
  group('AWSManagedRulesCommonRuleSet', exceptions),
  ...exceptions.flatMap((exception: Exception) => refusedElsewhere(exception, matchesPath)),
];

/**
 * What stands before the user pool: bodies there are Cognito's business, and managed login's own
 * forms pass the core rules.
 */
export const userPoolManagedRules = (): readonly Rule[] => [
  group('AWSManagedRulesAmazonIpReputationList', []),
  group('AWSManagedRulesKnownBadInputsRuleSet', []),
];

const group = (name: string, counted: readonly Exception[]): Rule => ({
  name,
  overrideAction: { none: {} },
  statement: {
    managedRuleGroupStatement: {
      vendorName: 'AWS',
      name,
      ...(counted.length > 0 && {
        ruleActionOverrides: counted.map(({ rule }) => ({
          name: rule,
          actionToUse: { count: {} },
        })),
      }),
    },
  },
  visibilityConfig: visibility(name),
});

const refusedElsewhere = (
  { rule, label, allowedOn }: Exception,
  matchesPath: PathMatcher,
): readonly Rule[] =>
  allowedOn === undefined
    ? []
    : [
        {
          name: `refuse-${rule}`,
          // Without a custom response: API Gateway answers WAF_FILTERED, which has the header
          // table.
          action: { block: {} },
          statement: allOf([
            { labelMatchStatement: { scope: 'LABEL', key: label } },
            not(matchesPath(allowedOn)),
          ]),
          visibilityConfig: visibility(`refuse-${rule}`),
        },
      ];
