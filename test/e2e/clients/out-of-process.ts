import { fetchFrom } from '../browser/request-from.ts';
import { type BrowserOpener, startBrowserOpener } from './browser-opener.ts';
import { kept, spoilKeptAccessTokens } from './kept-tokens.ts';
import { revoke } from './revocation.ts';
import type { Client, Setting, Story } from './story.ts';

/** What is particular to a program: each call is a run of its own, with what it kept from the last one. */
export interface Program {
  readonly protocolVersion?: string;
  listTools(): Promise<readonly string[]>;
  whoami(): Promise<unknown>;
  /** Ends the grant at the server, where the program can do that itself. */
  logOut?(): Promise<void>;
}

/** The whole way for a program with a browser and a home of its own. */
export const outOfProcess =
  (make: (setting: Setting, opener: BrowserOpener) => Program): Client =>
  async (setting): Promise<Story> => {
    const opener = await startBrowserOpener(setting.browser, setting.home);
    const fetch = fetchFrom(setting.address);
    try {
      const program = make(setting, opener);
      const tools = await program.listTools();
      const whoami = await program.whoami();
      await spoilKeptAccessTokens(setting.home);
      const whoamiAfterRefresh = await program.whoami();
      const loginsBeforeRevocation = opener.walks.length;

      const [clientId = ''] = await kept(setting.home, 'client_id');
      const [refreshToken = ''] = await kept(setting.home, 'refresh_token');
      if (program.logOut) await program.logOut();
      else await revoke(fetch, setting.mcpUrl, { token: refreshToken, token_type_hint: 'refresh_token', client_id: clientId });
      await spoilKeptAccessTokens(setting.home);
      await program.whoami();
      await Promise.all(opener.walks);
      return {
        ...(program.protocolVersion !== undefined && { protocolVersion: program.protocolVersion }),
        ...{ tools, whoami, whoamiAfterRefresh, loginsBeforeRevocation },
        refusedAfterRevocation: opener.walks.length > loginsBeforeRevocation,
      };
    } finally {
      await opener.stop();
    }
  };
