import * as z from 'zod';
import type { GatewayRequest } from '../gateway/request.ts';
import type { AddressSet } from './addresses.ts';
import { fieldToMatch, readField } from './fields.ts';
import { textTransformations, transform } from './text-transformations.ts';

const inspection = { FieldToMatch: fieldToMatch, TextTransformations: textTransformations };

const forwarded = z.strictObject({
  HeaderName: z.string(),
  FallbackBehavior: z.enum(['MATCH', 'NO_MATCH']),
});

export const forwardedIpConfig = forwarded;

/**
 * Statements that decide from one request alone. Rate-based and managed statements stand only at
 * the top of a rule (rules.ts).
 */
export type Statement =
  | { readonly ByteMatchStatement: z.infer<typeof byteMatch> }
  | { readonly RegexMatchStatement: z.infer<typeof regexMatch> }
  | { readonly RegexPatternSetReferenceStatement: z.infer<typeof regexSet> }
  | { readonly IPSetReferenceStatement: z.infer<typeof ipSet> }
  | { readonly LabelMatchStatement: z.infer<typeof labelMatch> }
  | { readonly SizeConstraintStatement: z.infer<typeof sizeConstraint> }
  | { readonly NotStatement: { readonly Statement: Statement } }
  | { readonly AndStatement: { readonly Statements: readonly Statement[] } }
  | { readonly OrStatement: { readonly Statements: readonly Statement[] } };

const byteMatch = z.strictObject({
  ...inspection,
  PositionalConstraint: z.enum(['EXACTLY', 'STARTS_WITH', 'ENDS_WITH', 'CONTAINS']),
  SearchString: z.string(),
});

const regex = z.string().transform((pattern, context) => {
  try {
    return new RegExp(pattern);
  } catch {
    context.addIssue({
      code: 'custom',
      message: `${pattern} is not a regular expression that this runtime can read`,
    });
    return z.NEVER;
  }
});

const regexMatch = z.strictObject({ ...inspection, RegexString: regex });
const regexSet = z.strictObject({ ...inspection, Arn: z.string() });
const ipSet = z.strictObject({
  Arn: z.string(),
  IPSetForwardedIPConfig: forwarded
    .extend({ Position: z.enum(['FIRST', 'LAST', 'ANY']) })
    .optional(),
});
const labelMatch = z.strictObject({ Scope: z.enum(['LABEL', 'NAMESPACE']), Key: z.string() });
const sizeConstraint = z.strictObject({
  ...inspection,
  ComparisonOperator: z.enum(['EQ', 'NE', 'LE', 'LT', 'GE', 'GT']),
  Size: z.number(),
});

export const statement: z.ZodType<Statement> = z.lazy(() =>
  z.union([
    z.strictObject({ ByteMatchStatement: byteMatch }),
    z.strictObject({ RegexMatchStatement: regexMatch }),
    z.strictObject({ RegexPatternSetReferenceStatement: regexSet }),
    z.strictObject({ IPSetReferenceStatement: ipSet }),
    z.strictObject({ LabelMatchStatement: labelMatch }),
    z.strictObject({ SizeConstraintStatement: sizeConstraint }),
    z.strictObject({ NotStatement: z.strictObject({ Statement: statement }) }),
    z.strictObject({ AndStatement: z.strictObject({ Statements: z.array(statement).min(2) }) }),
    z.strictObject({ OrStatement: z.strictObject({ Statements: z.array(statement).min(2) }) }),
  ]),
);

/** What a statement is decided with. */
export interface Inspection {
  readonly request: GatewayRequest;
  /** Fully qualified labels that earlier rules have left. */
  readonly labels: ReadonlySet<string>;
  readonly addressSets: ReadonlyMap<string, AddressSet>;
  readonly patternSets: ReadonlyMap<string, readonly RegExp[]>;
  readonly bodyLimit: number;
}

const never = (value: never): never => {
  throw new Error(`not a statement: ${JSON.stringify(value)}`);
};

export const matches = (each: Statement, inspection: Inspection): boolean => {
  if ('NotStatement' in each) return !matches(each.NotStatement.Statement, inspection);
  if ('AndStatement' in each)
    return each.AndStatement.Statements.every((part) => matches(part, inspection));
  if ('OrStatement' in each)
    return each.OrStatement.Statements.some((part) => matches(part, inspection));
  if ('ByteMatchStatement' in each) {
    const { SearchString, PositionalConstraint } = each.ByteMatchStatement;
    return inspect(each.ByteMatchStatement, inspection, (text) =>
      positional[PositionalConstraint](text, SearchString),
    );
  }
  if ('RegexMatchStatement' in each)
    return inspect(each.RegexMatchStatement, inspection, (text) =>
      each.RegexMatchStatement.RegexString.test(text),
    );
  if ('RegexPatternSetReferenceStatement' in each) {
    const patterns = inspection.patternSets.get(each.RegexPatternSetReferenceStatement.Arn) ?? [];
    return inspect(each.RegexPatternSetReferenceStatement, inspection, (text) =>
      patterns.some((pattern) => pattern.test(text)),
    );
  }
  if ('SizeConstraintStatement' in each) {
    const { ComparisonOperator, Size } = each.SizeConstraintStatement;
    return inspect(each.SizeConstraintStatement, inspection, (text) =>
      comparison[ComparisonOperator](Buffer.byteLength(text), Size),
    );
  }
  if ('IPSetReferenceStatement' in each)
    return inAddressSet(each.IPSetReferenceStatement, inspection);
  if ('LabelMatchStatement' in each) return hasLabel(each.LabelMatchStatement, inspection.labels);
  return never(each);
};

const inspect = (
  {
    FieldToMatch,
    TextTransformations,
  }: Pick<z.infer<typeof regexMatch>, 'FieldToMatch' | 'TextTransformations'>,
  { request, bodyLimit }: Inspection,
  test: (text: string) => boolean,
): boolean => {
  const { text, decided } = readField(FieldToMatch, request, bodyLimit);
  return decided ?? (text !== undefined && test(transform(text, TextTransformations)));
};

const positional = {
  EXACTLY: (text: string, search: string) => text === search,
  STARTS_WITH: (text: string, search: string) => text.startsWith(search),
  ENDS_WITH: (text: string, search: string) => text.endsWith(search),
  CONTAINS: (text: string, search: string) => text.includes(search),
} as const;

const comparison = {
  EQ: (size: number, limit: number) => size === limit,
  NE: (size: number, limit: number) => size !== limit,
  LE: (size: number, limit: number) => size <= limit,
  LT: (size: number, limit: number) => size < limit,
  GE: (size: number, limit: number) => size >= limit,
  GT: (size: number, limit: number) => size > limit,
} as const;

const inAddressSet = (
  { Arn, IPSetForwardedIPConfig: proxy }: z.infer<typeof ipSet>,
  { request, addressSets }: Inspection,
): boolean => {
  const set = addressSets.get(Arn);
  if (proxy === undefined) return set?.contains(request.sourceIp) ?? false;
  const addresses = forwardedAddresses(request.header(proxy.HeaderName));
  if (addresses === 'absent') return false;
  if (addresses === 'malformed') return proxy.FallbackBehavior === 'MATCH';
  const positions = { FIRST: addresses.slice(0, 1), LAST: addresses.slice(-1), ANY: addresses };
  return positions[proxy.Position].some((address) => set?.contains(address) ?? false);
};

/** The addresses of a header like X-Forwarded-For. */
export const forwardedAddresses = (
  header: string | undefined,
): readonly string[] | 'absent' | 'malformed' => {
  if (header === undefined) return 'absent';
  const addresses = header.split(',').map((address) => address.trim());
  return addresses.every((address) => /^[\d.]+$|^[\da-f:.]+$/i.test(address)) && addresses[0] !== ''
    ? addresses
    : 'malformed';
};

/**
 * A LABEL key matches the end of a label, from a colon on; a NAMESPACE key (it ends with a colon)
 * matches a run of whole parts before the name.
 * https://docs.aws.amazon.com/waf/latest/developerguide/waf-rule-statement-type-label-match.html
 */
export const hasLabel = (
  { Scope, Key }: z.infer<typeof labelMatch>,
  labels: ReadonlySet<string>,
): boolean =>
  [...labels].some((label) => {
    if (Scope === 'LABEL') return label === Key || label.endsWith(`:${Key}`);
    return label.startsWith(Key) || label.includes(`:${Key}`);
  });
