import * as z from 'zod';
import { type ConditionContext, conditionBlock, conditionsHold } from './conditions.ts';
import { oneOrMore } from './policy-evaluation.ts';
import { matchesWildcard } from './wildcard.ts';

const principal = z.union([
  z.literal('*'),
  z.strictObject({ Service: oneOrMore }),
  z.strictObject({ AWS: oneOrMore }),
]);

const statement = z.strictObject({
  Sid: z.string().optional(),
  Effect: z.enum(['Allow', 'Deny']),
  Action: oneOrMore,
  Resource: oneOrMore,
  Principal: principal,
  Condition: conditionBlock,
});

/** The policy of a resource itself (a topic's, say), which names who may do what to it. */
export const resourcePolicy = z.looseObject({ Statement: z.array(statement) });

/** A service that asks on its own behalf. */
export interface ServiceCall {
  /** `cloudwatch.amazonaws.com` */
  readonly service: string;
  readonly action: string;
  readonly resource: string;
  readonly context: ConditionContext;
}

const isMeant = (who: z.infer<typeof principal>, service: string): boolean => {
  if (who === '*') return true;
  if ('Service' in who) return who.Service.includes(service);
  return who.AWS.includes('*');
};

/** A service has no role here: without an allow of the resource's policy the answer is no. */
export const allowsService = (
  { Statement }: Pick<z.infer<typeof resourcePolicy>, 'Statement'>,
  call: ServiceCall,
): boolean => {
  const applying = Statement.filter(
    ({ Action, Resource, Principal, Condition }) =>
      Action.some((each) => matchesWildcard(each.toLowerCase(), call.action.toLowerCase())) &&
      Resource.some((each) => matchesWildcard(each, call.resource)) &&
      isMeant(Principal, call.service) &&
      conditionsHold(Condition, call.context),
  );
  return (
    applying.some(({ Effect }) => Effect === 'Allow') &&
    !applying.some(({ Effect }) => Effect === 'Deny')
  );
};
