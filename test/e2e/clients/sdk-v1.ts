import { UnauthorizedError } from '@modelcontextprotocol/sdk/client/auth.js';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import { type Connect, inProcess } from './in-process.ts';

const connect: Connect = async ({ mcpUrl }, { provider, fetch, response }) => {
  const attempt = async () => {
    const transport = new StreamableHTTPClientTransport(new URL(mcpUrl), { authProvider: provider, fetch });
    const client = new Client({ name: 'gatehouse-e2e', version: '1.0.0' });
    try {
      await client.connect(transport);
      return { client, transport };
    } catch (error) {
      if (!(error instanceof UnauthorizedError)) throw error;
      await transport.finishAuth((await response()).get('code') ?? '');
      return undefined;
    }
  };
  const connected = (await attempt()) ?? (await attempt());
  if (!connected) throw new Error('The client was not let in after the login.');
  const { client, transport } = connected;
  return {
    ...(transport.protocolVersion !== undefined && { protocolVersion: transport.protocolVersion }),
    listTools: async () => (await client.listTools()).tools.map(({ name }) => name),
    whoami: async () => (await client.callTool({ name: 'whoami', arguments: {} })).structuredContent,
    close: () => client.close(),
  };
};

export const sdkV1 = inProcess('Official v1 client', '127.0.0.1', connect);
