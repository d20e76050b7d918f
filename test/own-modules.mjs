import { readFileSync } from 'node:fs';
import { registerHooks, stripTypeScriptTypes } from 'node:module';
import { join, sep } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const root = join(import.meta.dirname, '..');

/**
 * Loaded once a worker: packages, and what keeps nothing but the bundles and templates that it has
 * made and the sources that it has read. All else of our own is evaluated anew for each test file,
 * as a function's sandbox does it.
 */
const shared = [
  'node_modules',
  'lib',
  'policy',
  join('test', 'lib', 'synthesized.ts'),
  join('test', 'repository', 'tracked-files.ts'),
].map((path) => join(root, path));

const isOwn = (url) => {
  if (!url.startsWith('file:')) return false;
  const path = fileURLToPath(url);
  return (
    path.startsWith(root + sep) &&
    !shared.some((each) => path === each || path.startsWith(each + sep))
  );
};

/** What examples/ import by the package's name: the sources, where a user has the built files. */
const { paths } = JSON.parse(readFileSync(join(root, 'tsconfig.json'), 'utf8')).compilerOptions;

/** The query says for which test file a module is; whoever it imports is for the same. */
const resolve = (specifier, context, next) => {
  const found = Object.hasOwn(paths, specifier)
    ? { url: pathToFileURL(join(root, paths[specifier][0])).href, shortCircuit: true }
    : next(specifier, context);
  const { search } = new URL(context.parentURL ?? 'file:///');
  return search !== '' && isOwn(found.url) ? { ...found, url: found.url + search } : found;
};

const sources = new Map();

/** Each file is read once, and its types are stripped once. */
const load = (url, context, next) => {
  if (!url.startsWith('file:') || !new URL(url).pathname.endsWith('.ts')) return next(url, context);
  const path = fileURLToPath(url);
  const source = sources.get(path) ?? stripTypeScriptTypes(readFileSync(path, 'utf8'));
  sources.set(path, source);
  return { format: 'module', source, shortCircuit: true };
};

registerHooks({ resolve, load });

let files = 0;

/** Loads a test file, and our own modules anew with it. */
export const importTestFile = (path) => {
  files += 1;
  return import(`${pathToFileURL(path).href}?file=${files}`);
};

/** A stack without the queries, so that Jest finds the files and shows the lines. */
export const withoutQueries = (stack) => stack.replaceAll(/\.ts\?file=\d+/g, '.ts');
