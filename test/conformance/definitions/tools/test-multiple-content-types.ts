import * as z from 'zod';
import { defineTool } from '../../../../lambdas/mcp/authoring/define-tool.ts';
import { png } from '../media.ts';

export default defineTool({
  name: 'test_multiple_content_types',
  title: 'test_multiple_content_types',
  description: 'Answers with content of every kind.',
  input: z.object({}),
  scopes: [],
  annotations: {},
  handler: () => [
    { type: 'text', text: 'Multiple content types test:' },
    { type: 'image', data: png, mimeType: 'image/png' },
    {
      type: 'resource',
      resource: {
        uri: 'test://mixed-content-resource',
        mimeType: 'application/json',
        text: '{"test":"data","value":123}',
      },
    },
  ],
});
