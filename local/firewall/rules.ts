import * as z from 'zod';
import {
  type ManagedRuleGroupStatement,
  managedRuleGroupStatement,
} from './managed-group-statement.ts';
import { rateBasedStatement } from './rate.ts';
import { type Statement, statement } from './statements.ts';

const header = z.strictObject({ Name: z.string(), Value: z.string() });
const requestHandling = z.strictObject({ InsertHeaders: z.array(header) });
const passing = z.strictObject({ CustomRequestHandling: requestHandling.optional() });
const customResponse = z.strictObject({
  CustomResponseBodyKey: z.string().optional(),
  ResponseCode: z.int(),
  ResponseHeaders: z.array(header).default([]),
});

const block = z.strictObject({
  Block: z.strictObject({ CustomResponse: customResponse.optional() }),
});
const allow = z.strictObject({ Allow: passing });
const count = z.strictObject({ Count: passing });

export type Action = z.infer<typeof action>;
/** Captcha and Challenge need a browser, and no rule here uses them. */
const action = z.union([block, allow, count]);
export const webAclAction = z.union([block, allow]);

const ruleStatement = z.union([
  z.strictObject({ ManagedRuleGroupStatement: managedRuleGroupStatement }),
  z.strictObject({ RateBasedStatement: rateBasedStatement }),
  statement,
]);

const rule = z.strictObject({
  Action: action.optional(),
  Name: z.string(),
  OverrideAction: z
    .union([
      z.strictObject({ None: z.strictObject({}) }),
      z.strictObject({ Count: z.strictObject({}) }),
    ])
    .optional(),
  Priority: z.int(),
  RuleLabels: z.array(z.strictObject({ Name: z.string() })).default([]),
  Statement: ruleStatement,
  VisibilityConfig: z.unknown(),
});

export interface Rule {
  readonly Action?: Action | undefined;
  readonly Name: string;
  /** Of a rule group: `Count` takes the action from whatever rule ends it. */
  readonly OverrideAction?: { readonly None: object } | { readonly Count: object } | undefined;
  readonly RuleLabels: readonly { readonly Name: string }[];
  readonly Statement:
    | { readonly ManagedRuleGroupStatement: ManagedRuleGroupStatement }
    | { readonly RateBasedStatement: z.infer<typeof rateBasedStatement> }
    | Statement;
}

/** In the order of their priorities. */
export const wafRules = z
  .array(rule)
  .default([])
  .transform((list): readonly Rule[] => list.toSorted((a, b) => a.Priority - b.Priority));
