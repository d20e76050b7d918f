import { readFileSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { BundleError, extension } from './build.ts';

/** The files of a bundle and what each of them imports, by path (esbuild's metafile). */
export type BundleInputs = Readonly<
  Record<string, { readonly imports: readonly { readonly path: string }[] }>
>;

/** A copy of zod among a bundle's files. */
interface ZodCopy {
  readonly folder: string;
  readonly version: string;
}

/**
 * The catalogue is written by the zod that Gatehouse has. Schemas of another version lose their
 * descriptions or their types there, without a word.
 * @throws BundleError that names both versions
 */
export const checkOneZod = (root: string, inputs: BundleInputs): void => {
  const folders = new Set(Object.keys(inputs).map(zodFolder));
  const copies = Array.from(folders).flatMap((folder) =>
    folder === undefined ? [] : [{ folder, version: versionOf(folder) }],
  );
  const ownFolder = zodOfCatalogue(inputs);
  const own = copies.find(({ folder }) => folder === ownFolder);
  const other = copies.find(({ version }) => version !== own?.version);
  if (own === undefined || other === undefined) return;
  throw new BundleError(
    [
      `${importerOf(root, inputs, other)}: imports zod ${other.version} (${other.folder}),`,
      `but Gatehouse has zod ${own.version} (${own.folder}), and what models read of a schema`,
      `would be lost between the two: npm install zod@${own.version} (npm ls zod shows who has which).`,
    ].join(' '),
  );
};

/** The copy that writes the catalogue. */
const zodOfCatalogue = (inputs: BundleInputs): string | undefined => {
  const catalogue = join('mcp', 'manifest', `catalogue${extension}`);
  const [, input] = Object.entries(inputs).find(([path]) => path.endsWith(catalogue)) ?? [];
  return input?.imports.map(({ path }) => zodFolder(path)).find((folder) => folder !== undefined);
};

/** Whose file it is that imports the copy: the team's own, where it is not one of its packages. */
const importerOf = (root: string, inputs: BundleInputs, { folder }: ZodCopy): string => {
  const importers = Object.entries(inputs)
    .filter(([path]) => zodFolder(path) === undefined)
    .filter(([, { imports }]) => imports.some(({ path }) => zodFolder(path) === folder))
    .map(([path]) => relative(root, resolve(path)));
  return importers.find((path) => !path.includes('node_modules')) ?? importers[0] ?? 'zod';
};

/** esbuild names files from the folder that it runs in. */
const zodFolder = (path: string): string | undefined => {
  const folder = /^(.*\/)?node_modules\/zod(?=\/)/.exec(path)?.[0];
  return folder === undefined ? undefined : resolve(folder);
};

const versionOf = (folder: string): string =>
  String(JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')).version);
