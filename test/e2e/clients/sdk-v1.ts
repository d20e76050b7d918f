import { UnauthorizedError } from '@modelcontextprotocol/sdk/client/auth.js';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import { type Attempt, inProcess } from './in-process.ts';

const attempt: Attempt = async ({ mcpUrl }, { provider, fetch }) => {
  const transport = new StreamableHTTPClientTransport(new URL(mcpUrl), {
    authProvider: provider,
    fetch,
  });
  const client = new Client({ name: 'gatehouse-e2e', version: '1.0.0' });
  try {
    await client.connect(transport);
  } catch (error) {
    if (!(error instanceof UnauthorizedError)) throw error;
    await transport.finishAuth(provider.response.get('code') ?? '');
    return undefined;
  }
  return {
    ...(transport.protocolVersion !== undefined && { protocolVersion: transport.protocolVersion }),
    listTools: async () => (await client.listTools()).tools.map(({ name }) => name),
    whoami: async () =>
      (await client.callTool({ name: 'whoami', arguments: {} })).structuredContent,
    close: () => client.close(),
  };
};

export const sdkV1 = inProcess('Official v1 client', '127.0.0.1', attempt);
