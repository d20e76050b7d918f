import { spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import type { ShellBlock } from './documents.ts';

/** Programs that reach beyond this computer; each only writes down how it was called. */
const replaced = ['aws', 'claude', 'curl', 'npm', 'npx'] as const;

export interface Call {
  readonly program: string;
  readonly args: readonly string[];
}

/** A program that records its arguments, each ended by a zero byte, and prints one word. */
const recorder = (program: string, calls: string) =>
  `#!/bin/bash\n{ printf '%s\\0' ${program} "$@"; printf '\\n'; } >> '${calls}'\necho value\n`;

/**
 * Has bash run a document's blocks, one after another in one shell as somebody types them.
 * @returns what was called, after the shell took apart quotes, variables and substitutions
 */
export const typed = (
  blocks: readonly ShellBlock[],
): { readonly stderr: string; readonly calls: readonly Call[] } => {
  const folder = mkdtempSync(join(tmpdir(), 'gatehouse-typed-'));
  try {
    const record = join(folder, 'calls');
    writeFileSync(record, '');
    for (const program of replaced) {
      writeFileSync(join(folder, program), recorder(program, record));
      chmodSync(join(folder, program), 0o755);
    }
    const { stderr } = spawnSync('/bin/bash', [], {
      input: blocks.map(({ text }) => text).join('\n'),
      cwd: folder,
      encoding: 'utf8',
      env: {
        PATH: [folder, '/usr/bin', '/bin'].join(delimiter),
        ALARM: 'an-alarm',
        POOL: 'eu-west-1_abc',
        TABLE: 'a-table',
        KEY: 'a-key',
        LOG_GROUP: 'a-log-group',
        CERTIFICATE: 'a-certificate-of-the-region',
        DISTRIBUTION: 'E123',
        TOKEN: 'a-token',
      },
    });
    const calls = readFileSync(record, 'utf8')
      .split('\0\n')
      .filter((line) => line !== '')
      .map((line) => {
        const [program = '', ...args] = line.split('\0');
        return { program, args };
      });
    return { stderr, calls };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
};
