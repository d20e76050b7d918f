import * as z from 'zod';
import { InvalidParameters } from '../../../../lambdas/errors/errors.ts';
import { defineTool } from '../../../../lambdas/mcp/authoring/define-tool.ts';
import { InputRequired } from '../../../../lambdas/mcp/authoring/input-required.ts';
import { answered, ask, signed, verified } from '../input.ts';

export default defineTool({
  name: 'test_input_required_result_tampered_state',
  title: 'test_input_required_result_tampered_state',
  description: 'Refuses state that was changed on the way.',
  input: z.object({}),
  scopes: [],
  annotations: {},
  handler: (_input, { inputResponses, requestState }) => {
    if (requestState !== undefined && verified(requestState) === undefined)
      throw new InvalidParameters({ message: 'The requestState is not ours.' });
    return answered(inputResponses['confirm']) === undefined
      ? new InputRequired({ confirm: ask('Please confirm', 'ok', 'boolean') }, signed('confirming'))
      : 'done';
  },
});
