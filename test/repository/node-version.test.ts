import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { unguardedScripts } from './node-version.ts';
import { filesUnder } from './tracked-files.ts';

const parsed = (path: string) =>
  JSON.parse(
    filesUnder(path)
      .map(({ text }) => text)
      .join(''),
  );

const root = join(import.meta.dirname, '..', '..');

/** Runs the guard in a process that takes itself for another version of Node. */
const guardOn = (version: string) =>
  spawnSync(
    process.execPath,
    [
      '--eval',
      `Object.defineProperty(process.versions, 'node', { value: '${version}' }); require('./bin/require-node-24.cjs');`,
    ],
    { cwd: root, encoding: 'utf8' },
  );

describe('an old Node', () => {
  test('is refused by every script', () => {
    expect(unguardedScripts(parsed('package.json').scripts)).toEqual([]);
  });

  test('is refused by the app, which the CDK CLI runs', () => {
    expect(parsed('cdk.json').app).toMatch(
      /^node --\S+ --require \.\/bin\/require-node-24\.cjs bin\/gatehouse\.ts$/,
    );
  });

  test.each(['12.22.12', '20.20.2', '25.0.0'])('is told so in one line (%s)', (version) => {
    const { status, stderr } = guardOn(version);
    expect([status, stderr.trimEnd().split('\n').length]).toEqual([1, 1]);
    expect(stderr).toContain(`this is Node ${version}: `);
  });

  test('is another one than the pinned', () => {
    expect(guardOn('24.1.0')).toMatchObject({ status: 0, stderr: '' });
  });

  test('a script without the guard is found', () => {
    const scripts = {
      preone: 'node bin/require-node-24.cjs',
      one: 'jest',
      two: 'npm run one -- --ci',
      three: 'node bin/three.ts',
      four: 'npm run three && npm run one',
    };
    expect(unguardedScripts(scripts)).toEqual(['three', 'four']);
  });
});
