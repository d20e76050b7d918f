import { existsSync, readdirSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { definitionFolders } from './definitions.ts';
import type { BundleInputs } from './one-zod.ts';

/**
 * Where a change may change the server: the folders of the definitions (those that a first file
 * would come into included), of what they import, and of the assets. Dependencies do not count.
 */
export const sourceFolders = (
  root: string,
  inputs: BundleInputs,
  assets: string | undefined,
): readonly string[] => {
  const own = Object.keys(inputs)
    .map((path) => resolve(path))
    .filter((path) => !path.includes('/node_modules/') && existsSync(path))
    .map(dirname);
  const folders = definitionFolders.map((folder) => join(root, folder)).filter(existsSync);
  return [...new Set([root, ...folders, ...own, ...foldersBelow(assets)])].sort();
};

const foldersBelow = (folder: string | undefined): readonly string[] => {
  if (folder === undefined) return [];
  const entries = readdirSync(folder, { withFileTypes: true, recursive: true });
  const below = entries.filter((entry) => entry.isDirectory());
  return [folder, ...below.map((entry) => join(entry.parentPath, entry.name))];
};
