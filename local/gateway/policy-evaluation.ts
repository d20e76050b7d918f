import * as z from 'zod';

const oneOrMore = z.union([z.string(), z.array(z.string())]).transform((value) => (typeof value === 'string' ? [value] : value));

/** A statement with a Condition, NotAction or NotResource is not played, so it is refused like malformed output. */
const statement = z.strictObject({ Sid: z.string().optional(), Effect: z.enum(['Allow', 'Deny']), Action: oneOrMore, Resource: oneOrMore });

export const policyDocument = z.strictObject({
  Version: z.string(),
  Id: z.string().optional(),
  Statement: z.union([statement, z.array(statement)]).transform((value) => (Array.isArray(value) ? value : [value])),
});

export type PolicyDocument = z.infer<typeof policyDocument>;

/** IAM wildcards: `*` is any text, slashes and colons too, `?` any one character. */
const matches = (pattern: string, text: string): boolean =>
  new RegExp(
    `^${pattern
      .replace(/[.+^${}()|[\]\\]/g, '\\$&')
      .replaceAll('*', '.*')
      .replaceAll('?', '.')}$`,
    's',
  ).test(text);

/**
 * IAM's evaluation: an explicit deny, else an explicit allow, else an implicit deny.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html
 */
export const evaluatePolicy = (
  { Statement }: PolicyDocument,
  action: string,
  resource: string,
): 'allow' | 'explicit deny' | 'implicit deny' => {
  const applying = Statement.filter(
    (each) =>
      each.Action.some((pattern) => matches(pattern.toLowerCase(), action.toLowerCase())) &&
      each.Resource.some((pattern) => matches(pattern, resource)),
  );
  if (applying.some(({ Effect }) => Effect === 'Deny')) return 'explicit deny';
  return applying.some(({ Effect }) => Effect === 'Allow') ? 'allow' : 'implicit deny';
};
