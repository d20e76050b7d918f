/** How long a step may last before somebody is told of it. */
const quietMilliseconds = 1000;

/**
 * Says on stderr what is being waited for, once it lasts, so that stdout holds the result alone.
 */
export const withProgress = async <T>(step: string, work: () => Promise<T>): Promise<T> => {
  const timer = setTimeout(() => process.stderr.write(`${step} …\n`), quietMilliseconds);
  try {
    return await work();
  } finally {
    clearTimeout(timer);
  }
};
