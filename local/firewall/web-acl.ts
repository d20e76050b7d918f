import type { HttpResponse } from '../gateway/http-response.ts';
import type { GatewayRequest } from '../gateway/request.ts';
import { inspectGroup, type ManagedRuleGroupStatement } from './managed-group-statement.ts';
import { RateCounter } from './rate.ts';
import type { Action, Rule } from './rules.ts';
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
  /** AWS's managed groups, which are emulated from their published descriptions alone. */
  readonly managedGroups: readonly string[];
}

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
  /** Undefined when the rule does not apply. */
  const evaluate = (rule: Rule, inspection: Inspection): Outcome | undefined => {
    if ('ManagedRuleGroupStatement' in rule.Statement)
      return groupOutcome(rule, rule.Statement.ManagedRuleGroupStatement, inspection);
    const applies =
      'RateBasedStatement' in rule.Statement
        ? counters.get(rule.Name)?.isOver(inspection)
        : matches(rule.Statement, inspection);
    if (!applies) return undefined;
    const labels = rule.RuleLabels.map(({ Name }) => `${labelPrefix}${Name}`);
    return { labels, action: rule.Action, rule: rule.Name };
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
          const response = customAnswer(action, customBodies);
          return {
            action: 'block',
            labels: [...labels],
            rule,
            ...(response && { answer: response }),
          };
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
        const outcome = evaluate(rule, { request, labels, ...sets });
        for (const label of outcome?.labels ?? []) labels.add(label);
        const verdict = outcome?.action && finish(outcome.action, outcome.rule);
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

/** What a rule that applies leaves, and does. */
interface Outcome {
  readonly labels: readonly string[];
  /** Absent: nothing but the labels. */
  readonly action?: Action | undefined;
  readonly rule: string;
}

/** What a managed rule does when it ends its group: nothing is inserted, nothing is worded. */
const groupActions = { allow: { Allow: {} }, block: { Block: {} } } as const;

const groupOutcome = (
  { Name, OverrideAction }: Rule,
  group: ManagedRuleGroupStatement,
  inspection: Inspection,
): Outcome => {
  const { labels, ended } = inspectGroup(group, inspection);
  const isCounted = OverrideAction !== undefined && 'Count' in OverrideAction;
  if (!ended || isCounted) return { labels, rule: Name };
  return { labels, action: groupActions[ended.action], rule: `${Name}#${ended.rule}` };
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
