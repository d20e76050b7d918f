import { type Endpoint, pathsWhere } from '../../policy/endpoints.ts';
import {
  allOf,
  anyOf,
  not,
  type PathMatcher,
  type Rule,
  type Statement,
  visibility,
} from './statements.ts';

/** Rules of one group that look at one part of a request, and only count; with their labels. */
interface Exceptions {
  /** Where the label that a rule leaves refuses all the same: everywhere but on these endpoints. */
  readonly part: Endpoint['uninspected'][number];
  readonly rules: readonly (readonly [rule: string, label: string])[];
}

interface Group {
  readonly name: string;
  /** What its labels begin with. */
  readonly namespace: string;
  readonly exceptions: readonly Exceptions[];
  /** Rules that only count, and refuse nowhere. */
  readonly countOnly: readonly string[];
}

/**
 * Every rule of the groups was held against what the endpoints must take. What looks at paths,
 * cookies and methods is left as it is: no path, cookie or method of ours is written by a caller.
 * https://docs.aws.amazon.com/waf/latest/developerguide/aws-managed-rule-groups-baseline.html
 */
const groups = [
  {
    name: 'AWSManagedRulesKnownBadInputsRuleSet',
    namespace: 'awswaf:managed:aws:known-bad-inputs',
    exceptions: [
      {
        // A question about Log4j, Java or React is not an attack on what runs Node.
        part: 'body',
        rules: [
          ['JavaDeserializationRCE_BODY', 'JavaDeserializationRCE_Body'],
          ['Log4JRCE_BODY', 'Log4JRCE_Body'],
          ['ReactJSRCE_BODY', 'ReactJSRCE_Body'],
        ],
      },
      {
        part: 'query',
        rules: [
          ['JavaDeserializationRCE_QUERYSTRING', 'JavaDeserializationRCE_QueryString'],
          ['Log4JRCE_QUERYSTRING', 'Log4JRCE_QueryString'],
        ],
      },
      {
        part: 'headers',
        rules: [
          ['JavaDeserializationRCE_HEADER', 'JavaDeserializationRCE_Header'],
          ['Log4JRCE_HEADER', 'Log4JRCE_Header'],
        ],
      },
    ],
    countOnly: [],
  },
  {
    name: 'AWSManagedRulesCommonRuleSet',
    namespace: 'awswaf:managed:aws:core-rule-set',
    exceptions: [
      {
        part: 'body',
        rules: [
          ['SizeRestrictions_BODY', 'SizeRestrictions_Body'],
          ['EC2MetaDataSSRF_BODY', 'EC2MetaDataSSRF_Body'],
          ['GenericLFI_BODY', 'GenericLFI_Body'],
          ['GenericRFI_BODY', 'GenericRFI_Body'],
          ['CrossSiteScripting_BODY', 'CrossSiteScripting_Body'],
        ],
      },
      {
        // `redirect_uri=http://localhost:1234/callback` is an address of its own host to the SSRF
        // rule and a remote file to the RFI rule; `state` is any text at all.
        part: 'query',
        rules: [
          ['SizeRestrictions_QUERYSTRING', 'SizeRestrictions_QueryString'],
          ['EC2MetaDataSSRF_QUERYARGUMENTS', 'EC2MetaDataSSRF_QueryArguments'],
          ['GenericLFI_QUERYARGUMENTS', 'GenericLFI_QueryArguments'],
          ['RestrictedExtensions_QUERYARGUMENTS', 'RestrictedExtensions_QueryArguments'],
          ['GenericRFI_QUERYARGUMENTS', 'GenericRFI_QueryArguments'],
          ['CrossSiteScripting_QUERYARGUMENTS', 'CrossSiteScripting_QueryArguments'],
        ],
      },
    ],
    // Programs call here, and not all of them name themselves.
    countOnly: ['NoUserAgent_HEADER'],
  },
] as const satisfies readonly Group[];

/**
 * AWS's own rules. Not the anonymous-address group: it names hosting providers, and hosted clients
 * live there; people behind a VPN may log in. The reputation list looks at the connection's address
 * alone, which is the proxy's behind a proxy.
 */
export const managedRules = (behindProxy: boolean): readonly Rule[] => [
  ...(behindProxy ? [] : [reputationList]),
  ...groups.map(groupRule),
];

/** The labels that refuse a request, part by part, where that part is inspected. */
export const refusedByLabel = (matchesPath: PathMatcher): readonly Statement[] =>
  parts.map((part) =>
    allOf([
      anyOf(labelsOf(part).map((key) => ({ labelMatchStatement: { scope: 'LABEL', key } }))),
      not(matchesPath(pathsWhere(({ uninspected }) => uninspected.includes(part)))),
    ]),
  );

const parts = ['body', 'query', 'headers'] as const;

const labelsOf = (part: Exceptions['part']): readonly string[] =>
  groups.flatMap(({ namespace, exceptions }: Group) =>
    exceptions
      .filter((exception) => exception.part === part)
      .flatMap(({ rules }) => rules.map(([, label]) => `${namespace}:${label}`)),
  );

const managedGroup = (name: string, counted: readonly string[]): Rule => ({
  name,
  overrideAction: { none: {} },
  statement: {
    managedRuleGroupStatement: {
      vendorName: 'AWS',
      name,
      ...(counted.length > 0 && {
        ruleActionOverrides: counted.map((rule) => ({ name: rule, actionToUse: { count: {} } })),
      }),
    },
  },
  visibilityConfig: visibility(name),
});

const groupRule = ({ name, exceptions, countOnly }: Group): Rule =>
  managedGroup(name, [
    ...exceptions.flatMap(({ rules }) => rules.map(([rule]) => rule)),
    ...countOnly,
  ]);

export const reputationList = managedGroup('AWSManagedRulesAmazonIpReputationList', []);
