import { extname, join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { type BuildOptions, buildSync, type Loader, type OutputFile } from 'esbuild';
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
  // CommonJS dependencies call `require` for Node's own modules, which an ES module has not.
  banner: {
    js: "import{createRequire}from'node:module';const require=createRequire(import.meta.url);",
  },
} as const satisfies BuildOptions;

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

/** Bundles a composed entry. */
export const buildText = (
  contents: string,
  define: Readonly<Record<string, string>>,
  options: BundlingOptions = {},
): Uint8Array => {
  const entry = entryOf(contents, { ...options, define: { ...options.define, ...define } });
  return onlyOutput(build(entry).outputFiles);
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
