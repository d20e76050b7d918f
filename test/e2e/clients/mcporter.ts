import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as z from 'zod';
import { outOfProcess } from './out-of-process.ts';
import { callbackPort, commandFor, jsonOf, run } from './program.ts';

const listed = z.looseObject({ tools: z.array(z.looseObject({ name: z.string() })) });

export const mcporter = outOfProcess((setting, opener) => {
  const config = join(setting.home, 'mcporter-servers.json');
  const invoke = async (...parameters: readonly string[]) => {
    // With a callback port of its own choice it registers anew at each run, and so cannot refresh.
    const oauthRedirectUrl = `http://127.0.0.1:${callbackPort(setting)}/callback`;
    const server = { baseUrl: setting.mcpUrl, auth: 'oauth', oauthRedirectUrl };
    await writeFile(config, JSON.stringify({ mcpServers: { gatehouse: server }, imports: [] }));
    return run(
      commandFor('mcporter/dist/cli.js', ['--config', config, ...parameters], setting, opener),
      setting.home,
    );
  };
  return {
    // `list` never opens a browser and never refreshes: `auth` does the login.
    first: async () => {
      await invoke('auth', 'gatehouse');
      return {
        tools: listed
          .parse(jsonOf(await invoke('list', 'gatehouse', '--json')))
          .tools.map(({ name }) => name),
      };
    },
    second: async () => ({
      whoami: jsonOf(await invoke('call', 'gatehouse.whoami', '--output', 'json')),
    }),
  };
});
