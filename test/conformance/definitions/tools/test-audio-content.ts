import * as z from 'zod';
import { defineTool } from '../../../../lambdas/mcp/authoring/define-tool.ts';
import { wav } from '../media.ts';

export default defineTool({
  name: 'test_audio_content',
  title: 'test_audio_content',
  description: 'Answers with sound.',
  input: z.object({}),
  scopes: [],
  annotations: {},
  handler: () => ({ type: 'audio', data: wav, mimeType: 'audio/wav' }),
});
