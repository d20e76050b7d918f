import type { LambdaFunction } from './function.ts';

/** A pool's trigger is a function like any other. */
export const trigger =
  (functions: ReadonlyMap<string, LambdaFunction>, arn: string, isPermitted: boolean) =>
  async (event: unknown): Promise<unknown> => {
    if (!isPermitted) throw new Error('Cognito may not invoke the trigger');
    const outcome = await functions.get(arn)?.invoke(event);
    // What it says reaches the person, as Cognito shows it.
    if (outcome?.kind === 'failed') throw new Error(outcome.error.errorMessage);
    if (outcome?.kind !== 'result') throw new Error('the trigger failed');
    return JSON.parse(outcome.payload);
  };
