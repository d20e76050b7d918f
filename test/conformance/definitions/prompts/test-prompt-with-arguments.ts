import * as z from 'zod';
import { definePrompt } from '../../../../lambdas/mcp/authoring/define-prompt.ts';

export default definePrompt({
  name: 'test_prompt_with_arguments',
  title: 'test_prompt_with_arguments',
  description: 'With arguments.',
  arguments: z.object({
    arg1: z.string().describe('First test argument'),
    arg2: z.string().describe('Second test argument'),
  }),
  scopes: [],
  complete: {
    arg1: (value) => ['paris', 'parma', 'porto'].filter((name) => name.startsWith(value)),
  },
  handler: ({ arg1, arg2 }) => `Prompt with arguments: arg1='${arg1}', arg2='${arg2}'`,
});
