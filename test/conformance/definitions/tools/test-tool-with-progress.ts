import { setTimeout } from 'node:timers/promises';
import * as z from 'zod';
import { defineTool } from '../../../../lambdas/mcp/authoring/define-tool.ts';

export default defineTool({
  name: 'test_tool_with_progress',
  title: 'test_tool_with_progress',
  description: 'Reports progress.',
  input: z.object({}),
  scopes: [],
  annotations: {},
  handler: async (_input, { progress }) => {
    for (const done of [0, 50, 100]) {
      progress(done, 100, `Completed step ${done} of 100`);
      await setTimeout(50);
    }
    return 'done';
  },
});
