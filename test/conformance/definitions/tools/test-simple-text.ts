import * as z from 'zod';
import { defineTool } from '../../../../lambdas/mcp/define-tool.ts';

export default defineTool({
  name: 'test_simple_text',
  title: 'test_simple_text',
  description: 'Answers with text.',
  input: z.object({}),
  scopes: [],
  annotations: {},
  handler: () => 'This is a simple text response for testing.',
});
