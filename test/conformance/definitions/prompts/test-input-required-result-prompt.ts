import * as z from 'zod';
import { definePrompt } from '../../../../lambdas/mcp/authoring/define-prompt.ts';
import { InputRequired } from '../../../../lambdas/mcp/authoring/input-required.ts';
import { answered, ask } from '../input.ts';

export default definePrompt({
  name: 'test_input_required_result_prompt',
  title: 'test_input_required_result_prompt',
  description: 'Asks for its context.',
  arguments: z.object({}),
  scopes: [],
  handler: (_values, { inputResponses }) => {
    const context = answered(inputResponses['user_context'])?.['context'];
    return typeof context === 'string'
      ? `Use this context: ${context}`
      : new InputRequired({ user_context: ask('What context should the prompt use?', 'context') });
  },
});
