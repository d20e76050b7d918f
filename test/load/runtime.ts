import { fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import * as z from 'zod';
import type { Command } from './runtime-process.ts';

const memory = z.strictObject({ bytes: z.number(), threads: z.int() });

/** Resident memory, and the threads that share it: each function instance is one. */
export type Memory = z.infer<typeof memory>;

/** A local runtime in a process of its own. */
export interface Runtime {
  readonly port: number;
  memory(): Promise<Memory>;
  tokens(profile: string, count: number): Promise<readonly string[]>;
  stop(): Promise<void>;
}

/** @param configuration - more of the stack's configuration, as an operator would write it */
export const startRuntime = async (
  configuration: object = {},
  v8Flags: readonly string[] = [],
): Promise<Runtime> => {
  const child = fork(
    join(import.meta.dirname, 'runtime-process.ts'),
    [JSON.stringify(configuration)],
    {
      execArgv: ['--disable-warning=ExperimentalWarning', ...v8Flags],
      env: { ...process.env, NODE_OPTIONS: '' },
    },
  );
  const ended = once(child, 'exit');
  const message = async (): Promise<unknown> => {
    const died = ended.then(() => {
      throw new Error('The runtime died.');
    });
    const [answer] = await Promise.race([once(child, 'message'), died]);
    return answer;
  };
  // One question at a time: answers carry no name.
  let queue: Promise<unknown> = message();
  const ask = (question: Command): Promise<unknown> => {
    queue = queue.then(() => {
      const response = message();
      child.send(question);
      return response;
    });
    return queue;
  };
  const port = z.number().parse(await ask({ ask: 'port' }));
  return {
    port,
    memory: async () => memory.parse(await ask({ ask: 'memory' })),
    tokens: async (profile, count) =>
      z.array(z.string()).parse(await ask({ ask: 'tokens', profile, count })),
    stop: async () => {
      child.disconnect();
      await ended;
    },
  };
};
