import { setTimeout } from 'node:timers/promises';
import * as z from 'zod/mini';
import { defineTool } from '../../../../../lambdas/mcp/authoring/define-tool.ts';

/** Waits, whatever `signal` says: the tool of somebody who did not read the guide. */
export default defineTool({
  name: 'stubborn',
  title: 'Stubborn',
  description: 'Waits without listening.',
  input: z.object({ seconds: z.int() }),
  scopes: [],
  annotations: { readOnlyHint: true },
  handler: async ({ seconds }) => {
    await setTimeout(seconds * 1000);
    return 'done after all';
  },
});
