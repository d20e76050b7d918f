import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { errorCode, noSpace, StartupFailure } from '../failure.ts';
import { localDeployment } from '../template/deployment.ts';
import type { CdkApp, Context } from './cdk-app.ts';

/** A bound on hanging, not a measure of speed: a synthesis that hangs should not hang the start. */
export const synthesisMilliseconds = 600_000;

const limits = {
  mostMilliseconds: synthesisMilliseconds,
  /** For an app that is told to end and does not listen. */
  graceMilliseconds: 5_000,
};

/**
 * Synthesizes an app into a folder, without the CDK CLI around it, which would add seconds, look
 * for an account and do nothing else.
 * @throws StartupFailure with the app's own words
 */
export const runApp = async (
  { folder, commands }: CdkApp,
  outdir: string,
  context: Context,
  within = limits,
): Promise<void> => {
  const contextFile = `${outdir}.context.json`;
  mkdirSync(dirname(outdir), { recursive: true });
  // In a file, because an environment variable has room for less than some apps have looked up.
  writeFileSync(contextFile, JSON.stringify(context));
  // An app that is ended removes nothing, so what it made there goes with this folder.
  const temporary = mkdtempSync(join(tmpdir(), 'gatehouse-synthesis-'));
  const environment = {
    // An app that takes its account and region from the CLI gets the local runtime's.
    CDK_DEFAULT_ACCOUNT: localDeployment.account,
    CDK_DEFAULT_REGION: localDeployment.region,
    ...process.env,
    // `node` in the command is the Node that runs this.
    PATH: [dirname(process.execPath), process.env['PATH']].join(delimiter),
    CDK_OUTDIR: outdir,
    CONTEXT_OVERFLOW_LOCATION_ENV: contextFile,
    TMPDIR: temporary,
    // The template's validation takes four fifths of a synthesis and changes nothing in it: it is
    // the deployment's (and the tests') business.
    CDK_VALIDATION: 'false',
    ...compileCacheIn(folder),
  };
  const remove = (): void => {
    rmSync(contextFile, { force: true });
    // Again where the app still wrote while it ended.
    rmSync(temporary, { recursive: true, force: true, maxRetries: 5 });
  };
  process.once('exit', remove);
  try {
    for (const command of commands) await run(command, folder, environment, within);
  } finally {
    process.off('exit', remove);
    remove();
  }
  if (!existsSync(join(outdir, 'manifest.json')))
    throw new StartupFailure(
      `"${commands.at(-1)}" (cdk.json) ended well but synthesized nothing: is there an App in it, without an outdir of its own?`,
    );
};

/**
 * Node keeps what it compiled, as the CDK itself, where caches of the app's own are: a quarter of the
 * CPU time of an app's start. An app without dependencies gets none.
 */
const compileCacheIn = (folder: string): Readonly<Record<string, string>> => {
  const modules = join(folder, 'node_modules');
  if (process.env['NODE_COMPILE_CACHE'] !== undefined || !existsSync(modules)) return {};
  return { NODE_COMPILE_CACHE: join(modules, '.cache', 'node') };
};

const run = (
  command: string,
  cwd: string,
  env: Readonly<Record<string, string | undefined>>,
  { mostMilliseconds, graceMilliseconds }: typeof limits,
): Promise<void> =>
  new Promise((resolve, reject) => {
    const child = spawn(command, {
      cwd,
      env,
      shell: true,
      stdio: ['ignore', 'pipe', 'pipe'],
      // A group of its own, so that the shell and what it has started end together.
      detached: true,
    });
    let isLate = false;
    // Threads die with this process, but a child would go on.
    const end = (): void => endGroup(child.pid);
    // Before anything is removed, or it would write there once more.
    process.prependOnceListener('exit', end);
    const timer = setTimeout(() => {
      isLate = true;
      end();
      setTimeout(() => endGroup(child.pid, 'SIGKILL'), graceMilliseconds).unref();
    }, mostMilliseconds);
    let output = '';
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (data: Buffer) => {
        output += data.toString();
      });
    child.on('error', reject);
    child.on('close', (code) => {
      clearTimeout(timer);
      process.off('exit', end);
      if (code === 0) resolve();
      else if (output.includes('ENOSPC')) reject(new StartupFailure(noSpace));
      else if (isLate)
        reject(
          new StartupFailure(
            `"${command}" (cdk.json) was ended: a synthesis may take ${mostMilliseconds / 1000} seconds.`,
          ),
        );
      else
        reject(
          new StartupFailure(
            `The app does not synthesize ("${command}", cdk.json): ${reasonIn(output)}`,
          ),
        );
    });
  });

const endGroup = (
  processId: number | undefined,
  signal: 'SIGTERM' | 'SIGKILL' = 'SIGTERM',
): void => {
  if (processId === undefined) return;
  try {
    process.kill(-processId, signal);
  } catch (error) {
    // It has ended by itself.
    if (errorCode(error) !== 'ESRCH') throw error;
  }
};

/** The message of the error that ended the app, without its stack. */
export const reasonIn = (output: string): string => {
  // The CDK ends a refusal of its validation with a stack of its own.
  const lines = output.split(/\n\[«\w+»/)[0]?.split('\n') ?? [];
  const first = lines.findLastIndex((line) => /^(Uncaught )?\w*(Error|Failure)\b.*:/.test(line));
  if (first < 0) return lines.join('\n').trim() || 'the app ended without saying why.';
  const last = lines.findIndex((line, index) => index > first && /^\s+at /.test(line));
  return lines
    .slice(first, last < 0 ? undefined : last)
    .join('\n')
    .trim();
};
