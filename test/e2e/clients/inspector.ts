import * as z from 'zod';
import { outOfProcess } from './out-of-process.ts';
import { commandFor, jsonOf, run } from './program.ts';

const listed = z.looseObject({ tools: z.array(z.looseObject({ name: z.string() })) });
const called = z.looseObject({ structuredContent: z.unknown() });

/** MCP Inspector's command line. */
const inspector = (era: 'legacy' | 'modern') =>
  outOfProcess((setting, opener) => {
    const invoke = async (...parameters: readonly string[]): Promise<unknown> => {
      const common = ['--cli', '--server-url', setting.mcpUrl, '--transport', 'http', '--protocol-era', era, '--format', 'json'];
      const command = commandFor(
        '@modelcontextprotocol/inspector/clients/launcher/build/index.js',
        [...common, '--callback-url', callbackUrl(setting.address), ...parameters],
        setting,
        opener,
        { MCP_AUTO_OPEN_ENABLED: 'true', MCP_STORAGE_DIR: setting.home, MCP_INSPECTOR_SECRET_STORE: 'file' },
      );
      return jsonOf(await run(command, setting.home));
    };
    return {
      listTools: async () => listed.parse(await invoke('--method', 'tools/list')).tools.map(({ name }) => name),
      whoami: async () => called.parse(await invoke('--method', 'tools/call', '--tool-name', 'whoami')).structuredContent,
    };
  });

/** Its callback listens on a fixed port; two runs at once must not share it. */
const callbackUrl = (address: string): string => `http://127.0.0.1:${6300 + Number(address.split('.').at(-1))}/oauth/callback`;

export const inspectorLegacy = inspector('legacy');
export const inspectorModern = inspector('modern');
