import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js';
import { outOfProcess, type Seen } from './out-of-process.ts';
import { commandFor } from './program.ts';

/**
 * mcp-remote stands between a desktop program that speaks stdio (here the v1 client) and the
 * server; `auto` asks the server for 2026-07-28.
 */
const mcpRemote = (protocol: 'legacy' | 'auto') =>
  outOfProcess((setting, opener) => {
    const connected = async (use: (client: Client) => Promise<Seen>): Promise<Seen> => {
      const parameters = [setting.mcpUrl, '--transport', 'http-only', '--protocol', protocol];
      const transport = new StdioClientTransport({
        ...commandFor('mcp-remote/dist/proxy.js', parameters, setting, opener),
        cwd: setting.home,
        stderr: 'ignore',
      });
      const client = new Client({ name: 'gatehouse-e2e', version: '1.0.0' });
      try {
        await client.connect(transport, { timeout: 30_000 });
        return await use(client);
      } finally {
        await client.close();
      }
    };
    return {
      first: () =>
        connected(async (client) => ({
          tools: (await client.listTools()).tools.map(({ name }) => name),
        })),
      second: () =>
        connected(async (client) => ({
          whoami: (await client.callTool({ name: 'whoami', arguments: {} })).structuredContent,
        })),
    };
  });

export const mcpRemoteLegacy = mcpRemote('legacy');
export const mcpRemoteModern = mcpRemote('auto');
