import * as z from 'zod';
import { defineTool } from '../../../../lambdas/mcp/authoring/define-tool.ts';
import { icons } from '../media.ts';

export default defineTool({
  name: 'test_simple_text',
  title: 'test_simple_text',
  description: 'Answers with text.',
  input: z.object({}),
  scopes: [],
  annotations: {},
  icons,
  _meta: { 'com.example/kept': true },
  handler: () => 'This is a simple text response for testing.',
});
