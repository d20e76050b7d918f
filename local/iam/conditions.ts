import * as z from 'zod';
import { oneOrMore } from './policy-evaluation.ts';
import { matchesWildcard } from './wildcard.ts';

/** What a service says of itself when it calls another, by key in lower case. */
export type ConditionContext = Readonly<Record<string, string>>;

type Operator = (given: string, wanted: string) => boolean;

/** Operators that are emulated. With another one the outcome would be a guess, so it is refused. */
const operators: Readonly<Record<string, Operator>> = {
  StringEquals: (given, wanted) => given === wanted,
  StringLike: (given, wanted) => matchesWildcard(wanted, given),
  ArnEquals: (given, wanted) => matchesWildcard(wanted, given),
  ArnLike: (given, wanted) => matchesWildcard(wanted, given),
  Bool: (given, wanted) => given === wanted.toLowerCase(),
};

const values = z.union([z.boolean().transform((value) => [String(value)]), oneOrMore]);

export const conditionBlock = z
  .record(
    z.string().refine((name) => Object.hasOwn(operators, name), 'is an operator not emulated here'),
    z.record(z.string(), values),
  )
  .default({});

/** Whether every condition holds; a key that the caller does not send fails its condition. */
export const conditionsHold = (
  block: z.infer<typeof conditionBlock>,
  context: ConditionContext,
): boolean =>
  Object.entries(block).every(([operator, keys]) =>
    Object.entries(keys).every(([key, wanted]) => {
      const given = context[key.toLowerCase()];
      return (
        given !== undefined && wanted.some((value) => operators[operator]?.(given, value) ?? false)
      );
    }),
  );
