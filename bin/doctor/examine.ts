import * as z from 'zod';
import type { Check, Target } from './check.ts';
import { burst } from './checks/burst.ts';
import { challenge } from './checks/challenge.ts';
import { cors } from './checks/cors.ts';
import { discovery, reachable } from './checks/discovery.ts';
import { headers } from './checks/headers.ts';
import { methods } from './checks/methods.ts';
import { oauth } from './checks/oauth.ts';
import { session } from './checks/session.ts';
import { tokenMisuse } from './checks/token-misuse.ts';

/** In the order in which a client meets them; the flood last, since it spends the rate limit. */
export const checks: readonly Check[] = [
  reachable,
  ...discovery,
  ...challenge,
  ...oauth,
  ...session,
  ...headers,
  ...cors,
  ...methods,
  tokenMisuse,
  ...burst,
];

export interface Outcome extends Pick<Check, 'id' | 'title' | 'controls' | 'fix'> {
  readonly status: 'passed' | 'failed' | 'skipped';
  /** What is wrong; for a skipped check, what it needs. */
  readonly details: readonly string[];
  /** What is worth knowing although nothing is wrong with it. */
  readonly notes?: readonly string[];
}

type Listener = (outcome: Outcome) => void;

export interface Options {
  readonly burst: boolean;
  /** Is told of each check as it ends. */
  readonly onOutcome?: Listener;
}

/** @returns what keeps the check from running */
type Missing<T> = (check: Check<T>) => string | undefined;

/** Why a check could not be made, in a line. */
export const failureOf = (error: unknown): string => {
  if (!(error instanceof z.ZodError)) return error instanceof Error ? error.message : String(error);
  const places = error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`);
  return `An answer has another shape than AWS publishes (${places.join('; ')}).`;
};

const outcomeOf = async <T>(check: Check<T>, target: T, missing: Missing<T>): Promise<Outcome> => {
  const { id, title, controls, fix } = check;
  const row = { id, title, controls, fix };
  const needed = missing(check);
  if (needed !== undefined) return { ...row, status: 'skipped', details: [needed] };
  try {
    const found = await check.run(target);
    const { faults, notes } = 'faults' in found ? found : { faults: found, notes: [] };
    const status = faults.length === 0 ? 'passed' : 'failed';
    return { ...row, status, details: faults, ...(notes.length > 0 && { notes }) };
  } catch (error) {
    return { ...row, status: 'failed', details: [failureOf(error)] };
  }
};

/** Runs checks one after another; one that throws has failed, and the others go on. */
export const runChecks = async <T>(
  list: readonly Check<T>[],
  target: T,
  missing: Missing<T>,
  onOutcome: Listener = () => {},
): Promise<readonly Outcome[]> => {
  const outcomes: Outcome[] = [];
  for (const check of list) {
    const outcome = await outcomeOf(check, target, missing);
    onOutcome(outcome);
    outcomes.push(outcome);
  }
  return outcomes;
};

/**
 * Every check from outside. It sends about 100 requests and changes nothing but one client
 * registration. Where nothing answers, it says that once.
 */
export const examine = async (target: Target, options: Options): Promise<readonly Outcome[]> => {
  const answered = await runChecks([reachable], target, () => undefined, options.onOutcome);
  const isSilent = answered.some(({ status }) => status === 'failed');
  const outcomes = await runChecks(
    checks.filter((check) => check !== reachable),
    target,
    ({ needs }) => {
      if (isSilent) return 'needs an answer';
      const wanted = `needs --${needs?.replace(' and ', ' and --')}`;
      if (needs?.includes('token') && target.token === undefined) return wanted;
      if (needs?.includes('burst') && !options.burst) return wanted;
      return undefined;
    },
    options.onOutcome,
  );
  return [...answered, ...outcomes];
};
