import { linkSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import timers from 'node:timers/promises';
import { errorCode } from '../failure.ts';

const pollMilliseconds = 100;

export interface Sequence {
  /** The file that stands for the turn. It holds the id of the process that has it. */
  readonly lock: string;
  /** A lock older than this belongs to nobody, whatever process has its number by now. */
  readonly patienceMilliseconds: number;
  /** Told once, when another process has it. */
  readonly onWait?: (holder: number) => void;
}

/**
 * Lets one process at a time do a piece of work. Tests start many runtimes at once, and a second
 * synthesis of the same stack would only slow the first one down. The lock goes with the process,
 * however it ends: on exit it is removed, and one whose process is gone is not waited for.
 */
export const inSequence = async <T>(
  { lock, patienceMilliseconds, onWait = () => {} }: Sequence,
  work: () => Promise<T>,
): Promise<T> => {
  let told = false;
  while (!take(lock)) {
    const holder = holderOf(lock);
    if (isAbandoned(lock, holder, patienceMilliseconds)) {
      rmSync(lock, { force: true });
      continue;
    }
    if (!told && holder !== undefined) onWait(holder);
    told ||= holder !== undefined;
    await timers.setTimeout(pollMilliseconds);
  }
  const release = (): void => rmSync(lock, { force: true });
  process.once('exit', release);
  try {
    return await work();
  } finally {
    process.off('exit', release);
    release();
  }
};

/** A link appears with its content, so nobody ever reads a lock without an owner. */
const take = (lock: string): boolean => {
  const own = `${lock}.${process.pid}.${process.hrtime.bigint()}`;
  writeFileSync(own, String(process.pid));
  try {
    linkSync(own, lock);
    return true;
  } catch (error) {
    if (errorCode(error) !== 'EEXIST') throw error;
    return false;
  } finally {
    rmSync(own, { force: true });
  }
};

const holderOf = (lock: string): number | undefined => {
  try {
    return Number(readFileSync(lock, 'utf8'));
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return undefined;
    throw error;
  }
};

const isAbandoned = (
  lock: string,
  holder: number | undefined,
  patienceMilliseconds: number,
): boolean => {
  if (holder === undefined) return false;
  const age = Date.now() - (statSync(lock, { throwIfNoEntry: false })?.mtimeMs ?? Date.now());
  return !isRunning(holder) || age > patienceMilliseconds;
};

const isRunning = (processId: number): boolean => {
  if (!Number.isInteger(processId) || processId <= 0) return false;
  try {
    process.kill(processId, 0);
    return true;
  } catch (error) {
    // Another account's process is running, too.
    return errorCode(error) === 'EPERM';
  }
};
