import * as z from 'zod';
import { outOfProcess } from './out-of-process.ts';
import { callbackPort, commandFor, jsonOf, run } from './program.ts';

const listed = z.looseObject({
  result: z.looseObject({ tools: z.array(z.looseObject({ name: z.string() })) }),
});
const called = z.looseObject({ result: z.looseObject({ structuredContent: z.unknown() }) });

/**
 * MCP Inspector's command line. Its `--relogin` would revoke the grant, but 2.12.0 keeps no
 * `serverMetadata` and so skips that.
 */
const inspector = (era: 'legacy' | 'modern') =>
  outOfProcess((setting, opener) => {
    const invoke = async (...parameters: readonly string[]): Promise<unknown> => {
      const common = [
        '--cli',
        '--server-url',
        setting.mcpUrl,
        '--transport',
        'http',
        '--protocol-era',
        era,
        '--format',
        'json',
      ];
      const command = commandFor(
        '@modelcontextprotocol/inspector/clients/launcher/build/index.js',
        [
          ...common,
          '--callback-url',
          `http://127.0.0.1:${callbackPort(setting)}/oauth/callback`,
          ...parameters,
        ],
        setting,
        opener,
        {
          MCP_AUTO_OPEN_ENABLED: 'true',
          MCP_STORAGE_DIR: setting.home,
          MCP_INSPECTOR_SECRET_STORE: 'file',
        },
      );
      return jsonOf(await run(command, setting.home));
    };
    return {
      first: async () => ({
        tools: listed
          .parse(await invoke('--method', 'tools/list'))
          .result.tools.map(({ name }) => name),
      }),
      second: async () => ({
        whoami: called.parse(await invoke('--method', 'tools/call', '--tool-name', 'whoami')).result
          .structuredContent,
      }),
    };
  });

export const inspectorLegacy = inspector('legacy');
export const inspectorModern = inspector('modern');
