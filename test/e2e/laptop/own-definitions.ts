import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { placeholderPort } from '../../../local/template/port.ts';

const root = join(import.meta.dirname, '..', '..', '..');
/** A bound on hanging, not a measure of speed. */
const synthesisMilliseconds = 120_000;

/** Synthesizes the stack for the laptop with the tools, prompts and resources of a folder. Returns a folder that the caller removes. */
export const synthesizeWith = async (definitions: string): Promise<string> => {
  const folder = mkdtempSync(join(tmpdir(), 'gatehouse-definitions-'));
  const { context = {} } = JSON.parse(readFileSync(join(root, 'cdk.json'), 'utf8'));
  const gatehouse = { stage: 'local', environment: 'development', urlMode: 'domain', localPort: placeholderPort };
  await promisify(execFile)(process.execPath, [join(import.meta.dirname, 'definitions-app.ts'), definitions], {
    cwd: root,
    timeout: synthesisMilliseconds,
    env: {
      ...process.env,
      CDK_OUTDIR: folder,
      CDK_CONTEXT_JSON: JSON.stringify({ ...context, gatehouse }),
      CDK_VALIDATION: 'false',
      NODE_OPTIONS: '',
    },
  });
  return folder;
};
