import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import type { BrowserOpener } from './browser-opener.ts';
import type { Setting } from './story.ts';

const nodeModules = fileURLToPath(new URL('../../../node_modules/', import.meta.url));
const callFrom = pathToFileURL(fileURLToPath(new URL('call-from.mjs', import.meta.url))).href;

export interface Outcome {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Command {
  readonly command: string;
  readonly args: string[];
  readonly env: Record<string, string>;
}

/** A JavaScript program of node_modules, with a home of its own and the test's browser. */
export const commandFor = (
  entry: string,
  parameters: readonly string[],
  { home, address }: Setting,
  opener: BrowserOpener,
  more: Readonly<Record<string, string>> = {},
): Command => ({
  command: process.execPath,
  args: [join(nodeModules, entry), ...parameters],
  env: {
    HOME: home,
    NODE_OPTIONS: `--import ${callFrom}`,
    CALLER_ADDRESS: address,
    NO_COLOR: '1',
    ...opener.environment,
    ...more,
  },
});

/** Runs one to its end, which a time limit brings about if nothing else does. */
export const run = (
  { command, args, env }: Command,
  cwd: string,
  limitMilliseconds = 30_000,
): Promise<Outcome> =>
  new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd, env, stdio: 'pipe' });
    const output = { stdout: '', stderr: '' };
    child.stdout.on('data', (chunk) => {
      output.stdout += String(chunk);
    });
    child.stderr.on('data', (chunk) => {
      output.stderr += String(chunk);
    });
    child.stdin.end();
    const limit = setTimeout(() => child.kill('SIGKILL'), limitMilliseconds);
    child.on('error', reject);
    child.on('close', (code) => {
      clearTimeout(limit);
      resolve({ code, ...output });
    });
  });

/** The JSON that a program printed on success; its own words in the error otherwise. */
export const jsonOf = ({ code, stdout, stderr }: Outcome): unknown => {
  if (code !== 0) throw new Error(`The client ended with ${code}:\n${stdout}\n${stderr}`);
  return JSON.parse(stdout);
};

/**
 * For programs whose redirect listener has a fixed port: one for each address, so that two at once
 * do not share it.
 */
export const callbackPort = ({ address }: Setting): number =>
  firstCallbackPort + Number(address.split('.').at(-1));

const firstCallbackPort = 6300;
