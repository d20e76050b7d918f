import * as z from 'zod';
import { definePrompt } from '../../../../lambdas/mcp/authoring/define-prompt.ts';
import { icons } from '../media.ts';

export default definePrompt({
  name: 'test_simple_prompt',
  title: 'test_simple_prompt',
  description: 'Without arguments.',
  arguments: z.object({}),
  scopes: [],
  icons,
  _meta: { 'com.example/kept': true },
  handler: () => 'This is a simple prompt for testing.',
});
