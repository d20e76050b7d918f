import { extname, join } from 'node:path';
import { type BuildOptions, buildSync, type Loader } from 'esbuild';
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
  charset: 'utf8',
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

/** Bundles a composed entry. */
export const buildText = (
  contents: string,
  define: Readonly<Record<string, string>>,
  { externalModules = [], loader = {}, define: own = {} }: BundlingOptions = {},
): Uint8Array => {
  const [output] = build({
    ...shared,
    define: { ...own, ...define },
    external: [...externalModules],
    loader: { ...loader },
    stdin: { contents, resolveDir: lambdas, sourcefile: 'entry.ts', loader: 'ts' },
  });
  if (output === undefined) throw new Error('esbuild made no bundle of a composed entry');
  return output.contents;
};

export const build = (options: BuildOptions) => {
  try {
    return buildSync({ ...options, write: false }).outputFiles;
  } catch (error) {
    throw new BundleError(
      `The functions do not bundle.\n${error instanceof Error ? error.message : String(error)}`,
    );
  }
};
