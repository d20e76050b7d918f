import type { SourceFile } from './tracked-files.ts';

const families = 'AUTH|OAUTH|IN|RATE|CONF|HEAD|CORS|ERR|LOG|MON';
const cited = new RegExp(`(?<![\\w-])(?:${families})-[0-9]+(?![\\w-])`, 'g');
const row = new RegExp(`^\\| ((?:${families})-[0-9]+) \\|`, 'gm');

/** The ids that the catalogue gives a row of their own, in its order. */
export function listedControls(catalogue: string): string[] {
  return Array.from(catalogue.matchAll(row), ([, id = '']) => id);
}

/** The ids that code, tests and documents name, each with the first file that does. */
export function citedControls(files: readonly SourceFile[]): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  for (const { path, text } of files)
    for (const [id] of text.matchAll(cited)) if (!found.has(id)) found.set(id, path);
  return found;
}
