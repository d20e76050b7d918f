import { spawn } from 'node:child_process';

export interface Started {
  /**
   * Resolves with what matched, as soon as the output has it.
   * @throws the whole output, when the
   * command ends without
   */
  saying(pattern: RegExp): Promise<RegExpExecArray>;
  /** Resolves when the command has ended well. @throws the whole output otherwise */
  readonly ended: Promise<string>;
  stop(): Promise<void>;
}

/**
 * A test run inside a test run must not add to the counts of the outer one, nor inherit its flags.
 */
const inherited = (): Record<string, string | undefined> => {
  const {
    GATEHOUSE_TEST_RESULTS: _results,
    NODE_OPTIONS: _options,
    NODE_ENV: _environment,
    JEST_WORKER_ID: _worker,
    ...rest
  } = process.env;
  return rest;
};

/** Types a command into a shell, as a person would. */
export const typed = (
  command: string,
  cwd: string,
  environment: Record<string, string> = {},
): Started => {
  // A group of its own, so that npm, its shell and what they start can be ended together.
  const child = spawn('sh', ['-c', command], {
    cwd,
    env: { ...inherited(), ...environment },
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  let look = (): void => {};
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (data: Buffer) => {
      output += data.toString();
      look();
    });
  const ended = new Promise<string>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code) =>
      code === 0
        ? resolve(output)
        : reject(new Error(`${command} ended with code ${code}:\n${output}`)),
    );
  });
  ended.catch(() => {});
  const end = (): void => {
    if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
    process.kill(-child.pid, 'SIGTERM');
  };
  process.once('exit', end);
  // What has ended needs nobody to end it: a day types more commands than there may be listeners.
  child.once('close', () => process.off('exit', end));
  return {
    ended,
    saying: (pattern) =>
      new Promise((resolve, reject) => {
        look = () => {
          const match = pattern.exec(output);
          if (match) resolve(match);
        };
        look();
        ended.then(
          () => reject(new Error(`${command} ended without saying ${pattern}:\n${output}`)),
          reject,
        );
      }),
    stop: async () => {
      process.off('exit', end);
      end();
      await ended.catch(() => {});
    },
  };
};
