import * as z from 'zod';
import { defineTool } from '../../../../lambdas/mcp/authoring/define-tool.ts';
import { InputRequired } from '../../../../lambdas/mcp/authoring/input-required.ts';
import { answered, ask, signed, verified } from '../input.ts';

export default defineTool({
  name: 'test_input_required_result_multi_round',
  title: 'test_input_required_result_multi_round',
  description: 'Asks twice.',
  input: z.object({}),
  scopes: [],
  annotations: {},
  handler: (_input, { inputResponses, requestState }) => {
    const step = verified(requestState);
    if (step === 'two' && answered(inputResponses['step2']) !== undefined) return 'done';
    return (step === 'one' && answered(inputResponses['step1']) !== undefined) || step === 'two'
      ? new InputRequired(
          { step2: ask('Step 2: What is your favorite color?', 'color') },
          signed('two'),
        )
      : new InputRequired({ step1: ask('Step 1: What is your name?', 'name') }, signed('one'));
  },
});
