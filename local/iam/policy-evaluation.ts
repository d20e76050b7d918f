import * as z from 'zod';
import { matchesWildcard } from './wildcard.ts';

export const oneOrMore = z
  .union([z.string(), z.array(z.string())])
  .transform((value) => (typeof value === 'string' ? [value] : value));

/**
 * A statement with a Condition, NotAction or NotResource is not emulated, so it is refused like
 * malformed output.
 */
export const unconditional = z.strictObject({
  Sid: z.string().optional(),
  Effect: z.enum(['Allow', 'Deny']),
  Action: oneOrMore,
  Resource: oneOrMore,
});

export const policyDocument = z.strictObject({
  Version: z.string(),
  Id: z.string().optional(),
  Statement: z
    .union([unconditional, z.array(unconditional)])
    .transform((value) => (Array.isArray(value) ? value : [value])),
});

export type PolicyDocument = z.infer<typeof policyDocument>;

/**
 * IAM's evaluation: an explicit deny, else an explicit allow, else an implicit deny.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html
 */
export const evaluatePolicy = (
  { Statement }: Pick<PolicyDocument, 'Statement'>,
  action: string,
  resource: string,
): 'allow' | 'explicit deny' | 'implicit deny' => {
  const applying = Statement.filter(
    (each) =>
      each.Action.some((pattern) => matchesWildcard(pattern.toLowerCase(), action.toLowerCase())) &&
      each.Resource.some((pattern) => matchesWildcard(pattern, resource)),
  );
  if (applying.some(({ Effect }) => Effect === 'Deny')) return 'explicit deny';
  return applying.some(({ Effect }) => Effect === 'Allow') ? 'allow' : 'implicit deny';
};
