import type { PreTokenGeneration } from '../cognito/cognito.ts';
import type { LambdaFunction } from './function.ts';

/** A pool's trigger is a function like any other. */
export const trigger =
  (
    functions: ReadonlyMap<string, LambdaFunction>,
    arn: string,
    isPermitted: boolean,
  ): PreTokenGeneration =>
  async (event) => {
    if (!isPermitted) throw new Error('Cognito may not invoke the pre-token-generation trigger');
    const outcome = await functions.get(arn)?.invoke(event);
    if (outcome?.kind !== 'result') throw new Error('the pre-token-generation trigger failed');
    return JSON.parse(outcome.payload);
  };
