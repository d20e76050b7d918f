import * as z from 'zod';
import { defineTool } from '../../../../lambdas/mcp/authoring/define-tool.ts';

export default defineTool({
  name: 'test_embedded_resource',
  title: 'test_embedded_resource',
  description: 'Answers with a resource.',
  input: z.object({}),
  scopes: [],
  annotations: {},
  handler: () => ({
    type: 'resource',
    resource: {
      uri: 'test://embedded-resource',
      mimeType: 'text/plain',
      text: 'This is an embedded resource content.',
    },
  }),
});
