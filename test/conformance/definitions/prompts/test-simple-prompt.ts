import * as z from 'zod';
import { definePrompt } from '../../../../lambdas/mcp/define-prompt.ts';

export default definePrompt({
  name: 'test_simple_prompt',
  title: 'test_simple_prompt',
  description: 'Without arguments.',
  arguments: z.object({}),
  scopes: [],
  handler: () => 'This is a simple prompt for testing.',
});
