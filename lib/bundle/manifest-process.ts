import { type SpawnSyncReturns, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import * as z from 'zod';

/** What the definitions have when they are imported, beside their code. */
export interface ImportEnvironment {
  /** Environment variables of the function, as far as the synthesis knows them. */
  readonly variables: Readonly<Record<string, string>>;
  /** Absolute path of the folder that travels beside the bundle. @default none */
  readonly assets?: string | undefined;
}

/** What became of the definitions' process. */
export interface ManifestRun {
  /** Undefined where they cannot be served. */
  readonly manifest: unknown;
  /** A line each. Empty where the process ended before it could say what is wrong. */
  readonly faults: readonly string[];
  /** The file that was being imported last. */
  readonly importing: string;
  /** Why the process ended without a result. */
  readonly reason: string;
  /** What the definitions wrote to standard output and standard error. */
  readonly output: string;
}

/** A definition that hangs on import must not hang the synthesis. */
const hangingSeconds = 60;

/** Beyond any catalogue that a client would read. */
const mostBytes = 64 * 1024 * 1024;

/** As the function has it, in a folder as Lambda has one: the bundle, and `assets` beside it. */
export const runManifest = (
  root: string,
  code: Uint8Array,
  { variables, assets }: ImportEnvironment,
): ManifestRun => {
  const folder = mkdtempSync(join(tmpdir(), 'gatehouse-manifest-'));
  try {
    const entry = join(folder, 'index.mjs');
    writeFileSync(entry, code);
    if (assets !== undefined) symlinkSync(assets, join(folder, 'assets'));
    // Modules that are not bundled are those that the team has installed.
    const modules = nearestModules(root);
    if (modules !== undefined) symlinkSync(modules, join(folder, 'node_modules'));
    return outcome(
      spawnSync(process.execPath, ['--enable-source-maps', entry], {
        encoding: 'utf8',
        // Standard output and error are the definitions' own; the fourth is the result's.
        stdio: ['ignore', 'pipe', 'pipe', 'pipe'],
        timeout: hangingSeconds * 1000,
        killSignal: 'SIGKILL',
        maxBuffer: mostBytes,
        env: { ...lambdaVariables(folder), ...variables },
      }),
    );
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
};

const nearestModules = (folder: string): string | undefined => {
  const modules = join(folder, 'node_modules');
  if (existsSync(modules)) return modules;
  return dirname(folder) === folder ? undefined : nearestModules(dirname(folder));
};

/**
 * What Lambda sets by itself, credentials apart: a definition that calls AWS at import must fail
 * here, and not read somebody's account.
 * https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html
 */
const lambdaVariables = (folder: string): Record<string, string> => ({
  PATH: process.env['PATH'] ?? '',
  HOME: folder,
  TZ: ':UTC',
  LANG: 'en_US.UTF-8',
  AWS_EXECUTION_ENV: 'AWS_Lambda_nodejs24.x',
  AWS_LAMBDA_FUNCTION_NAME: 'mcp',
  AWS_LAMBDA_FUNCTION_VERSION: '$LATEST',
  AWS_LAMBDA_FUNCTION_MEMORY_SIZE: '1024',
  AWS_LAMBDA_LOG_GROUP_NAME: 'mcp',
  AWS_LAMBDA_LOG_STREAM_NAME: 'mcp',
  AWS_REGION: 'eu-west-1',
  AWS_DEFAULT_REGION: 'eu-west-1',
  LAMBDA_TASK_ROOT: folder,
});

const message = z.object({
  importing: z.string().optional(),
  manifest: z.unknown().optional(),
  faults: z.array(z.string()).optional(),
});

const outcome = (run: SpawnSyncReturns<string>): ManifestRun => {
  const lines = (run.output?.[3] ?? '').split('\n').filter((line) => line !== '');
  const messages = lines.map((line) => message.parse(JSON.parse(line)));
  return {
    manifest: messages.find(({ manifest }) => manifest !== undefined)?.manifest,
    faults: messages.flatMap(({ faults = [] }) => faults),
    importing: messages.findLast(({ importing }) => importing !== undefined)?.importing ?? 'build',
    reason: reasonOf(run),
    output: `${run.stdout ?? ''}${run.stderr ?? ''}`,
  };
};

/** Why there is no result. Exit code 13 is Node's, for an `await` that nothing will ever resume. */
const reasonOf = ({ error, status, signal }: SpawnSyncReturns<string>): string => {
  if (status === 13 || (error !== undefined && 'code' in error && error.code === 'ETIMEDOUT'))
    return `its import does not end (${status === 13 ? 'nothing resumes its await' : `${hangingSeconds} seconds`}): wait for things inside the handler.`;
  if (error !== undefined) return `cannot be imported: ${error.message}`;
  return `its import ends the process (${signal ?? `exit code ${status}`}): throw inside the handler instead.`;
};
