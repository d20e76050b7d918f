import middy from '@middy/core';
import { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js';
import mcpMiddleware from 'middy-mcp';
import { z } from 'zod/v3';
import { add, describe, toolNames, verifyToken } from './shared.ts';

const server = new McpServer({ name: 'bench', version: '1.0.0' });
for (const name of toolNames) {
  server.registerTool(
    name,
    {
      ...describe(name),
      inputSchema: {
        a: z.number().describe('First'),
        b: z.number().describe('Second'),
        note: z.string().max(200).optional(),
      },
      outputSchema: { sum: z.number() },
    },
    async (given: { a: number; b: number }) => add(given),
  );
}

export const handler = middy()
  .use({
    before: ({ event }: { event: { headers: Record<string, string> } }) => {
      verifyToken(event.headers['authorization']);
    },
  })
  .use(mcpMiddleware({ server }));
