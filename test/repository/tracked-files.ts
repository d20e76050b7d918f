import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const root = join(import.meta.dirname, '../..');

/** A file of the repository: its path from the root, with `/`, and its text. */
export interface SourceFile {
  readonly path: string;
  readonly text: string;
}

const known: { paths?: readonly string[] } = {};

/** Git is asked once a worker: own-modules.mjs evaluates this file once. */
const listed = (): readonly string[] => {
  known.paths ??= execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard'], {
    cwd: root,
    encoding: 'utf8',
  })
    .split('\n')
    .filter((path) => path !== '' && existsSync(join(root, path)));
  return known.paths;
};

/**
 * Paths of the files that git knows or would add, from the root, with `/`.
 * @param under folders and files, from the root
 *
 * @throws Error where git is missing
 */
export const trackedPaths = (...under: readonly string[]): string[] =>
  listed().filter(
    (path) =>
      under.length === 0 ||
      under.some((each) => each === '.' || path === each || path.startsWith(`${each}/`)),
  );

const texts = new Map<string, string>();

const textOf = (path: string): string => {
  const text = texts.get(path) ?? readFileSync(join(root, path), 'utf8');
  texts.set(path, text);
  return text;
};

/**
 * The text files under these folders or paths that git knows or would add.
 *
 * @throws Error where git is missing
 */
export const filesUnder = (...paths: readonly string[]): SourceFile[] =>
  trackedPaths(...paths)
    .filter((path) => /\.(ts|mjs|cjs|json|md|ya?ml)$/.test(path))
    .filter((path) => !path.endsWith('package-lock.json'))
    .map((path) => ({ path, text: textOf(path) }));
