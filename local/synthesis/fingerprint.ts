import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { configFileNames } from '../../policy/deployment.ts';
import { errorCode } from '../failure.ts';

/**
 * Everything that a synthesis reads: the sources by content, and every dependency by the lockfile.
 */
const inputs = [
  'bin',
  'lib',
  'lambdas',
  'policy',
  'cdk.json',
  ...configFileNames,
  'package.json',
  'package-lock.json',
] as const;

const filesBelow = (folder: string): string[] =>
  readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));

/** A file may go while somebody edits: then the next look gives another name. */
const contentOf = (file: string): Buffer => {
  try {
    return readFileSync(file);
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return Buffer.from('gone');
    throw error;
  }
};

/** The SHA-256 of a text and of files and folders below a root, those that are there. */
export const hashOf = (root: string, paths: readonly string[], text: string): string => {
  const hash = createHash('sha256').update(text);
  for (const each of paths) {
    const path = join(root, each);
    if (!existsSync(path)) continue;
    const files = each.includes('.') ? [path] : filesBelow(path).sort();
    for (const file of files)
      hash.update('\0').update(file.slice(root.length)).update('\0').update(contentOf(file));
  }
  return hash.digest('hex');
};

/**
 * Names a synthesis by its content: two that agree are the same, so a cached one can stand for a
 * new one.
 */
export const fingerprint = (root: string, context: string): string =>
  hashOf(root, inputs, `${process.version}\0${context}`).slice(0, 20);
