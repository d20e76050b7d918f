import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** The root of this repository, or of the installed package. */
const root = join(import.meta.dirname, '..', '..');

/** Below `dist/` in the package, where sources are JavaScript. */
const isPackaged = import.meta.filename.endsWith('.js');

const documents = isPackaged ? join(root, '..', 'docs') : join(root, 'docs');

export const readDocument = (name: string): string => readFileSync(join(documents, name), 'utf8');

/** The text of a source file as the documents name it; undefined where it is gone. */
export const readSource = (path: string): string | undefined => {
  const file = join(root, isPackaged ? path.replace(/\.ts$/, '.js') : path);
  return existsSync(file) ? readFileSync(file, 'utf8') : undefined;
};

/** Where the results of the tests lie: of this checkout, or of the release that was packed. */
export const resultsFile = (names: { readonly own: string; readonly released: string }): string =>
  isPackaged ? join(root, '..', names.released) : join(root, names.own);

/** Where the policy speaks of a control: files with the number of the line. */
export const policyLines = (id: string): readonly string[] => {
  const folder = join(root, 'policy');
  const named = new RegExp(`\\b${id}\\b`);
  return readdirSync(folder)
    .filter((name) => /\.[jt]s$/.test(name) && !name.endsWith('.d.ts'))
    .flatMap((name) =>
      readFileSync(join(folder, name), 'utf8')
        .split('\n')
        .flatMap((line, index) =>
          named.test(line) ? [`policy/${name.replace(/\.js$/, '.ts')}:${index + 1}`] : [],
        ),
    );
};
