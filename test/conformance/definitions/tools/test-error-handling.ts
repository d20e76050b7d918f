import * as z from 'zod';
import { defineTool } from '../../../../lambdas/mcp/authoring/define-tool.ts';
import { ToolError } from '../../../../lambdas/mcp/authoring/tool-error.ts';

export default defineTool({
  name: 'test_error_handling',
  title: 'test_error_handling',
  description: 'Fails.',
  input: z.object({}),
  scopes: [],
  annotations: {},
  handler: () => {
    throw new ToolError('This tool intentionally returns an error for testing');
  },
});
