import { readFile } from 'node:fs/promises';
import { createRequire, isBuiltin } from 'node:module';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { compileFunction } from 'node:vm';
import { build, type Plugin } from 'esbuild';

/** Runs a test file's module body, and so declares its tests; each call makes all state anew. */
export type Declare = () => void;

/** A bundle has one `import.meta`: each source file's own is written into it as text. */
const ownPlace: Plugin = {
  name: 'own-place',
  setup({ onLoad }) {
    onLoad({ filter: /\.ts$/ }, async ({ path }) => {
      const source = await readFile(path, 'utf8');
      if (!source.includes('import.meta.')) return undefined;
      const places = [
        ['import.meta.url', pathToFileURL(path).href],
        ['import.meta.dirname', dirname(path)],
        ['import.meta.filename', path],
      ] as const;
      const contents = places.reduce(
        (text, [expression, value]) => text.replaceAll(expression, JSON.stringify(value)),
        source,
      );
      return { contents, loader: 'ts' };
    });
  },
};

type Packages = Map<string, Readonly<Record<string, unknown>>>;

/** Node loads the packages, once, and each bundle takes their exports from there. */
const packagesOf = (packages: Packages): Plugin => ({
  name: 'packages',
  setup({ onLoad, onResolve, resolve }) {
    onResolve({ filter: /^[^./]/ }, async ({ path, resolveDir, kind, pluginData }) => {
      if (pluginData === 'resolving' || isBuiltin(path)) return undefined;
      const found = await resolve(path, { resolveDir, kind, pluginData: 'resolving' });
      const isOwn = !found.path.includes('/node_modules/');
      return isOwn ? found : { path: found.path, namespace: 'packages' };
    });
    onLoad({ filter: /./, namespace: 'packages' }, async ({ path }) => {
      const found = await import(pathToFileURL(path).href);
      packages.set(path, found);
      const place = `packages.get(${JSON.stringify(path)})`;
      const names = Object.keys(found).filter((name) => /^[\w$]+$/.test(name));
      const lines = names.map((name, index) => {
        const variable = `export_${index}`;
        return `const ${variable} = ${place}.${name}; export { ${variable} as ${name} };`;
      });
      return { contents: lines.join('\n') };
    });
  },
});

/**
 * A test file with all sources it reaches as one function: packages are loaded once for all runs,
 * our own modules anew in each, and nothing is compiled twice.
 *
 * @param root The folder that holds `lambdas`, `test` and the rest.
 * @param path The test file, from the root.
 */
export async function testProgram(root: string, path: string): Promise<Declare> {
  const packages: Packages = new Map();
  const { outputFiles } = await build({
    absWorkingDir: root,
    entryPoints: [path],
    bundle: true,
    write: false,
    platform: 'node',
    format: 'cjs',
    target: 'node24',
    // Those that Node itself has.
    conditions: ['node-addons'],
    // Loaded by `require`, as the function below is no module.
    supported: { 'dynamic-import': false },
    plugins: [ownPlace, packagesOf(packages)],
    logLevel: 'error',
  });
  const require = createRequire(join(root, path));
  const body = compileFunction(outputFiles[0]?.text ?? '', ['require', 'packages', 'module'], {
    filename: join(root, path),
  });
  return () => body(require, packages, { exports: {} });
}
