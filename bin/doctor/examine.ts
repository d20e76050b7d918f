import type { Check, Target } from './check.ts';
import { burst } from './checks/burst.ts';
import { challenge } from './checks/challenge.ts';
import { cors } from './checks/cors.ts';
import { discovery } from './checks/discovery.ts';
import { headers } from './checks/headers.ts';
import { methods } from './checks/methods.ts';
import { oauth } from './checks/oauth.ts';
import { session } from './checks/session.ts';

/** In the order in which a client meets them; the flood last, since it spends the rate limit. */
export const checks: readonly Check[] = [
  ...discovery,
  ...challenge,
  ...oauth,
  ...session,
  ...headers,
  ...cors,
  ...methods,
  ...burst,
];

export interface Outcome extends Pick<Check, 'id' | 'title' | 'controls' | 'fix'> {
  readonly status: 'passed' | 'failed' | 'skipped';
  /** What is wrong; for a skipped check, the option that it needs. */
  readonly details: readonly string[];
}

export interface Options {
  readonly burst: boolean;
  /** Is told of each check as it ends. */
  readonly onOutcome?: (outcome: Outcome) => void;
}

const missingOption = (check: Check, target: Target, options: Options): string | undefined => {
  if (check.needs === 'token' && target.token === undefined) return 'needs --token';
  if (check.needs === 'burst' && !options.burst) return 'needs --burst';
  return undefined;
};

const outcomeOf = async (check: Check, target: Target, options: Options): Promise<Outcome> => {
  const { id, title, controls, fix } = check;
  const row = { id, title, controls, fix };
  const missing = missingOption(check, target, options);
  if (missing !== undefined) return { ...row, status: 'skipped', details: [missing] };
  try {
    const details = await check.run(target);
    return { ...row, status: details.length === 0 ? 'passed' : 'failed', details };
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    return { ...row, status: 'failed', details: [message] };
  }
};

/** Runs every check, one after another. It sends about 100 requests and changes nothing but one client registration. */
export const examine = async (target: Target, options: Options): Promise<readonly Outcome[]> => {
  const outcomes: Outcome[] = [];
  for (const check of checks) {
    const outcome = await outcomeOf(check, target, options);
    options.onOutcome?.(outcome);
    outcomes.push(outcome);
  }
  return outcomes;
};
