import { execFile, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { basename, dirname, join, relative } from 'node:path';
import { promisify } from 'node:util';
import { copyOfRepository } from '../e2e/new-tool/copy.ts';
import { inTurn } from '../in-turn.ts';

export const root = join(import.meta.dirname, '..', '..');
/** A bound on hanging: packing compiles everything, on a computer that may be busy. */
const hangingMilliseconds = 900_000;

export const execute = async (
  command: string,
  args: readonly string[],
  cwd: string,
  environment: Record<string, string> = {},
) => {
  const env = { ...process.env, NODE_OPTIONS: '', ...environment };
  try {
    return await promisify(execFile)(command, args, {
      cwd,
      env,
      timeout: hangingMilliseconds,
      maxBuffer: 16 * 1024 * 1024,
    });
  } catch (error) {
    const { stdout, stderr } = Object(error);
    throw new Error(`${command} ${args.join(' ')}\n${stdout}\n${stderr}`);
  }
};

export const manifestIn = (folder: string) =>
  JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));

/**
 * The sample as somebody has it who installed the package: dependencies are this repository's, or
 * those of another folder, but only those that are declared.
 */
export const installed = (
  sample: string,
  tarball: string,
  others: readonly string[] = [],
): Promise<unknown> => {
  const sources = [...others, root].map((each) => join(each, 'node_modules'));
  const modules = join(sample, 'node_modules');
  const gatehouse = join(modules, 'gatehouse');
  mkdirSync(gatehouse, { recursive: true });
  return execute('tar', ['-xzf', tarball, '-C', gatehouse, '--strip-components=1'], sample).then(
    () => {
      const { dependencies: own, devDependencies } = manifestIn(sample);
      const { dependencies, peerDependencies, bin } = manifestIn(gatehouse);
      const { gatehouse: _packed, ...declared } = {
        ...own,
        ...devDependencies,
        ...dependencies,
        ...peerDependencies,
      };
      for (const name of Object.keys(declared)) {
        mkdirSync(dirname(join(modules, name)), { recursive: true });
        const source = sources.find((each) => existsSync(join(each, name)));
        if (source === undefined) throw new Error(`${name} is not installed.`);
        link(modules, source, name);
      }
      for (const [name, file] of Object.entries<string>(bin)) {
        mkdirSync(join(modules, '.bin'), { recursive: true });
        symlinkSync(join(gatehouse, file), join(modules, '.bin', name));
      }
    },
  );
};

/** A package with the commands that it brings. */
const link = (modules: string, source: string, name: string): void => {
  symlinkSync(join(source, name), join(modules, name));
  const { bin = {} } = manifestIn(join(source, name));
  const commands = typeof bin === 'string' ? { [basename(name)]: bin } : bin;
  mkdirSync(join(modules, '.bin'), { recursive: true });
  for (const [command, file] of Object.entries<string>(commands))
    symlinkSync(join(source, name, file), join(modules, '.bin', command));
};

interface Packed {
  readonly tarball: string;
  readonly files: readonly string[];
}

const cache = join(root, 'node_modules', '.cache', 'gatehouse-package');

/**
 * Packs this repository into a folder. Compiling it takes a quarter of a minute, so four test files
 * share a package, for as long as every file of the repository stays the same.
 */
export const pack = async (folder: string): Promise<Packed> => {
  const copy = copyOfRepository();
  try {
    const kept = join(cache, contentOf(copy.folder));
    inTurn(kept, () => packInto(kept, copy.folder));
    const { filename, files } = JSON.parse(readFileSync(join(kept, 'index.json'), 'utf8'));
    const tarball = join(folder, filename);
    copyFileSync(join(kept, filename), tarball);
    return { tarball, files };
  } finally {
    copy.remove();
  }
};

/** Names what is packed, and what packs it. */
const contentOf = (folder: string): string => {
  const hash = createHash('sha256').update(process.version);
  const paths = readdirSync(folder, { withFileTypes: true })
    // The dependencies are a link, which the lockfile stands for.
    .filter((entry) => !entry.isSymbolicLink())
    .flatMap((entry) => (entry.isFile() ? [entry.name] : filesBelow(folder, entry.name)))
    .sort();
  for (const path of paths)
    hash
      .update(`${path}\0`)
      .update(readFileSync(join(folder, path)))
      .update('\0');
  return hash.digest('hex').slice(0, 32);
};

const filesBelow = (folder: string, name: string): readonly string[] =>
  readdirSync(join(folder, name), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)));

/** Complete or not at all. */
const packInto = (kept: string, repository: string): void => {
  const fresh = mkdtempSync(join(cache, 'new-'));
  const { status, stdout, stderr } = spawnSync(
    'npm',
    ['pack', '--json', '--pack-destination', fresh],
    {
      cwd: repository,
      encoding: 'utf8',
      env: { ...process.env, NODE_OPTIONS: '' },
      maxBuffer: 16 * 1024 * 1024,
    },
  );
  if (status !== 0) throw new Error(`npm pack\n${stdout}\n${stderr}`);
  const [{ filename, files }] = JSON.parse(stdout.slice(stdout.indexOf('[')));
  const paths = files.map(({ path }: { path: string }) => path);
  writeFileSync(join(fresh, 'index.json'), JSON.stringify({ filename, files: paths }));
  for (const name of readdirSync(cache))
    if (!name.startsWith('new-')) rmSync(join(cache, name), { recursive: true, force: true });
  renameSync(fresh, kept);
};
