import * as z from 'zod';
import { defineTool } from '../../../../lambdas/mcp/authoring/define-tool.ts';

export default defineTool({
  name: 'test_x_mcp_header',
  title: 'test_x_mcp_header',
  description: 'Mirrors its region in a header.',
  input: z.object({ region: z.string().meta({ 'x-mcp-header': 'Region' }) }),
  scopes: [],
  annotations: {},
  handler: ({ region }) => region,
});
