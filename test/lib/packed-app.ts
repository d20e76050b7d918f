import { execFile } from 'node:child_process';
import { mkdirSync, readFileSync, symlinkSync } from 'node:fs';
import { dirname, join } from 'node:path';
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
 * The sample as somebody has it who installed the package: dependencies are this repository's, but
 * only those that are declared.
 */
export const installed = (sample: string, tarball: string): Promise<unknown> => {
  const modules = join(sample, 'node_modules');
  const gatehouse = join(modules, 'gatehouse');
  mkdirSync(gatehouse, { recursive: true });
  return execute('tar', ['-xzf', tarball, '-C', gatehouse, '--strip-components=1'], sample).then(
    () => {
      const { dependencies: own, devDependencies } = manifestIn(sample);
      const { dependencies, peerDependencies, bin } = manifestIn(gatehouse);
      const { gatehouse: _packed, ...others } = {
        ...own,
        ...devDependencies,
        ...dependencies,
        ...peerDependencies,
      };
      for (const name of Object.keys(others)) {
        mkdirSync(dirname(join(modules, name)), { recursive: true });
        symlinkSync(join(root, 'node_modules', name), join(modules, name));
      }
      for (const [name, file] of Object.entries<string>(bin)) {
        mkdirSync(join(modules, '.bin'), { recursive: true });
        symlinkSync(join(gatehouse, file), join(modules, '.bin', name));
      }
    },
  );
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
