import { eventOf } from './events.ts';
import { coldStart } from './process.ts';

/** A network between Cognito's key set and us. */
export const keySetMilliseconds = 20;

export interface FirstCall {
  /** The authorizer's start and then `mcp`'s, as a user waits for both. */
  readonly separate: number;
  /** One function that is asked twice. */
  readonly together: number;
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
  const started = async (file: string, events: readonly object[]) => {
    const { milliseconds } = await coldStart(file, {
      ...environment,
      BENCH_JWKS: `${environment['BENCH_JWKS']}?milliseconds=${keySetMilliseconds}`,
      BENCH_EXPECT: '',
      BENCH_EVENTS: JSON.stringify(events),
    });
    return milliseconds;
  };
  return {
    separate: (await started(authorizer, [question])) + (await started(mcp, [call])),
    together: await started(oneFunction, [question, call]),
  };
};
