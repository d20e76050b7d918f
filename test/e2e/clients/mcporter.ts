import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as z from 'zod';
import { outOfProcess } from './out-of-process.ts';
import { commandFor, jsonOf, run } from './program.ts';

const listed = z.looseObject({ tools: z.array(z.looseObject({ name: z.string() })) });

export const mcporter = outOfProcess((setting, opener) => {
  const invoke = async (...parameters: readonly string[]): Promise<unknown> => {
    const config = join(setting.home, 'mcporter-servers.json');
    await writeFile(config, JSON.stringify({ mcpServers: { gatehouse: { baseUrl: setting.mcpUrl, auth: 'oauth' } }, imports: [] }));
    const command = commandFor('mcporter/dist/cli.js', ['--config', config, ...parameters], setting, opener);
    return jsonOf(await run(command, setting.home));
  };
  return {
    listTools: async () => listed.parse(await invoke('list', 'gatehouse', '--json')).tools.map(({ name }) => name),
    whoami: () => invoke('call', 'gatehouse.whoami', '--output', 'json'),
  };
});
