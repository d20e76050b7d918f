import { fetchFrom } from '../browser/request-from.ts';
import { MemoryProvider } from './memory-provider.ts';
import { startRedirectListener } from './redirect-listener.ts';
import { revoke } from './revocation.ts';
import type { Client, Setting, Story } from './story.ts';

/** A connected client of one library. */
export interface Connection {
  readonly protocolVersion?: string;
  listTools(): Promise<readonly string[]>;
  whoami(): Promise<unknown>;
  close(): Promise<void>;
}

export interface Tools {
  readonly provider: MemoryProvider;
  readonly fetch: typeof fetch;
  /** The authorization response that the browser brought. */
  response(): Promise<URLSearchParams>;
}

/** What is particular to a library: connecting, with a login where the server asks for one. */
export type Connect = (setting: Setting, tools: Tools) => Promise<Connection>;

/** The whole way for a library that runs in this process. */
export const inProcess =
  (name: string, host: '127.0.0.1' | 'localhost', connect: Connect): Client =>
  async (setting): Promise<Story> => {
    const listener = await startRedirectListener(host);
    const fetch = fetchFrom(setting.address);
    const provider = new MemoryProvider(name, setting, listener);
    const tools: Tools = { provider, fetch, response: () => listener.next() };
    try {
      const connection = await connect(setting, tools);
      const names = await connection.listTools();
      const whoami = await connection.whoami();
      provider.spoilAccessToken();
      const whoamiAfterRefresh = await connection.whoami();
      const loginsBeforeRevocation = provider.logins;
      await connection.close();

      const status = await revoke(fetch, setting.mcpUrl, {
        token: provider.tokens()?.refresh_token ?? '',
        token_type_hint: 'refresh_token',
        client_id: provider.clientInformation()?.client_id ?? '',
      });
      if (status !== 200) throw new Error(`The revocation was answered ${status}.`);
      provider.spoilAccessToken();
      await connect(setting, tools).then((again) => again.close());
      return {
        ...(connection.protocolVersion !== undefined && { protocolVersion: connection.protocolVersion }),
        ...{ tools: names, whoami, whoamiAfterRefresh, loginsBeforeRevocation },
        refusedAfterRevocation: provider.logins > loginsBeforeRevocation,
      };
    } finally {
      await listener.stop();
    }
  };
