import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { temporaryFolder } from './temporary-folder.ts';

const root = join(import.meta.dirname, '..');

// A bound on hanging: each test starts some hundred processes.
jest.setTimeout(600_000);

let steps: string;
beforeEach(() => {
  steps = temporaryFolder();
});

/** A step of .ci/run that bash carries out. */
const step = (name: string, script: string) =>
  spawnSync(join(root, '.ci/step'), [name, 'bash', '-c', script], {
    encoding: 'utf8',
    env: { ...process.env, GATEHOUSE_CI_STEPS: steps },
  });

/** What a run of Jest leaves. */
const tests = (passed: number, failed: number) =>
  `echo '${JSON.stringify({ passed, failed, skipped: 0 })}' >"$GATEHOUSE_TEST_RESULTS/$$.json"`;

const count = () => {
  const { status, stdout } = spawnSync(
    process.execPath,
    [join(root, 'test/count-results.mjs'), steps],
    { encoding: 'utf8' },
  );
  return { status, said: stdout, lastLine: stdout.trimEnd().split('\n').at(-1) };
};

describe('the end of .ci/run', () => {
  test('adds up the tests of all steps', () => {
    expect(step('first', tests(3, 0)).status).toBe(0);
    step('second', `${tests(4, 0)}; ${tests(1, 0).replace('$$', 'again')}`);
    step('without tests', 'true');
    const { status, said, lastLine } = count();
    expect({ status, lastLine }).toEqual({ status: 0, lastLine: '8 passed, 0 failed' });
    expect(said).not.toContain('FAILED');
    for (const name of ['first', 'second', 'without tests'])
      expect(said).toMatch(new RegExp(`^${name} +\\d+\\.\\d +\\d+\\.\\d$`, 'm'));
  });

  test('counts a step that fails without a test, and says which and why', () => {
    step('sound', tests(3, 0));
    const planted = step('planted', 'echo told; echo why >&2; exit 7');
    expect(planted.status).toBe(7);
    expect(planted.stdout).toBe('\n== planted\ntold\nwhy\n');
    const { status, said, lastLine } = count();
    expect({ status, lastLine }).toEqual({ status: 1, lastLine: '3 passed, 1 failed' });
    expect(said).toContain('== planted ended with 7:\n  told\n  why\n');
    expect(said).toMatch(/^planted .+ {2}FAILED: ended with 7$/m);
    expect(said).not.toMatch(/^sound .+FAILED/m);
  });

  test('counts failed tests, and not their step once more', () => {
    step('tests', `${tests(3, 2)}; exit 1`);
    expect(count()).toMatchObject({ status: 1, lastLine: '3 passed, 2 failed' });
  });

  test('counts tests that failed in a step that says it is well', () => {
    step('tests', tests(3, 2));
    const { status, said, lastLine } = count();
    expect({ status, lastLine }).toEqual({ status: 1, lastLine: '3 passed, 2 failed' });
    expect(said).toMatch(/^tests .+FAILED/m);
  });

  test('counts a step that was ended', () => {
    step('sound', tests(3, 0));
    step('killed', 'kill -9 $PPID $$');
    mkdirSync(join(steps, '003', 'tests'), { recursive: true });
    writeFileSync(join(steps, '003', 'name'), 'cut off');
    const { status, said, lastLine } = count();
    expect({ status, lastLine }).toEqual({ status: 1, lastLine: '3 passed, 2 failed' });
    expect(said).toContain('cut off did not end');
    expect(readdirSync(steps).sort()).toEqual(['001', '002', '003']);
  });

  test('is no success when nothing ran', () => {
    expect(count()).toMatchObject({ status: 1, lastLine: '0 passed, 0 failed' });
    step('without tests', 'true');
    expect(count()).toMatchObject({ status: 1, lastLine: '0 passed, 0 failed' });
  });
});

describe('.ci/run', () => {
  /** Where every program of another only does as it is told: `npm test` leaves counts of tests. */
  const repository = (failing: readonly string[]): string => {
    const folder = temporaryFolder();
    for (const path of ['.ci', 'test/count-results.mjs'])
      cpSync(join(root, path), join(folder, path), { recursive: true });
    const program = (path: string) => {
      mkdirSync(dirname(join(folder, path)), { recursive: true });
      writeFileSync(
        join(folder, path),
        `#!/usr/bin/env bash
typed="\${0##*/} $*"
echo "$typed runs"
[ "$typed" = "npm test" ] && ${tests(5, 0)}
case $typed in ${['nothing', ...failing].map((each) => JSON.stringify(each)).join(' | ')}) exit 1 ;; esac
`,
        { mode: 0o755 },
      );
    };
    for (const name of ['npm', 'npx', 'cfn-lint', 'aws', 'chromium-headless-shell'])
      program(`bin/${name}`);
    program('node_modules/.bin/node');
    symlinkSync(process.execPath, join(folder, 'bin', 'node'));
    return folder;
  };

  const run = (...failing: readonly string[]) => {
    const folder = repository(failing);
    const { status, stdout } = spawnSync(join(folder, '.ci/run'), {
      encoding: 'utf8',
      env: { ...process.env, PATH: `${join(folder, 'bin')}:/usr/bin:/bin` },
    });
    const failed = Array.from(stdout.matchAll(/^(.+?) +[\d.]+ +[\d.]+ {2}FAILED/gm), ([, n]) => n);
    return { status, stdout, failed, lastLine: stdout.trimEnd().split('\n').at(-1) };
  };

  test('ends with the tests when nothing failed', () => {
    const { status, stdout, failed, lastLine } = run();
    expect({ status, failed, lastLine }).toEqual({
      status: 0,
      failed: [],
      lastLine: '5 passed, 0 failed',
    });
    for (const script of ['test:slow', 'test:browser', 'conformance', 'test:load'])
      expect(stdout).toContain(`npm run ${script} runs`);
  });

  test('counts every step that fails, and goes on', () => {
    // By their names in the table: what is typed.
    const steps = {
      'npm test': 'npm test',
      'npm run test:slow': 'npm run test:slow',
      'npx gatehouse audit': 'npx --no-install gatehouse audit',
      'cfn-lint': 'node test/judges/run-cfn-lint.ts',
      'the commands of the documents': 'node test/judges/run-aws-cli.ts',
      'npm run test:browser': 'npm run test:browser',
      'npm run conformance': 'npm run conformance',
      'npm run mutation -- authorizer token': 'npm run mutation -- authorizer token',
      'npm run test:load': 'npm run test:load',
    };
    const { status, failed, lastLine } = run(...Object.values(steps));
    expect({ status, failed: failed.sort(), lastLine }).toEqual({
      status: 1,
      failed: Object.keys(steps).sort(),
      lastLine: '5 passed, 9 failed',
    });
  });

  test('does not go on without the dependencies', () => {
    const { status, stdout, lastLine } = run('npm ci --no-fund --no-audit');
    expect({ status, lastLine }).toEqual({ status: 1, lastLine: '0 passed, 1 failed' });
    expect(stdout).not.toContain('npm test runs');
  });
});
