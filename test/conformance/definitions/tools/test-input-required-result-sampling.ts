import * as z from 'zod';
import { defineTool } from '../../../../lambdas/mcp/authoring/define-tool.ts';
import { InputRequired } from '../../../../lambdas/mcp/authoring/input-required.ts';
import { given, sample } from '../input.ts';

export default defineTool({
  name: 'test_input_required_result_sampling',
  title: 'test_input_required_result_sampling',
  description: "Asks the client's model.",
  input: z.object({}),
  scopes: [],
  annotations: {},
  handler: (_input, { inputResponses }) =>
    given(inputResponses['capital_question'])
      ? JSON.stringify(inputResponses['capital_question'])
      : new InputRequired({ capital_question: sample('What is the capital of France?') }),
});
