import { describeThrown, errorLine } from './error-line.ts';

/**
 * `console.error` of an error is one line of Lambda's JSON log format; all else is written as Node
 * does. The runtime itself logs by it what a handler threw, so that a function that has replaced
 * `console.error` decides what becomes of it
 * (https://github.com/aws/aws-lambda-nodejs-runtime-interface-client, src/logging/log-patch.ts).
 */
export const patchConsole = (service: string) => {
  const write = console.error;
  let requestId = '';
  console.error = (...values: unknown[]): void => {
    const [error] = values;
    if (values.length === 1 && error instanceof Error)
      process.stderr.write(`${errorLine(describeThrown(error), service, requestId)}\n`);
    else write(...values);
  };
  return {
    /** Names the invocation that the next lines belong to. */
    begin: (id: string): void => {
      requestId = id;
    },
    logThrown: (error: unknown): void =>
      console.error(error instanceof Error ? error : new Error(String(error))),
  };
};
