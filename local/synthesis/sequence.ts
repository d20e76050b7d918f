import { mkdirSync, rmSync, statSync } from 'node:fs';
import timers from 'node:timers/promises';
import { errorCode } from '../failure.ts';

const pollMilliseconds = 100;

/**
 * Lets one process at a time do a piece of work, by a folder that only one can make. Tests start
 * many runtimes at once, and a second synthesis of the same stack would only slow the first one
 * down. A lock older than `patienceMilliseconds` belongs to nobody.
 */
export const inSequence = async <T>(
  lock: string,
  patienceMilliseconds: number,
  work: () => Promise<T>,
): Promise<T> => {
  while (!take(lock, patienceMilliseconds)) await timers.setTimeout(pollMilliseconds);
  try {
    return await work();
  } finally {
    rmSync(lock, { recursive: true, force: true });
  }
};

const take = (lock: string, patienceMilliseconds: number): boolean => {
  try {
    mkdirSync(lock);
    return true;
  } catch (error) {
    if (errorCode(error) !== 'EEXIST') throw error;
    const age = Date.now() - (statSync(lock, { throwIfNoEntry: false })?.mtimeMs ?? Date.now());
    if (age > patienceMilliseconds) rmSync(lock, { recursive: true, force: true });
    return false;
  }
};
