import { spawnSync } from 'node:child_process';
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { SourceFile } from './tracked-files.ts';

const root = join(import.meta.dirname, '../..');

/** A TypeScript block of a document, and where it stands. */
interface Block {
  /** Such as `docs/tools.md:18`: the line of the fence. */
  readonly place: string;
  readonly code: string;
}

/** Every block that says it is TypeScript. */
export const typeScriptBlocks = (files: readonly SourceFile[]): Block[] =>
  files.flatMap(({ path, text }) =>
    Array.from(text.matchAll(/^```(?:ts|typescript)\n([\s\S]*?)^```$/gm), (match) => ({
      place: `${path}:${text.slice(0, match.index).split('\n').length}`,
      code: match[1] ?? '',
    })),
  );

/**
 * What the compiler says of the blocks, and of the examples beside them, as an app reads them that
 * has the package installed: one program, in which `gatehouse` is this repository's source. A block
 * is a module in a folder `docs` of the app examples/orders; what it imports from `./lib` is this
 * repository's, as in its own gatehouse.config.ts.
 */
export const compilerErrors = (blocks: readonly Block[]): string[] => {
  const app = mkdtempSync(join(tmpdir(), 'gatehouse-documented-'));
  try {
    cpSync(join(root, 'examples', 'orders'), app, {
      recursive: true,
      filter: (path) => !path.includes('node_modules'),
    });
    symlinkSync(join(root, 'node_modules'), join(app, 'node_modules'));
    mkdirSync(join(app, 'docs'));
    for (const each of ['lib', 'policy']) symlinkSync(join(root, each), join(app, 'docs', each));
    blocks.forEach(({ code }, index) => {
      writeFileSync(join(app, 'docs', `block-${index}.ts`), code);
    });
    writeFileSync(join(app, 'tsconfig.documented.json'), JSON.stringify(configuration()));
    return compile(app, blocks);
  } finally {
    rmSync(app, { recursive: true, force: true });
  }
};

/** The sample's own strictness, and every export of the package at its source. */
const configuration = () => ({
  extends: './tsconfig.json',
  compilerOptions: { paths: sourcesOfExports() },
  include: ['**/*.ts'],
  exclude: ['docs/lib', 'docs/policy', 'node_modules'],
});

const sourcesOfExports = (): Record<string, string[]> => {
  const { exports } = packageManifest();
  return Object.fromEntries(
    Object.entries<{ readonly default: string }>(exports).map(([name, { default: compiled }]) => [
      name.replace('.', 'gatehouse'),
      [join(root, compiled.replace('./dist/', '').replace(/\.js$/, '.ts'))],
    ]),
  );
};

const packageManifest = () => JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));

const compile = (app: string, blocks: readonly Block[]): string[] => {
  const tsc = join(root, 'node_modules', 'typescript', 'bin', 'tsc');
  const { stdout, stderr, status } = spawnSync(
    process.execPath,
    [tsc, '-p', join(app, 'tsconfig.documented.json'), '--pretty', 'false'],
    { cwd: app, encoding: 'utf8' },
  );
  const said = `${stdout}${stderr}`.split('\n').filter((line) => line.trim() !== '');
  if (status !== 0 && said.length === 0) return ['the compiler failed without a word'];
  return said.map((line) =>
    line.replace(/^docs\/block-(\d+)\.ts/, (_file, index) => blocks[Number(index)]?.place ?? ''),
  );
};
