import * as z from 'zod';
import { definePrompt } from '../../../../lambdas/mcp/authoring/define-prompt.ts';
import { png } from '../media.ts';

export default definePrompt({
  name: 'test_prompt_with_image',
  title: 'test_prompt_with_image',
  description: 'With an image in it.',
  arguments: z.object({}),
  scopes: [],
  handler: () => [
    { role: 'user', content: { type: 'image', data: png, mimeType: 'image/png' } },
    { role: 'user', content: { type: 'text', text: 'Please analyze the image above.' } },
  ],
});
