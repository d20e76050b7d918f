import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import timers from 'node:timers/promises';
import { fingerprint } from '../../../local/synthesis/fingerprint.ts';
import { inSequence } from '../../../local/synthesis/sequence.ts';
import { temporaryFolder } from '../../temporary-folder.ts';

const aRepository = (): string => {
  const root = temporaryFolder();
  for (const folder of ['bin', 'lib', 'lambdas', 'policy']) {
    mkdirSync(join(root, folder, 'deep'), { recursive: true });
    writeFileSync(join(root, folder, 'deep', 'a.ts'), folder);
  }
  for (const file of ['cdk.json', 'package.json', 'package-lock.json'])
    writeFileSync(join(root, file), '{}');
  return root;
};

describe('the name of a synthesis', () => {
  it('is the same for the same content, wherever and whenever it was written', () => {
    expect(fingerprint(aRepository(), 'context')).toBe(fingerprint(aRepository(), 'context'));
  });

  it.each([
    ['a source', join('lambdas', 'deep', 'a.ts')],
    ['the policy', join('policy', 'deep', 'a.ts')],
    ['a dependency', 'package-lock.json'],
    ['a new file', join('lib', 'new.ts')],
  ])('is another when %s changes', (_, file) => {
    const root = aRepository();
    const before = fingerprint(root, 'context');
    writeFileSync(join(root, file), 'changed');
    expect(fingerprint(root, 'context')).not.toBe(before);
  });

  it('is another for another configuration, and for the same content in another file', () => {
    const root = aRepository();
    const names = [fingerprint(root, 'a'), fingerprint(root, 'b')];
    const moved = aRepository();
    writeFileSync(join(moved, 'bin', 'deep', 'a.ts'), 'lib');
    writeFileSync(join(moved, 'lib', 'deep', 'a.ts'), 'bin');
    expect(new Set([...names, fingerprint(moved, 'a')]).size).toBe(3);
  });
});

describe('a turn', () => {
  /** The id of a process that is no more. */
  const endedProcess = (): number => spawnSync(process.execPath, ['--version']).pid;
  const aLock = (): string => join(temporaryFolder(), 'lock');

  it('lets one work at a time, and frees the place after a failure too', async () => {
    const lock = aLock();
    let busy = 0;
    let most = 0;
    const work = async (fails: boolean) => {
      busy += 1;
      most = Math.max(most, busy);
      await timers.setTimeout(20);
      busy -= 1;
      if (fails) throw new Error('failed');
    };
    const results = await Promise.allSettled(
      [false, true, false].map((fails) =>
        inSequence({ lock, patienceMilliseconds: 10_000 }, () => work(fails)),
      ),
    );
    expect(results.map(({ status }) => status).sort()).toEqual([
      'fulfilled',
      'fulfilled',
      'rejected',
    ]);
    expect([most, existsSync(lock)]).toEqual([1, false]);
  });

  it('is not kept by a process that died, and by no process for ever', async () => {
    const lock = aLock();
    const longAgo = new Date(Date.now() - 60_000);
    const sequence = { lock, patienceMilliseconds: 10_000 };
    for (const [holder, when] of [
      [endedProcess(), new Date()],
      [process.pid, longAgo],
      ['nobody', new Date()],
    ] as const) {
      writeFileSync(lock, String(holder));
      utimesSync(lock, when, when);
      await expect(inSequence(sequence, async () => 'done')).resolves.toBe('done');
    }
  });

  it('is waited for while its process runs, and the wait says whose it is', async () => {
    const lock = aLock();
    writeFileSync(lock, String(process.pid));
    const holders: number[] = [];
    const result = inSequence(
      {
        lock,
        patienceMilliseconds: 60_000,
        onWait: (holder) => {
          holders.push(holder);
          rmSync(lock);
        },
      },
      async () => 'done',
    );
    await expect(result).resolves.toBe('done');
    expect(holders).toEqual([process.pid]);
  });
});
