import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const root = join(import.meta.dirname, '..', '..');

/** A block of shell commands of a document. */
export interface ShellBlock {
  readonly document: string;
  readonly line: number;
  readonly text: string;
}

/** The documents whose commands an operator types during a deployment, or at night. */
export const operatorDocuments = [
  'docs/company.md',
  'docs/first-deploy.md',
  'docs/pipeline.md',
  'docs/runbook.md',
  'docs/teardown.md',
  'docs/upgrade.md',
] as const;

export const shellBlocks = (document: string): readonly ShellBlock[] => {
  const text = readFileSync(join(root, document), 'utf8');
  return Array.from(text.matchAll(/^```bash\n([\s\S]*?)^```$/gm), (found) => ({
    document,
    line: text.slice(0, found.index).split('\n').length + 1,
    text: found[1] ?? '',
  }));
};

/** Commands of which the document says what they print: `command   # => printed`. */
export const expectations = (
  document: string,
): readonly { readonly command: string; readonly printed: string }[] =>
  shellBlocks(document).flatMap(({ text }) =>
    Array.from(text.matchAll(/^(.*\S)\s+# => (.+)$/gm), ([, command = '', printed = '']) => ({
      command,
      printed,
    })),
  );
