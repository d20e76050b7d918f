import * as z from 'zod';
import { defineTool } from '../../../../lambdas/mcp/authoring/define-tool.ts';
import { InputRequired } from '../../../../lambdas/mcp/authoring/input-required.ts';
import { ask, sample } from '../input.ts';

export default defineTool({
  name: 'test_input_required_result_capabilities',
  title: 'test_input_required_result_capabilities',
  description: 'Asks for what the client can do, and nothing else.',
  input: z.object({}),
  scopes: [],
  annotations: {},
  handler: (_input, { inputResponses, clientCapabilities }) => {
    if (Object.keys(inputResponses).length > 0) return 'done';
    return new InputRequired({
      ...('elicitation' in clientCapabilities && { name: ask('What is your name?', 'name') }),
      ...('sampling' in clientCapabilities && { greeting: sample('Generate a greeting') }),
    });
  },
});
