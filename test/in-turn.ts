import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';

/**
 * Makes a path that several test processes need, in one of them; the others wait for it. Two at once
 * took a quarter of a minute each. The lock of a process that is gone holds nobody up.
 */
export const inTurn = (path: string, make: () => void): void => {
  const lock = join(dirname(path), `new-${basename(path)}.lock`);
  mkdirSync(dirname(path), { recursive: true });
  while (!existsSync(path)) {
    if (!take(lock)) {
      if (!isHeld(lock)) rmSync(lock, { force: true });
      sleep();
      continue;
    }
    try {
      // Another may have made it between the look and the lock.
      if (!existsSync(path)) make();
    } finally {
      rmSync(lock, { force: true });
    }
  }
};

const take = (lock: string): boolean => {
  try {
    writeFileSync(lock, String(process.pid), { flag: 'wx' });
    return true;
  } catch {
    return false;
  }
};

const isHeld = (lock: string): boolean => {
  try {
    const holder = readFileSync(lock, 'utf8');
    // Between its making and its writing a lock is empty.
    if (holder !== '') process.kill(Number(holder), 0);
    return true;
  } catch {
    return false;
  }
};

const sleep = (): void => {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 100);
};
