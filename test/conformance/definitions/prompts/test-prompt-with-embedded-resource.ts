import * as z from 'zod';
import { definePrompt } from '../../../../lambdas/mcp/authoring/define-prompt.ts';

export default definePrompt({
  name: 'test_prompt_with_embedded_resource',
  title: 'test_prompt_with_embedded_resource',
  description: 'With a resource in it.',
  arguments: z.object({ resourceUri: z.string().describe('URI of the resource to embed') }),
  scopes: [],
  handler: ({ resourceUri }) => [
    {
      role: 'user',
      content: {
        type: 'resource',
        resource: {
          uri: resourceUri,
          mimeType: 'text/plain',
          text: 'Embedded resource content for testing.',
        },
      },
    },
    {
      role: 'user',
      content: { type: 'text', text: 'Please process the embedded resource above.' },
    },
  ],
});
