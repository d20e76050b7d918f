import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, symlinkSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { copyOfRepository } from '../e2e/new-tool/copy.ts';

export const root = join(import.meta.dirname, '..', '..');
/** Packing compiles everything, on a computer that may be busy. */
export const packMilliseconds = 240_000;

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
      timeout: packMilliseconds,
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

/** Packs this repository. */
export const pack = async (
  folder: string,
): Promise<{ readonly tarball: string; readonly files: readonly string[] }> => {
  const copy = copyOfRepository();
  try {
    const { stdout } = await execute(
      'npm',
      ['pack', '--json', '--pack-destination', folder],
      copy.folder,
    );
    const [{ filename, files }] = JSON.parse(stdout.slice(stdout.indexOf('[')));
    return {
      tarball: join(folder, filename),
      files: files.map(({ path }: { path: string }) => path),
    };
  } finally {
    copy.remove();
  }
};
