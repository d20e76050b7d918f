import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { BundleError } from './build.ts';

export const definitionFolders = ['tools', 'prompts', 'resources'] as const;

/** Endings of the ES modules that the build reads. */
const moduleFile = /\.(ts|mts|js|mjs)$/;

/** Code in a form that it does not read. */
const otherCode = /\.(cts|cjs|tsx|jsx)$/;

/** Declarations lie beside compiled definitions. */
const declaration = /\.d\.[cm]?ts$/;

const testFile = /\.(test|spec)\.[cm]?[jt]sx?$/;

/** A server may have tools alone. */
const filesIn = (folder: string) =>
  existsSync(folder) ? readdirSync(folder, { withFileTypes: true }) : [];

/**
 * The definitions by folder: every file of it, sorted by name, with the name that the composed
 * entries import it under. Anything that is no code (a text, a `.wasm`) may lie beside them.
 * @throws BundleError that names each file that the build would pass over, with reason and fix
 */
export const definitionsIn = (root: string) => {
  const faults = definitionFolders.flatMap((folder) => faultsIn(root, folder));
  if (faults.length > 0) throw new BundleError(faults.join('\n'));
  return definitionFolders.map((folder) => ({
    folder,
    files: filesIn(join(root, folder))
      .filter((entry) => !entry.isDirectory() && isDefinition(entry.name))
      .map(({ name }) => name)
      .sort()
      .map((file, index) => ({
        file,
        name: `${folder}${index}`,
        path: JSON.stringify(join(root, folder, file)),
      })),
  }));
};

export type Definitions = ReturnType<typeof definitionsIn>;

/** Whose tools these are, where a file says it (`server.ts`). */
export const serverIn = (root: string) =>
  filesIn(root)
    .map(({ name }) => name)
    .find((file) => /^server\.(ts|mts|js|mjs)$/.test(file));

const isDefinition = (file: string): boolean => moduleFile.test(file) && !declaration.test(file);

const isCode = (file: string): boolean => isDefinition(file) || otherCode.test(file);

const faultsIn = (root: string, folder: string): string[] =>
  filesIn(join(root, folder)).flatMap((entry) => {
    const path = `${folder}/${entry.name}`;
    if (entry.isDirectory()) return faultsBelow(root, path, folder);
    if (testFile.test(entry.name))
      return [`${path}: is a test, and would be served: move it out of ${folder}/, as to test/`];
    if (otherCode.test(entry.name))
      return [`${path}: is not read by the build: write an ES module that ends in .ts or .mjs`];
    return [];
  });

/** A folder within holds shared code or a definition that nobody would find. */
const faultsBelow = (root: string, path: string, folder: string): string[] => {
  if (path.endsWith('/node_modules')) return [];
  return filesIn(join(root, path)).flatMap((entry) => {
    const inner = `${path}/${entry.name}`;
    if (entry.isDirectory()) return faultsBelow(root, inner, folder);
    if (!isCode(entry.name)) return [];
    return [
      `${inner}: is in a folder that the build does not read: move a definition into ${folder}/ itself, and shared code out of it`,
    ];
  });
};
