import * as z from 'zod';
import { defineTool } from '../../../../lambdas/mcp/authoring/define-tool.ts';
import { InputRequired } from '../../../../lambdas/mcp/authoring/input-required.ts';
import { answered, ask } from '../input.ts';

export default defineTool({
  name: 'test_input_required_result_elicitation',
  title: 'test_input_required_result_elicitation',
  description: 'Asks for a name.',
  input: z.object({}),
  scopes: [],
  annotations: {},
  handler: (_input, { inputResponses }) => {
    const name = answered(inputResponses['user_name'])?.['name'];
    return typeof name === 'string'
      ? `Hello, ${name}!`
      : new InputRequired({ user_name: ask('What is your name?', 'name') });
  },
});
