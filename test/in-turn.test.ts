import { spawn } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { inTurn } from './in-turn.ts';
import { temporaryFolder } from './temporary-folder.ts';

const script = join(import.meta.dirname, 'in-turn.ts');

/** A process that makes the path, and says so when it was the one. */
const maker = (path: string, log: string): Promise<number | null> =>
  new Promise((resolve) => {
    const source = `
      import { appendFileSync, writeFileSync } from 'node:fs';
      import { inTurn } from ${JSON.stringify(script)};
      inTurn(${JSON.stringify(path)}, () => {
        appendFileSync(${JSON.stringify(log)}, 'begun ');
        Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 300);
        writeFileSync(${JSON.stringify(path)}, 'made');
        appendFileSync(${JSON.stringify(log)}, 'made ');
      });`;
    const env = { ...process.env, NODE_OPTIONS: '' };
    spawn(process.execPath, ['--input-type=module', '--eval', source], { env }).on(
      'close',
      resolve,
    );
  });

test('several processes that need a path make it once', async () => {
  const folder = temporaryFolder();
  const [path, log] = [join(folder, 'kept'), join(folder, 'log')];
  expect(await Promise.all([maker(path, log), maker(path, log), maker(path, log)])).toEqual([
    0, 0, 0,
  ]);
  expect(readFileSync(log, 'utf8')).toBe('begun made ');
  expect(readFileSync(path, 'utf8')).toBe('made');
});

test('the lock of a process that is gone holds nobody up, and a failure leaves none', async () => {
  const folder = temporaryFolder();
  const [path, lock] = [join(folder, 'kept'), join(folder, 'new-kept.lock')];
  const gone = spawn(process.execPath, ['--version']);
  await new Promise((resolve) => gone.on('close', resolve));
  writeFileSync(lock, String(gone.pid));
  const fail = () => {
    throw new Error('planted');
  };
  expect(() => inTurn(path, fail)).toThrow('planted');
  expect(existsSync(lock)).toBe(false);
  inTurn(path, () => writeFileSync(path, 'made'));
  expect(readFileSync(path, 'utf8')).toBe('made');
  inTurn(path, fail);
});
