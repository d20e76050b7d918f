import { defineTool } from 'gatehouse/definitions';
import * as z from 'zod/mini';

/**
 * An example of MCP Apps: a host that knows them shows the page beside the result
 * (resources/add-up-page.ts); every other client reads the text.
 */
export default defineTool({
  name: 'add_up',
  title: 'Add up',
  description: 'Adds up numbers, and shows the sum on a page where the client can show one.',
  input: z.object({ numbers: z.array(z.number()).check(z.maxLength(100)) }),
  output: z.object({ sum: z.number() }),
  text: ({ sum }) => `The sum is ${sum}.`,
  scopes: [],
  annotations: { readOnlyHint: true, openWorldHint: false },
  _meta: { ui: { resourceUri: 'ui://sample-tools/add-up.html' } },
  handler: ({ numbers }) => ({ sum: numbers.reduce((sum, number) => sum + number, 0) }),
});
