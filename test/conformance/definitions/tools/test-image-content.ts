import * as z from 'zod';
import { defineTool } from '../../../../lambdas/mcp/authoring/define-tool.ts';
import { png } from '../media.ts';

export default defineTool({
  name: 'test_image_content',
  title: 'test_image_content',
  description: 'Answers with an image.',
  input: z.object({}),
  scopes: [],
  annotations: {},
  handler: () => ({ type: 'image', data: png, mimeType: 'image/png' }),
});
