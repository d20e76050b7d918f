import * as z from 'zod';
import { evaluatePolicy, oneOrMore, unconditional } from './policy-evaluation.ts';
import { matchesWildcard } from './wildcard.ts';

/** What somebody asks a service to do. */
export interface Action {
  /** `dynamodb:GetItem` */
  readonly action: string;
  /** ARN */
  readonly resource: string;
  /** Partition keys of the items in question; undefined where the request names none (a scan). */
  readonly leadingKeys?: readonly string[] | undefined;
  /** Attributes that the request names, those of its conditions and its key too. */
  readonly attributes?: readonly string[] | undefined;
}

const ofKeys = z
  .strictObject({
    'dynamodb:LeadingKeys': oneOrMore.optional(),
    'dynamodb:Attributes': oneOrMore.optional(),
  })
  .optional();

/** Conditions that are emulated. With another one the answer would be a guess, so it is refused. */
const conditions = z.strictObject({
  'ForAllValues:StringEquals': ofKeys,
  'ForAllValues:StringLike': ofKeys,
  Null: z
    .strictObject({ 'dynamodb:LeadingKeys': z.union([z.boolean(), z.stringbool()]) })
    .optional(),
});

const statement = unconditional.extend({ Condition: conditions.optional() });
export type Statement = z.infer<typeof statement>;

/** A statement of which services is emulated; those of other services may have any form. */
const emulated = /^(?:dynamodb:|secretsmanager:|[^:]*[*?])/i;

const anyStatement = z.looseObject({ Action: oneOrMore.optional() });
const isEmulated = ({ Action }: z.infer<typeof anyStatement>): boolean =>
  Action === undefined || Action.some((action) => emulated.test(action));

const statements = z.union([z.array(anyStatement), anyStatement.transform((one) => [one])]);
const anyDocument = z
  .looseObject({ Statement: statements })
  .transform(({ Statement }) => Statement.filter(isEmulated));

/** A policy document, reduced to the statements that are emulated. */
export const policyDocument = z.preprocess(
  (document) => anyDocument.safeParse(document).data,
  z.array(statement),
);

const holds = ({ Condition }: Statement, { leadingKeys, attributes }: Action): boolean => {
  const isKnown = Condition?.Null?.['dynamodb:LeadingKeys'];
  if (isKnown !== undefined && isKnown !== (leadingKeys === undefined)) return false;
  const like = Condition?.['ForAllValues:StringLike'];
  const equal = Condition?.['ForAllValues:StringEquals'];
  const given = { 'dynamodb:LeadingKeys': leadingKeys, 'dynamodb:Attributes': attributes };
  return contextKeys.every((name) =>
    // `ForAllValues` holds where there is no value at all (IAM user guide, "Multivalued context
    // keys").
    (given[name] ?? []).every(
      (value) =>
        (like?.[name]?.some((pattern) => matchesWildcard(pattern, value)) ?? true) &&
        (equal?.[name]?.includes(value) ?? true),
    ),
  );
};

const contextKeys = ['dynamodb:LeadingKeys', 'dynamodb:Attributes'] as const;

/** What the policies of one identity say of an action. */
export const isAllowed = (statements: readonly Statement[], action: Action): boolean =>
  evaluatePolicy(
    { Statement: statements.filter((each) => holds(each, action)) },
    action.action,
    action.resource,
  ) === 'allow';
