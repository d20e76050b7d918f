import { setTimeout } from 'node:timers/promises';
import { defineTool, ToolError } from 'gatehouse/definitions';
import * as z from 'zod/mini';

/**
 * The longest that it waits. A call holds a function while it runs: with the limit of 30 calls a
 * minute and user, this is how many of the account's concurrent executions one user can hold (for a
 * minute: 30; for a streamed call's 15 minutes: 420).
 */
export const countDownSeconds = 60;

/**
 * An example of a long call: it reports progress as it runs, and stops when it is told to, saying
 * how far it came.
 */
export default defineTool({
  name: 'count_down',
  title: 'Count down',
  description:
    'Waits for a number of seconds and reports each one as progress. Shows how a long call behaves.',
  input: z.object({ seconds: z.int().check(z.minimum(1), z.maximum(countDownSeconds)) }),
  output: z.object({ waitedSeconds: z.number() }),
  scopes: ['gatehouse/tools.call'],
  annotations: { readOnlyHint: true, openWorldHint: false },
  handler: async ({ seconds }, { signal, progress }) => {
    for (let passed = 1; passed <= seconds; passed += 1) {
      await setTimeout(1000, undefined, { signal }).catch(() => {
        throw new ToolError(
          `Stopped after ${passed - 1} of ${seconds} seconds: the call was cancelled, or its time ran out.`,
        );
      });
      progress(passed, seconds, `${seconds - passed} s to go`);
    }
    return { waitedSeconds: seconds };
  },
});
