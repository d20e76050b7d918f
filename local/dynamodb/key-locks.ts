/**
 * Runs one task at a time for a key, in the order of their arrival; tasks of other keys run beside
 * it.
 */
export type KeyLocks = <Result>(key: string, task: () => Promise<Result>) => Promise<Result>;

export const makeKeyLocks = (): KeyLocks => {
  const tails = new Map<string, Promise<unknown>>();
  return async (key, task) => {
    const before = tails.get(key) ?? Promise.resolve();
    // A task that failed has failed for its own caller; the next one starts all the same.
    const result = before.then(task, task);
    const settled = result.catch(() => undefined);
    tails.set(key, settled);
    settled.then(() => {
      if (tails.get(key) === settled) tails.delete(key);
    });
    return result;
  };
};
