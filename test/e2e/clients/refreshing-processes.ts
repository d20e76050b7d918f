import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import * as z from 'zod';

const tokens = z.object({ access_token: z.string(), refresh_token: z.string() });

interface StoredLogin {
  /** The authorization server. */
  readonly server: string;
  readonly resource: string;
  readonly clientId: string;
  readonly refreshToken: string;
}

const script = fileURLToPath(new URL('refreshing-process.ts', import.meta.url));

const startProcess = ({ server, resource, clientId, refreshToken }: StoredLogin): ChildProcess =>
  spawn(process.execPath, [script, server, resource, clientId, refreshToken], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });

/**
 * So many processes of the official client with one stored login refresh at the same moment.
 * @returns what each of them got; rejects when one got nothing
 */
export const refreshInProcesses = async (count: number, login: StoredLogin) => {
  const processes = Array.from({ length: count }, () => {
    const child = startProcess(login);
    if (!child.stdout || !child.stdin) throw new Error('The process has no pipes.');
    const lines = createInterface({ input: child.stdout });
    const ended = once(lines, 'close').then(() => {
      throw new Error('A process ended without tokens.');
    });
    // Only the race says whether that matters.
    ended.catch(() => {});
    const next = async (): Promise<string> => {
      const [line] = await Promise.race([once(lines, 'line'), ended]);
      return String(line);
    };
    return { input: child.stdin, next };
  });
  await Promise.all(processes.map(({ next }) => next()));
  return Promise.all(
    processes.map(async ({ input, next }) => {
      const line = next();
      input.end('go\n');
      return tokens.parse(JSON.parse(await line));
    }),
  );
};
