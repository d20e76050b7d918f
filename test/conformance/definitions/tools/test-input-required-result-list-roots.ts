import * as z from 'zod';
import { defineTool } from '../../../../lambdas/mcp/authoring/define-tool.ts';
import { InputRequired } from '../../../../lambdas/mcp/authoring/input-required.ts';
import { given, roots } from '../input.ts';

export default defineTool({
  name: 'test_input_required_result_list_roots',
  title: 'test_input_required_result_list_roots',
  description: "Asks for the client's roots.",
  input: z.object({}),
  scopes: [],
  annotations: {},
  handler: (_input, { inputResponses }) =>
    given(inputResponses['client_roots'])
      ? JSON.stringify(inputResponses['client_roots'])
      : new InputRequired({ client_roots: roots }),
});
