import * as z from 'zod';
import { StartupFailure } from '../failure.ts';
import type { InvokePermissions } from '../iam/invoke-permissions.ts';
import { propertiesOf, type Stack } from '../template/stack.ts';
import type { LambdaFunction } from './function.ts';

const rule = z.looseObject({
  ScheduleExpression: z.string().optional(),
  State: z.enum(['ENABLED', 'DISABLED']).default('ENABLED'),
  Targets: z
    .array(z.strictObject({ Id: z.string(), Arn: z.string(), Input: z.string().optional() }))
    .default([]),
});

const unitMilliseconds = { minute: 60_000, hour: 3_600_000, day: 86_400_000 } as const;
const isUnit = (unit: string | undefined): unit is keyof typeof unitMilliseconds =>
  unit !== undefined && unit in unitMilliseconds;

/** A rule of EventBridge's that calls functions now and then. */
export interface Schedule {
  readonly logicalId: string;
  readonly everyMilliseconds: number;
  /** Calls each of its targets; resolves when they are done. What becomes of it is theirs to log. */
  fire(): Promise<void>;
}

/**
 * Rules with a `ScheduleExpression`; those that wait for an event of AWS's wait in vain here.
 * @throws StartupFailure for an expression or a target that is not understood, and where
 * EventBridge may not invoke a target, of which it would tell nobody
 */
export const readSchedules = (
  stack: Stack,
  functions: ReadonlyMap<string, LambdaFunction>,
  mayInvoke: InvokePermissions,
): readonly Schedule[] =>
  stack.resources('AWS::Events::Rule').flatMap((resource): readonly Schedule[] => {
    const { logicalId } = resource;
    const { ScheduleExpression, State, Targets } = propertiesOf(rule, resource);
    if (ScheduleExpression === undefined || State === 'DISABLED') return [];
    const sourceArn = stack.attribute(logicalId, 'Arn');
    const targets = Targets.map(({ Id, Arn, Input }) => {
      const target = functions.get(Arn);
      if (target === undefined)
        throw new StartupFailure(
          `${logicalId}: the target ${Id} is ${Arn}, and only functions of this stack are called here.`,
        );
      if (!mayInvoke({ functionArn: Arn, service: 'events.amazonaws.com', sourceArn }))
        throw new StartupFailure(`${logicalId}: EventBridge may not invoke ${target.name}.`);
      if (Input === undefined)
        throw new StartupFailure(
          `${logicalId}: the target ${Id} has no Input; AWS's own event of a schedule is not emulated.`,
        );
      const event: unknown = JSON.parse(Input);
      return () => target.invoke(event);
    });
    return [
      {
        logicalId,
        everyMilliseconds: millisecondsOf(ScheduleExpression, logicalId),
        fire: async () => {
          await Promise.all(targets.map((call) => call()));
        },
      },
    ];
  });

const millisecondsOf = (expression: string, logicalId: string): number => {
  const [, count, unit] = /^rate\((\d+) (minute|hour|day)s?\)$/.exec(expression) ?? [];
  if (!isUnit(unit))
    throw new StartupFailure(
      `${logicalId}.ScheduleExpression is ${expression}: only rate(…) is emulated.`,
    );
  return Number(count) * unitMilliseconds[unit];
};

/** As EventBridge does, the first time after one interval. */
export const startSchedules = (
  schedules: readonly Schedule[],
): { readonly stop: () => Promise<void> } => {
  const timers = schedules.map(({ everyMilliseconds, fire }) =>
    setInterval(() => void fire(), everyMilliseconds).unref(),
  );
  return {
    stop: async () => {
      for (const timer of timers) clearInterval(timer);
    },
  };
};
