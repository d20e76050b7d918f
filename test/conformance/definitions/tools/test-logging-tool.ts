import * as z from 'zod';
import { defineTool } from '../../../../lambdas/mcp/authoring/define-tool.ts';

export default defineTool({
  name: 'test_logging_tool',
  title: 'test_logging_tool',
  description: 'Sends no log messages to the client: this server has none.',
  input: z.object({}),
  scopes: [],
  annotations: {},
  handler: () => 'logged nothing',
});
