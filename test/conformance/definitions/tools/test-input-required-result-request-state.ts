import * as z from 'zod';
import { defineTool } from '../../../../lambdas/mcp/authoring/define-tool.ts';
import { InputRequired } from '../../../../lambdas/mcp/authoring/input-required.ts';
import { answered, ask, signed, verified } from '../input.ts';

export default defineTool({
  name: 'test_input_required_result_request_state',
  title: 'test_input_required_result_request_state',
  description: 'Carries state through the client.',
  input: z.object({}),
  scopes: [],
  annotations: {},
  handler: (_input, { inputResponses, requestState }) =>
    answered(inputResponses['confirm']) !== undefined && verified(requestState) === 'confirming'
      ? 'state-ok'
      : new InputRequired(
          { confirm: ask('Please confirm', 'ok', 'boolean') },
          signed('confirming'),
        ),
});
