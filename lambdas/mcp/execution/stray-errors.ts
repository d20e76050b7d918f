import { AsyncLocalStorage } from 'node:async_hooks';
import { setTimeout } from 'node:timers/promises';
import { strayErrors } from '../../../policy/mcp-methods.ts';
import type { Call } from './call.ts';

/*
 * A definition may leave an error to nobody: a promise that nobody awaits, an `error` event without a
 * listener, an interval that throws. Lambda's runtime ends the process for it, and with it the calls
 * of a batch that have nothing to do with it. Here the call to blame fails, and the others finish.
 */

const calls = new AsyncLocalStorage<Call>();
let running = 0;
let trusted = true;

/** Runs a call's work so that whatever it leaves behind is known to be its own. */
export const attributedTo = async <Result>(
  call: Call,
  work: () => Promise<Result>,
): Promise<Result> => {
  running += 1;
  try {
    return await calls.run(call, work);
  } finally {
    running -= 1;
  }
};

/** The process's events, in place of the listeners that Lambda's runtime has set. */
export interface ProcessEvents {
  removeAllListeners(event: 'uncaughtException' | 'unhandledRejection'): unknown;
  on(
    event: 'uncaughtException' | 'unhandledRejection',
    listener: (error: unknown) => void,
  ): unknown;
  exit(code: number): void;
}

/**
 * Takes stray errors from now on.
 *
 * A rejection of a call's own promise has interrupted nothing else, so the instance goes on. An
 * exception may have left anything half done (Node, "Warning: Using 'uncaughtException' correctly"),
 * and so may an error of nobody's call: that instance is not trusted any more.
 */
export const containStrayErrors = (events: ProcessEvents, log: (error: unknown) => void): void => {
  const contain = (error: unknown): void => {
    const call = calls.getStore();
    if (call !== undefined) {
      call.failWith(error);
      return;
    }
    log(error);
    // With no call to spare, the process ends as Lambda's own listeners end it, at init too.
    if (running === 0) events.exit(1);
  };
  events.removeAllListeners('unhandledRejection');
  events.on('unhandledRejection', (error) => {
    trusted &&= calls.getStore() !== undefined;
    contain(error);
  });
  events.removeAllListeners('uncaughtException');
  events.on('uncaughtException', (error) => {
    trusted = false;
    contain(error);
  });
};

/**
 * Ends an instance that is not trusted, once its response is sent and before it takes another
 * request: Lambda hands it none until its handler has returned. The wait is for Lambda to have read
 * the response. (Between requests an instance is frozen: an error that was due then is met with the
 * request that wakes it, which is served as the last.)
 */
export const endUntrustedInstance = async (): Promise<void> => {
  if (trusted) return;
  await setTimeout(strayErrors.graceMilliseconds);
  process.exit(1);
};
