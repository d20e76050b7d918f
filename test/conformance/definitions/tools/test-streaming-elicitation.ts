import * as z from 'zod';
import { defineTool } from '../../../../lambdas/mcp/authoring/define-tool.ts';
import { InputRequired } from '../../../../lambdas/mcp/authoring/input-required.ts';
import { answered, ask } from '../input.ts';

export default defineTool({
  name: 'test_streaming_elicitation',
  title: 'test_streaming_elicitation',
  description: 'Asks for input after some progress.',
  input: z.object({}),
  scopes: [],
  annotations: {},
  handler: (_input, { inputResponses, progress }) => {
    progress(1, 2);
    return answered(inputResponses['name']) === undefined
      ? new InputRequired({ name: ask('What is your name?', 'name') })
      : 'done';
  },
});
