import { Client, StreamableHTTPClientTransport, UnauthorizedError } from '@modelcontextprotocol/client';
import { type Connect, inProcess } from './in-process.ts';

/** The official v2 client; `auto` asks for 2026-07-28 by `server/discover`, `legacy` (its default) opens with `initialize`. */
const connect =
  (mode: 'auto' | 'legacy'): Connect =>
  async ({ mcpUrl }, { provider, fetch, response }) => {
    const attempt = async () => {
      const transport = new StreamableHTTPClientTransport(new URL(mcpUrl), { authProvider: provider, fetch });
      const client = new Client({ name: 'gatehouse-e2e', version: '1.0.0' }, { versionNegotiation: { mode } });
      try {
        await client.connect(transport);
        return { client, transport };
      } catch (error) {
        if (!(error instanceof UnauthorizedError)) throw error;
        await transport.finishAuth(await response());
        return undefined;
      }
    };
    const { client } = (await attempt()) ?? (await attempt()) ?? {};
    if (!client) throw new Error('The client was not let in after the login.');
    const protocolVersion = client.getNegotiatedProtocolVersion();
    return {
      ...(protocolVersion !== undefined && { protocolVersion }),
      listTools: async () => (await client.listTools()).tools.map(({ name }) => name),
      whoami: async () => (await client.callTool({ name: 'whoami', arguments: {} })).structuredContent,
      close: () => client.close(),
    };
  };

export const sdkV2Modern = inProcess('Official v2 client, 2026-07-28', 'localhost', connect('auto'));
export const sdkV2Legacy = inProcess('Official v2 client, 2025-11-25', '127.0.0.1', connect('legacy'));
