import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const root = join(import.meta.dirname, '../..');

/** A file of the repository: its path from the root, with `/`, and its text. */
export interface SourceFile {
  readonly path: string;
  readonly text: string;
}

/**
 * Paths of the files that git knows or would add, from the root, with `/`.
 *
 * @throws Error where git is missing
 */
export function trackedPaths(...under: readonly string[]): string[] {
  const listed = execFileSync(
    'git',
    ['ls-files', '--cached', '--others', '--exclude-standard', '--', ...under],
    { cwd: root, encoding: 'utf8' },
  );
  return listed.split('\n').filter((path) => path !== '' && existsSync(join(root, path)));
}

/**
 * The text files under these folders or paths that git knows or would add.
 *
 * @throws Error where git is missing
 */
export function filesUnder(...paths: readonly string[]): SourceFile[] {
  return trackedPaths(...paths)
    .filter((path) => /\.(ts|mjs|cjs|json|md|ya?ml)$/.test(path))
    .filter((path) => !path.endsWith('package-lock.json'))
    .map((path) => ({ path, text: readFileSync(join(root, path), 'utf8') }));
}
