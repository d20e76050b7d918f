import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** The root of this repository, or of the installed package. */
const root = join(import.meta.dirname, '..', '..');

/** Below `dist/` in the package, where sources are JavaScript. */
const isPackaged = import.meta.filename.endsWith('.js');

/** Where the sources can change; undefined in the package. */
export const checkout: string | undefined = isPackaged ? undefined : root;

const documents = isPackaged ? join(root, '..', 'docs') : join(root, 'docs');

export const readDocument = (name: string): string => readFileSync(join(documents, name), 'utf8');

/** The text of a source file as the documents name it; undefined where it is gone. */
export const readSource = (path: string): string | undefined => {
  if (!isPackaged) return textOf(path);
  const code = textOf(path.replace(/\.ts$/, '.js'));
  // What is said of a type stands in the declarations alone.
  const declarations = textOf(path.replace(/\.ts$/, '.d.ts'));
  return code === undefined ? undefined : `${code}\n${declarations ?? ''}`;
};

const textOf = (path: string): string | undefined => {
  const file = join(root, path);
  return existsSync(file) ? readFileSync(file, 'utf8') : undefined;
};

/** Where the results of the tests lie: of this checkout, or of the release that was packed. */
export const resultsFile = (names: { readonly own: string; readonly released: string }): string =>
  isPackaged ? join(root, '..', names.released) : join(root, names.own);

/**
 * Where the policy speaks of a control: files with the number of the line, which compiled code has
 * not.
 */
export const policyLines = (id: string): readonly string[] => {
  const named = new RegExp(`\\b${id}\\b`);
  return readdirSync(join(root, 'policy'))
    .filter((name) => /\.[jt]s$/.test(name) && !name.endsWith('.d.ts'))
    .map((name) => `policy/${name.replace(/\.js$/, '.ts')}`)
    .flatMap((path) => {
      const lines = (readSource(path) ?? '').split('\n');
      const numbers = lines.flatMap((line, index) => (named.test(line) ? [index + 1] : []));
      if (isPackaged) return numbers.length > 0 ? [path] : [];
      return numbers.map((number) => `${path}:${number}`);
    });
};
