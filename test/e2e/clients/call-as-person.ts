import {
  Client,
  type OAuthDiscoveryState,
  StreamableHTTPClientTransport,
  UnauthorizedError,
} from '@modelcontextprotocol/client';
import { Browser } from '../browser/browser-walk.ts';
import { fetchFrom } from '../browser/request-from.ts';
import { freshAddress } from '../runtime/send.ts';
import { MemoryProvider } from './memory-provider.ts';
import { startRedirectListener } from './redirect-listener.ts';

export type Call = readonly [tool: string, input: Record<string, unknown>];

/** Somebody who has logged in with the official client. */
export interface Session {
  readonly client: Client;
  close(): Promise<void>;
}

/** A whole login by the official client. */
export const logIn = async (
  mcpUrl: string,
  person: { email: string; password: string },
): Promise<Session> => {
  const listener = await startRedirectListener('127.0.0.1');
  try {
    const address = freshAddress();
    const browser = new Browser({ person, address });
    let discovery: OAuthDiscoveryState | undefined;
    const authProvider = Object.assign(
      new MemoryProvider(
        'First call',
        { mcpUrl, browser, address, home: '' },
        listener.redirectUrl,
      ),
      {
        discoveryState: () => discovery,
        saveDiscoveryState: (state: OAuthDiscoveryState) => {
          discovery = state;
        },
      },
    );
    const connect = async (): Promise<Client | undefined> => {
      const transport = new StreamableHTTPClientTransport(new URL(mcpUrl), {
        authProvider,
        fetch: fetchFrom(address),
      });
      const client = new Client(
        { name: 'first-call', version: '1.0.0' },
        { versionNegotiation: { mode: 'auto' } },
      );
      try {
        await client.connect(transport);
        return client;
      } catch (error) {
        if (!(error instanceof UnauthorizedError)) throw error;
        await transport.finishAuth(authProvider.response);
        return undefined;
      }
    };
    const client = (await connect()) ?? (await connect());
    if (client === undefined) throw new Error('The client was not let in after the login.');
    return {
      client,
      close: async () => {
        await client.close();
        await listener.stop();
      },
    };
  } catch (error) {
    await listener.stop();
    throw error;
  }
};

/** A whole login by the official client, then calls, one after another. */
export const callAsPerson = async (
  mcpUrl: string,
  person: { email: string; password: string },
  calls: readonly Call[],
) => {
  const { client, close } = await logIn(mcpUrl, person);
  try {
    const { tools } = await client.listTools();
    const results = [];
    for (const [name, input] of calls)
      results.push(await client.callTool({ name, arguments: input }));
    return { tools: tools.map((tool) => tool.name), results };
  } finally {
    await close();
  }
};
