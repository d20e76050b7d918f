import { fetchFrom } from '../browser/request-from.ts';
import { type BrowserOpener, startBrowserOpener } from './browser-opener.ts';
import { kept, spoilKeptAccessTokens } from './kept-tokens.ts';
import { revokeAndRefresh } from './revocation.ts';
import type { Client, Setting, Story } from './story.ts';

export interface Seen {
  readonly protocolVersion?: string;
  readonly tools?: readonly string[];
  readonly whoami?: unknown;
}

/**
 * What is particular to a program. Each step is a run of its own, which takes seconds; together
 * they list and call.
 */
export interface Program {
  /** Meets the challenge and opens the browser. */
  first(): Promise<Seen>;
  /** Finds a spoiled access token among what it kept. */
  second(): Promise<Seen>;
}

/** The whole way for a program with a browser and a home of its own. */
export const outOfProcess =
  (make: (setting: Setting, opener: BrowserOpener) => Program): Client =>
  async (setting): Promise<Story> => {
    const opener = await startBrowserOpener(setting.browser, setting.home);
    const fetch = fetchFrom(setting.address);
    try {
      const program = make(setting, opener);
      const first = await program.first();
      await spoilKeptAccessTokens(setting.home);
      const { tools = [], whoami, protocolVersion } = { ...first, ...(await program.second()) };
      const logins = opener.walks.length;
      await Promise.all(opener.walks);
      const [clientId = ''] = await kept(setting.home, 'client_id');
      const [refreshToken = ''] = await kept(setting.home, 'refresh_token');
      const afterRevocation = await revokeAndRefresh(fetch, setting.mcpUrl, {
        clientId,
        refreshToken,
      });
      return {
        ...(protocolVersion !== undefined && { protocolVersion }),
        tools,
        whoami,
        logins,
        afterRevocation,
      };
    } finally {
      await opener.stop();
    }
  };
