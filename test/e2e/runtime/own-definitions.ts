import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { localContext, readCdkApp, type UrlMode } from '../../../local/synthesis/cdk-app.ts';
import { runApp } from '../../../local/synthesis/run-app.ts';
import { localRuntime } from '../../../policy/local-runtime.ts';

const root = join(import.meta.dirname, '..', '..', '..');

interface Variant {
  readonly urlMode?: UrlMode;
  /** More of the stack's own configuration, as an operator would write it. */
  readonly configuration?: Readonly<Record<string, unknown>>;
}

/**
 * Synthesizes the stack for the local runtime with the tools, prompts and resources of a folder. Returns a
 * folder that the caller removes.
 */
export const synthesizeWith = async (
  entry: string,
  { urlMode = 'domain', configuration = {} }: Variant = {},
): Promise<string> => {
  const folder = mkdtempSync(join(tmpdir(), 'gatehouse-definitions-'));
  const { context } = readCdkApp(root);
  const command = `node "${join(import.meta.dirname, 'definitions-app.ts')}" "${entry}"`;
  await runApp({ folder: root, commands: [command], context }, folder, {
    ...context,
    gatehouse: { stage: localRuntime.stage, ...configuration },
    ...localContext(urlMode),
  });
  return folder;
};
