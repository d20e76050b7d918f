import { dirname, extname, join, relative, resolve, sep } from 'node:path';
import { pathToFileURL } from 'node:url';
import { type BuildOptions, buildSync, type Loader, type OutputFile } from 'esbuild';
import * as z from 'zod';
import { UserError } from '../user-error.ts';

/** Where the functions' entry files are. */
export const lambdas = join(import.meta.dirname, '..', '..', 'lambdas');

/**
 * The functions are in the form that this file is in: TypeScript here, JavaScript in the package
 * (Node runs no TypeScript there).
 */
export const extension = extname(import.meta.filename);

export const shared = {
  bundle: true,
  platform: 'node',
  target: 'node24',
  format: 'esm',
  minify: true,
  legalComments: 'none',
  logLevel: 'silent',
  // V8 makes the tables of a pattern of Unicode's properties while it reads the code, every time that
  // it does, used or not. So they are made by a call, of whatever function needs them.
  supported: { 'regexp-sticky-and-unicode-flags': false },
  // CommonJS dependencies call `require` for Node's own modules, which an ES module has not.
  banner: {
    js: "import{createRequire}from'node:module';const require=createRequire(import.meta.url);",
  },
} as const satisfies BuildOptions;

/** An ES module, and where in the sources its places are. */
export interface Bundle {
  readonly code: Uint8Array;
  readonly sourceMap: SourceMap;
}

/**
 * As much of a source map of version 3 as a stack needs (ECMA-426). The name of a source is from the
 * folder of the definitions (`tools/list-orders.ts`), of this product (`lambdas/…`) or of
 * `node_modules`, so that it is the same on every machine.
 */
export interface SourceMap {
  readonly version: 3;
  readonly names: readonly [];
  readonly sources: readonly string[];
  readonly mappings: string;
}

/** A definition or a function that cannot be bundled; the message says which file and why. */
export class BundleError extends UserError {
  override readonly name = 'BundleError';
}

/** How the tools' own code is bundled, in esbuild's terms. */
export interface BundlingOptions {
  /**
   * Modules that are not bundled: what Lambda's runtime brings (`@aws-sdk/*`) or a layer holds.
   * @default everything is bundled
   */
  readonly externalModules?: readonly string[] | undefined;
  /** What a file's ending means, such as `{ '.md': 'text', '.wasm': 'binary' }`. */
  readonly loader?: Readonly<Record<string, Loader>> | undefined;
  /** Names that are replaced by a JSON text, such as `{ VERSION: '"1.2.0"' }`. */
  readonly define?: Readonly<Record<string, string>> | undefined;
}

/** A composed entry, and where its bundle would lie. */
const entryOf = (
  contents: string,
  { externalModules = [], loader = {}, define = {} }: BundlingOptions,
): BuildOptions => ({
  ...shared,
  define: { ...define },
  external: [...externalModules],
  loader: { ...loader },
  stdin: { contents, resolveDir: lambdas, sourcefile: 'entry.ts', loader: 'ts' },
});

/**
 * Bundles a composed entry.
 * @param root - the folder of the definitions
 */
export const buildText = (
  root: string,
  contents: string,
  define: Readonly<Record<string, string>>,
  options: BundlingOptions = {},
): Bundle => {
  const entry = entryOf(contents, { ...options, define: { ...options.define, ...define } });
  const { outputFiles } = build({ ...entry, ...withMap, outfile: join(lambdas, 'index.mjs') });
  const [bundle] = bundlesOf(outputFiles, root).values();
  if (bundle === undefined) throw new Error('esbuild made no bundle of a composed entry');
  return bundle;
};

/** A map that the code does not name: only a failure reads it. */
export const withMap = {
  sourcemap: 'external',
  sourcesContent: false,
} as const satisfies BuildOptions;

/**
 * What esbuild made with {@link withMap}, by the path of the code.
 * @param root - the folder of the definitions
 */
export const bundlesOf = (
  outputs: readonly OutputFile[] = [],
  root: string,
): ReadonlyMap<string, Bundle> => {
  const found = new Map<string, Bundle>();
  for (const { path, contents } of outputs) {
    const map = outputs.find((each) => each.path === `${path}.map`);
    if (map === undefined) continue;
    const { sources, mappings } = esbuildMap.parse(JSON.parse(map.text));
    const named = sources.map((source) => nameOf(resolve(dirname(path), source), root));
    const sourceMap: SourceMap = { version: 3, names: [], sources: named, mappings };
    found.set(path, { code: contents, sourceMap });
  }
  return found;
};

const esbuildMap = z.object({ sources: z.array(z.string()), mappings: z.string() });

const nameOf = (source: string, root: string): string => {
  const [, ofPackage] = /.*[\\/](node_modules[\\/].*)$/.exec(source) ?? [];
  const product = dirname(lambdas);
  const isIn = (folder: string): boolean => source.startsWith(`${folder}${sep}`);
  const name = ofPackage ?? relative(!isIn(root) && isIn(product) ? product : root, source);
  return name.replaceAll('\\', '/');
};

/** Bundles a composed entry so that errors name the places of its sources. */
export const buildWithInputs = (contents: string, options: BundlingOptions) => {
  const { outputFiles, metafile } = build({
    ...entryOf(contents, options),
    minify: false,
    sourcemap: 'inline',
    sourcesContent: false,
    // Sources are named from here, wherever the bundle comes to lie.
    outfile: resolve('index.mjs'),
    sourceRoot: `${pathToFileURL(resolve()).href}/`,
    metafile: true,
  });
  if (metafile === undefined) throw new Error('esbuild listed no files of a composed entry');
  return { code: onlyOutput(outputFiles), inputs: metafile.inputs };
};

const onlyOutput = (outputs: readonly OutputFile[] = []): Uint8Array => {
  const [output] = outputs;
  if (output === undefined) throw new Error('esbuild made no bundle of a composed entry');
  return output.contents;
};

export const build = (options: BuildOptions) => {
  try {
    return buildSync({ ...options, write: false });
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    const fix = message.includes('for ".node" files') ? `\n${nativeModule}` : '';
    throw new BundleError(`The functions do not bundle.\n${message}${fix}`);
  }
};

const nativeModule =
  'A native module is not bundled: name its package in tools.bundling.externalModules, and give it to the function as a layer (mcp.functions.byName.mcp.function.addLayers).';
