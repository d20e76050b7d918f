import * as z from 'zod/mini';
import { defineTool } from '../../../../../lambdas/mcp/authoring/define-tool.ts';

/**
 * Works until `signal` fires, and gives what it has: how a tool that can stop halfway would use its
 * time.
 */
export default defineTool({
  name: 'until_told',
  title: 'Until told',
  description: 'Waits for the signal and says how long that took.',
  input: z.object({}),
  output: z.object({
    promisedMilliseconds: z.number(),
    workedMilliseconds: z.number(),
    leftMilliseconds: z.number(),
  }),
  scopes: [],
  annotations: { readOnlyHint: true },
  handler: async (_input, { signal, remainingMilliseconds }) => {
    const [promisedMilliseconds, startedAt] = [remainingMilliseconds(), performance.now()];
    await new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }));
    return {
      promisedMilliseconds,
      workedMilliseconds: performance.now() - startedAt,
      leftMilliseconds: remainingMilliseconds(),
    };
  },
});
