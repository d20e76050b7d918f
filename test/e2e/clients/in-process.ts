import { fetchFrom } from '../browser/request-from.ts';
import { MemoryProvider } from './memory-provider.ts';
import { startRedirectListener } from './redirect-listener.ts';
import { revokeAndRefresh } from './revocation.ts';
import type { Client, Setting, Story } from './story.ts';

/** A connected client of one library. */
export interface Connection {
  readonly protocolVersion?: string;
  listTools(): Promise<readonly string[]>;
  whoami(): Promise<unknown>;
  close(): Promise<void>;
}

export interface Means {
  readonly provider: MemoryProvider;
  readonly fetch: typeof fetch;
}

/**
 * What is particular to a library: one attempt to connect; `undefined` when it ended with a login,
 * after which the next will do.
 */
export type Attempt = (setting: Setting, means: Means) => Promise<Connection | undefined>;

/** The whole way for a library that runs in this process. */
export const inProcess =
  (name: string, host: '127.0.0.1' | 'localhost', attempt: Attempt): Client =>
  async (setting): Promise<Story> => {
    const listener = await startRedirectListener(host);
    const fetch = fetchFrom(setting.address);
    const provider = new MemoryProvider(name, setting, setting.redirectUrl ?? listener.redirectUrl);
    const means = { provider, fetch };
    try {
      const connection = (await attempt(setting, means)) ?? (await attempt(setting, means));
      if (!connection) throw new Error('The client was not let in after the login.');
      const tools = await connection.listTools();
      provider.spoilAccessToken();
      const whoami = await connection.whoami();
      await connection.close();
      const kept = {
        clientId: provider.clientInformation()?.client_id ?? setting.clientMetadataUrl ?? '',
        refreshToken: provider.tokens()?.refresh_token ?? '',
      };
      return {
        ...(connection.protocolVersion !== undefined && {
          protocolVersion: connection.protocolVersion,
        }),
        tools,
        whoami,
        logins: provider.logins,
        afterRevocation: await revokeAndRefresh(fetch, setting.mcpUrl, kept),
      };
    } finally {
      await listener.stop();
    }
  };
