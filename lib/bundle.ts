import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { basename, dirname, extname, join } from 'node:path';
import { type BuildOptions, buildSync } from 'esbuild';
import * as z from 'zod';
import { type FunctionName, functionNames } from '../policy/functions.ts';
import { recordOf } from './record-of.ts';
import { UserError } from './user-error.ts';

/** What a tool asks the stack for, declared beside the tool. */
const grant = z.strictObject({
  tool: z.string(),
  actions: z.array(z.string().regex(/^[a-z0-9-]+:[A-Za-z0-9]+$/)).min(1),
  resource: z.string(),
  leadingKeys: z.array(z.string()).optional(),
});

/**
 * What the build learns from the tools, prompts and resources. `requiredScopes` and `catalogue`
 * pass through to the bundles.
 */
const manifest = z.strictObject({
  requiredScopes: z.unknown(),
  paramHeaders: z.array(z.string()),
  grants: z.array(grant),
  catalogue: z.unknown(),
});

export type Manifest = z.infer<typeof manifest>;
export type ToolPermission = z.infer<typeof grant>;

/** The functions' code, an ES module each, and what the definitions say of themselves. */
export interface Bundles {
  readonly code: Readonly<Record<FunctionName, Uint8Array>>;
  readonly manifest: Manifest;
}

const definitionFolders = ['tools', 'prompts', 'resources'] as const;

/** A definition that hangs on import must not hang the synthesis. */
const manifestMilliseconds = 10_000;

const lambdas = join(import.meta.dirname, '..', 'lambdas');

/**
 * The functions are in the form that this file is in: TypeScript here, JavaScript in the package
 * (Node runs no TypeScript there).
 */
const extension = extname(import.meta.filename);

const shared = {
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

/** Where the product's own tools/, prompts/ and resources/ are. */
const ownDefinitions = join(lambdas, 'mcp');

const bundled = new Map<string, Bundles>();

/**
 * Bundles every function once a process: three esbuild runs, the second of them being the
 * definitions describing themselves.
 * @param definitions the folder with tools/, prompts/ and resources/
 */
export const bundles = (definitions: string = ownDefinitions): Bundles => {
  const known = bundled.get(definitions);
  if (known !== undefined) return known;
  const found = definitionsIn(definitions);
  if (found.every(({ files }) => files.length === 0))
    throw new BundleError(
      `${definitions} holds no definition: it should have a folder ${definitionFolders.join('/, ')}/ with .ts or .js files.`,
    );
  const made = bundleAll(definitions, found);
  bundled.set(definitions, made);
  return made;
};

const bundleAll = (root: string, found: Definitions): Bundles => {
  const described = readManifest(root, found);
  const define = {
    REQUIRED_SCOPES: JSON.stringify(described.requiredScopes),
    MCP_PARAM_HEADERS: JSON.stringify(described.paramHeaders),
  };
  const handlers = functionNames.filter((name) => name !== 'mcp');
  const outputs = build({
    ...shared,
    define,
    entryPoints: Object.fromEntries(
      handlers.map((name) => [`${name}/index`, join(lambdas, name, `handler${extension}`)]),
    ),
    outdir: lambdas,
  });
  const of = (name: FunctionName): Uint8Array => {
    const output = outputs.find(({ path }) => basename(dirname(path)) === name);
    if (output === undefined) throw new Error(`esbuild made no bundle of ${name}`);
    return output.contents;
  };
  return {
    code: recordOf(functionNames, (name) =>
      name === 'mcp' ? buildText(handlerEntry(found, described.catalogue), define) : of(name),
    ),
    manifest: described,
  };
};

/** Bundles a composed entry. */
const buildText = (contents: string, define: Readonly<Record<string, string>>): Uint8Array => {
  const [output] = build({
    ...shared,
    define,
    stdin: { contents, resolveDir: lambdas, sourcefile: 'entry.ts', loader: 'ts' },
  });
  if (output === undefined) throw new Error('esbuild made no bundle of a composed entry');
  return output.contents;
};

const build = (options: BuildOptions) => {
  try {
    return buildSync({ ...options, write: false }).outputFiles;
  } catch (error) {
    throw new BundleError(
      `The functions do not bundle.\n${error instanceof Error ? error.message : String(error)}`,
    );
  }
};

const imported = (path: string) => JSON.stringify(join(lambdas, `${path}${extension}`));

/** Declarations lie beside compiled definitions. */
const definitionFile = /(?<!\.d)\.ts$|\.m?js$/;

/** A server may have tools alone. */
const filesIn = (folder: string) => (existsSync(folder) ? readdirSync(folder) : []);

/**
 * The definitions by folder: every file of it, sorted by name, with the name that the composed
 * entries import it under.
 */
const definitionsIn = (root: string) =>
  definitionFolders.map((folder) => ({
    folder,
    files: filesIn(join(root, folder))
      .filter((file) => definitionFile.test(file))
      .sort()
      .map((file, index) => ({
        file,
        name: `${folder}${index}`,
        path: JSON.stringify(join(root, folder, file)),
      })),
  }));

type Definitions = ReturnType<typeof definitionsIn>;

/** Whose tools these are, where a file says it (`server.ts`). */
const serverIn = (root: string) => filesIn(root).find((file) => /^server\.(ts|m?js)$/.test(file));

/** The two composed entries are described in lambdas/mcp/serve.ts. */
const manifestEntry = (root: string, found: Definitions) => {
  const server = serverIn(root);
  const imports = found.flatMap(({ files }) =>
    files.map(({ name, path }) => `import * as ${name} from ${path};`),
  );
  const argument = found.map(
    ({ folder, files }) =>
      `${folder}: [${files.map(({ file, name }) => `[${JSON.stringify(file)}, ${name}]`)}]`,
  );
  return [
    `import { printManifest } from ${imported('mcp/print-manifest')};`,
    server === undefined
      ? 'const server = undefined;'
      : `import * as server from ${JSON.stringify(join(root, server))};`,
    ...imports,
    `printManifest({ server, ${argument} });`,
  ].join('\n');
};

const handlerEntry = (found: Definitions, catalogue: unknown) => {
  const imports = found.flatMap(({ files }) =>
    files.map(({ name, path }) => `import ${name} from ${path};`),
  );
  const argument = found.map(
    ({ folder, files }) => `${folder}: [${files.map(({ name }) => name)}]`,
  );
  return [
    `import { serve } from ${imported('mcp/serve')};`,
    ...imports,
    `export const handler = serve({ ${argument} }, ${JSON.stringify(catalogue)});`,
  ].join('\n');
};

/**
 * Runs the definitions in a process of their own, so that whatever they import cannot touch the
 * synthesis.
 */
const readManifest = (root: string, found: Definitions): Manifest => {
  const input = buildText(manifestEntry(root, found), {});
  const run = spawnSync(process.execPath, ['--input-type=module', '-'], {
    input,
    encoding: 'utf8',
    timeout: manifestMilliseconds,
    env: {},
  });
  if (run.status !== 0)
    throw new BundleError(
      `The definitions cannot be served:\n${run.stderr || (run.error?.message ?? `exit code ${run.status}`)}`,
    );
  return manifest.parse(JSON.parse(run.stdout));
};
