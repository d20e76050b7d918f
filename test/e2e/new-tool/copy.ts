import { cpSync, mkdtempSync, readdirSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';

const root = join(import.meta.dirname, '..', '..', '..');
/**
 * What somebody who has just cloned the repository and run `npm ci` has not got, or what is shared
 * with it below.
 */
const notCopied = new Set([
  'node_modules',
  '.git',
  '.local',
  'cdk.out',
  'artifacts',
  'coverage',
  'dist',
  'bench',
]);

/** A copy of this repository that a test may change, with the dependencies installed. */
export const copyOfRepository = (): { readonly folder: string; remove(): void } => {
  const folder = mkdtempSync(join(tmpdir(), 'gatehouse-copy-'));
  // Folders below have dependencies of their own, a gigabyte together.
  const filter = (path: string) => basename(path) !== 'node_modules';
  for (const entry of readdirSync(root))
    if (!notCopied.has(entry))
      cpSync(join(root, entry), join(folder, entry), { recursive: true, filter });
  symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'));
  return { folder, remove: () => rmSync(folder, { recursive: true, force: true }) };
};
