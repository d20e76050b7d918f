import { McpServer, StreamableHttpTransport } from 'mcp-lite';
import * as z from 'zod';
import {
  add,
  describe,
  type Event,
  fromResponse,
  input,
  output,
  toolNames,
  toRequest,
  verifyToken,
} from './shared.ts';

const server = new McpServer({
  name: 'bench',
  version: '1.0.0',
  schemaAdapter: (schema) => z.toJSONSchema(schema as z.ZodType),
});
for (const name of toolNames)
  server.tool(name, {
    ...describe(name),
    inputSchema: input(),
    outputSchema: output(),
    handler: add,
  });

const mcp = new StreamableHttpTransport().bind(server);

export const handler = async (event: Event) => {
  verifyToken(event.headers['authorization']);
  return fromResponse(await mcp(toRequest(event)));
};
