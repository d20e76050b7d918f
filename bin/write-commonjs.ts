import { readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { build, type Plugin } from 'esbuild';

// Part of packing the package (`prepack`): beside the ES modules that tsc wrote, what CommonJS
// requires. jest, as `cdk init` sets it up, can load nothing else.

const root = join(import.meta.dirname, '..');
const outdir = join(root, 'dist', 'commonjs');

interface EntryPoint {
  readonly require: { readonly types: string; readonly default: string };
  readonly types: string;
  readonly default: string;
}

const { exports }: { readonly exports: Readonly<Record<string, EntryPoint>> } = JSON.parse(
  readFileSync(join(root, 'package.json'), 'utf8'),
);

/** CommonJS has no `import.meta`: a module says where it stands from where the file stands. */
const places: Plugin = {
  name: 'places',
  setup: ({ onLoad }) =>
    onLoad({ filter: /\/dist\/.*\.js$/ }, ({ path }) => {
      const place = (value: string) =>
        `require('node:path').join(__dirname, ${JSON.stringify(relative(outdir, value))})`;
      const contents = readFileSync(path, 'utf8')
        .replaceAll('import.meta.dirname', place(dirname(path)))
        .replaceAll('import.meta.filename', place(path));
      return { contents };
    }),
};

/** zod's locales are named by file, and the CommonJS one has an ending of its own. */
const locales: Plugin = {
  name: 'locales',
  setup: ({ onResolve }) =>
    onResolve({ filter: /^zod\/v4\/locales\/.*\.js$/ }, ({ path }) => ({
      path: path.replace(/\.js$/, '.cjs'),
      external: true,
    })),
};

/** One file for several entry points, each of which takes its part of it. */
const write = async (file: string, entryPoints: readonly EntryPoint[]): Promise<void> => {
  const parts = entryPoints.map(
    (each, index) => `export * as part${index} from '${each.default}';`,
  );
  await build({
    stdin: { contents: parts.join('\n'), resolveDir: root },
    outfile: join(outdir, file),
    bundle: true,
    packages: 'external',
    platform: 'node',
    target: 'node20',
    format: 'cjs',
    plugins: [locales, places],
    logLevel: 'warning',
  });
  for (const [index, { require, types, default: esModule }] of entryPoints.entries()) {
    // Name by name, as Node finds them when an ES module imports the file.
    const names = Object.keys(await import(join(root, esModule)));
    const head = ["'use strict';", `const part = require('./${file}').part${index};`];
    const lines = [...head, ...names.map((name) => `exports.${name} = part.${name};`)];
    writeFileSync(join(root, require.default), `${lines.join('\n')}\n`);
    const declarations = relative(dirname(require.types), types).replace(/\.d\.ts$/, '.js');
    writeFileSync(join(root, require.types), `export * from '${declarations}';\n`);
  }
};

const { '.': construct, ...others } = exports;
if (construct === undefined) throw new Error('The package exports no construct.');
// The construct brings the CDK, for which no test of a tool should wait. All others are one file:
// each has to know the classes of the others (`ToolError`), and two files would have two of each.
await write('construct-code.cjs', [construct]);
await write('definitions-code.cjs', Object.values(others));
