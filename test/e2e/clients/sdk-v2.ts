import {
  Client,
  type OAuthDiscoveryState,
  StreamableHTTPClientTransport,
  UnauthorizedError,
} from '@modelcontextprotocol/client';
import { type Attempt, inProcess } from './in-process.ts';

/**
 * The official v2 client; `auto` asks for 2026-07-28 by `server/discover`, `legacy` (its default)
 * opens with `initialize`.
 */
const attempt =
  (mode: 'auto' | 'legacy'): Attempt =>
  async ({ mcpUrl }, { provider, fetch }) => {
    // With the discovery kept over the redirect, the client checks that the response came from the
    // server that it asked.
    let discovery: OAuthDiscoveryState | undefined;
    const authProvider = Object.assign(provider, {
      discoveryState: () => discovery,
      saveDiscoveryState: (state: OAuthDiscoveryState) => {
        discovery = state;
      },
    });
    const transport = new StreamableHTTPClientTransport(new URL(mcpUrl), { authProvider, fetch });
    const client = new Client(
      { name: 'gatehouse-e2e', version: '1.0.0' },
      { versionNegotiation: { mode } },
    );
    try {
      await client.connect(transport);
    } catch (error) {
      if (!(error instanceof UnauthorizedError)) throw error;
      // The whole response: the client checks `iss` (RFC 9207).
      await transport.finishAuth(provider.response);
      return undefined;
    }
    const protocolVersion = client.getNegotiatedProtocolVersion();
    return {
      ...(protocolVersion !== undefined && { protocolVersion }),
      listTools: async () => (await client.listTools()).tools.map(({ name }) => name),
      whoami: async () =>
        (await client.callTool({ name: 'whoami', arguments: {} })).structuredContent,
      close: () => client.close(),
    };
  };

export const sdkV2Modern = inProcess(
  'Official v2 client, 2026-07-28',
  'localhost',
  attempt('auto'),
);
export const sdkV2Legacy = inProcess(
  'Official v2 client, 2025-11-25',
  '127.0.0.1',
  attempt('legacy'),
);
