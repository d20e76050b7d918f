import { spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { temporaryFolder } from './temporary-folder.ts';

const root = join(import.meta.dirname, '..');

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
