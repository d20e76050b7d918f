import { keepWarm } from '../../policy/keep-warm.ts';
import { eventOf } from './events.ts';
import { coldStart, firstCallOfKept } from './process.ts';

/** A network between Cognito's key set and us. */
export const keySetMilliseconds = 20;

export interface FirstCall {
  /** The authorizer's start and then `mcp`'s, as a user waits for both. */
  readonly separate: number;
  /** One function that is asked twice. */
  readonly together: number;
  /** Both, where a schedule keeps an instance of each. */
  readonly keptWarm: number;
}

interface Measured {
  readonly authorizer: string;
  readonly mcp: string;
  readonly oneFunction: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly token: string;
}

/**
 * The first call after a pause, from the start of the first process to the answer of `mcp`, in
 * milliseconds on the clock. A process start stands for a sandbox, which takes longer on Lambda.
 */
export const firstCall = async ({
  authorizer,
  mcp,
  oneFunction,
  environment,
  token,
}: Measured): Promise<FirstCall> => {
  const call = eventOf({ era: 'modern', method: 'tools/call', token });
  const { body: _, ...question } = call;
  const environmentOf = (events: readonly object[]) => ({
    ...environment,
    BENCH_JWKS: `${environment['BENCH_JWKS']}?milliseconds=${keySetMilliseconds}`,
    BENCH_EXPECT: '',
    BENCH_SCHEDULED: JSON.stringify({ [keepWarm.member]: true }),
    BENCH_EVENTS: JSON.stringify(events),
  });
  const started = async (file: string, events: readonly object[]) =>
    (await coldStart(file, environmentOf(events))).milliseconds;
  const kept = async (file: string, event: object) =>
    (await firstCallOfKept(file, environmentOf([event]))).milliseconds;
  return {
    separate: (await started(authorizer, [question])) + (await started(mcp, [call])),
    together: await started(oneFunction, [question, call]),
    keptWarm: (await kept(authorizer, question)) + (await kept(mcp, call)),
  };
};
