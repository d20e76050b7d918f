import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { localContext, readCdkApp } from '../../../local/synthesis/cdk-app.ts';
import { runApp } from '../../../local/synthesis/run-app.ts';

const root = join(import.meta.dirname, '..', '..', '..');

/**
 * Synthesizes the stack for the laptop with the tools, prompts and resources of a folder. Returns a
 * folder that the caller removes.
 */
export const synthesizeWith = async (entry: string): Promise<string> => {
  const folder = mkdtempSync(join(tmpdir(), 'gatehouse-definitions-'));
  const { context } = readCdkApp(root);
  const command = `node "${join(import.meta.dirname, 'definitions-app.ts')}" "${entry}"`;
  await runApp({ folder: root, commands: [command], context }, folder, {
    ...context,
    ...localContext('domain'),
  });
  return folder;
};
