import type { LambdaFunction } from '../lambda/function.ts';
import type { Stack } from '../template/stack.ts';
import { needNewStart } from './template-changes.ts';

/** What became of a change while the local runtime runs. */
export interface ReloadResult {
  /** Functions that run new code, by the names of their folders. */
  readonly functions: readonly string[];
  /** What changed and is not shown before the next start. */
  readonly notShown: readonly string[];
}

/** A synthesis, as far as a reload takes it over. */
export interface Deployed {
  readonly stacks: readonly Stack[];
  readonly functions: ReadonlyMap<string, LambdaFunction>;
}

/**
 * Lets the running functions run the code of a newer synthesis. Cognito and DynamoDB are left as
 * they are: whoever is logged in stays so, and items stay.
 */
export const deployNewer = async (running: Deployed, newer: Deployed): Promise<ReloadResult> => {
  const changed: string[] = [];
  for (const [arn, lambda] of newer.functions) {
    const current = running.functions.get(arn);
    if (current === undefined) continue;
    if (current.code !== lambda.code) changed.push(current.name);
    // Also where the code is the same: the folder of the older synthesis is on its way out.
    await current.deploy(lambda);
  }
  return { functions: changed.sort(), notShown: needNewStart(running.stacks, newer.stacks) };
};
