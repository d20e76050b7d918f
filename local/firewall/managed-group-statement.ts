import * as z from 'zod';
import { type ManagedRule, managedGroups } from './managed-groups.ts';
import { type Inspection, matches, statement } from './statements.ts';

const nothing = z.looseObject({});
/** Captcha and Challenge need a browser, and are not emulated. */
const ruleAction = z.union([
  z.strictObject({ Count: nothing }).transform(() => 'count' as const),
  z.strictObject({ Block: nothing }).transform(() => 'block' as const),
  z.strictObject({ Allow: nothing }).transform(() => 'allow' as const),
]);

export const managedRuleGroupStatement = z.strictObject({
  Name: z
    .string()
    .refine((name) => managedGroups.has(name), 'is a managed rule group that is not emulated'),
  VendorName: z.literal('AWS'),
  Version: z.string().optional(),
  ExcludedRules: z.array(z.strictObject({ Name: z.string() })).default([]),
  RuleActionOverrides: z
    .array(z.strictObject({ Name: z.string(), ActionToUse: ruleAction }))
    .default([]),
  ScopeDownStatement: statement.optional(),
});

export type ManagedRuleGroupStatement = z.infer<typeof managedRuleGroupStatement>;

/** What a group says of a request: the rule that ends its evaluation, if one does, and labels. */
export interface GroupResult {
  readonly labels: readonly string[];
  readonly ended?: { readonly rule: string; readonly action: 'allow' | 'block' };
}

/**
 * Runs a group's rules in their order. A rule that blocks or allows ends the group; one that is
 * overridden to count leaves its label alone. An override that names no rule changes nothing, as
 * on AWS.
 */
export const inspectGroup = (
  group: ManagedRuleGroupStatement,
  inspection: Inspection,
): GroupResult => {
  if (group.ScopeDownStatement && !matches(group.ScopeDownStatement, inspection))
    return { labels: [] };
  const labels: string[] = [];
  for (const rule of managedGroups.get(group.Name) ?? []) {
    if (!rule.matches(inspection.request, inspection.bodyLimit)) continue;
    labels.push(rule.label);
    const action = actionOf(rule, group);
    if (action !== 'count') return { labels, ended: { rule: rule.name, action } };
  }
  return { labels };
};

const actionOf = (
  { name }: ManagedRule,
  { ExcludedRules, RuleActionOverrides }: ManagedRuleGroupStatement,
): 'allow' | 'block' | 'count' => {
  const override = RuleActionOverrides.find((each) => each.Name === name);
  if (override) return override.ActionToUse;
  return ExcludedRules.some((each) => each.Name === name) ? 'count' : 'block';
};
