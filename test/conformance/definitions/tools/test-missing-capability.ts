import * as z from 'zod';
import { defineTool } from '../../../../lambdas/mcp/authoring/define-tool.ts';
import { InputRequired } from '../../../../lambdas/mcp/authoring/input-required.ts';
import { given, sample } from '../input.ts';

export default defineTool({
  name: 'test_missing_capability',
  title: 'test_missing_capability',
  description: 'Needs a client that can sample.',
  input: z.object({}),
  scopes: [],
  annotations: {},
  handler: (_input, { inputResponses }) =>
    given(inputResponses['capability'])
      ? 'sampled'
      : new InputRequired({ capability: sample('Hello') }),
});
