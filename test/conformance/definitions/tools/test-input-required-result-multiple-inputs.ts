import * as z from 'zod';
import { defineTool } from '../../../../lambdas/mcp/authoring/define-tool.ts';
import { InputRequired } from '../../../../lambdas/mcp/authoring/input-required.ts';
import { ask, given, roots, sample, signed } from '../input.ts';

export default defineTool({
  name: 'test_input_required_result_multiple_inputs',
  title: 'test_input_required_result_multiple_inputs',
  description: 'Asks for three things at once.',
  input: z.object({}),
  scopes: [],
  annotations: {},
  handler: (_input, { inputResponses }) =>
    ['user_name', 'greeting', 'client_roots'].every((key) => given(inputResponses[key]))
      ? JSON.stringify(inputResponses)
      : new InputRequired(
          {
            user_name: ask('What is your name?', 'name'),
            greeting: sample('Generate a greeting'),
            client_roots: roots,
          },
          signed('three'),
        ),
});
