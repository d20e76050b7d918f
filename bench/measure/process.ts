import { spawn } from 'node:child_process';
import { join } from 'node:path';

const child = join(import.meta.dirname, 'child.mjs');

interface Started {
  readonly bundle: string;
  readonly task: 'cold' | 'kept' | 'warm';
  readonly calls?: number;
  readonly environment: Readonly<Record<string, string>>;
}

/** Runs one process to its end: how long that took, and what it wrote to its third descriptor. */
const run = ({
  bundle,
  task,
  calls = 0,
  environment,
}: Started): Promise<{ milliseconds: number; report: string }> =>
  new Promise((resolve, reject) => {
    const before = performance.now();
    const started = spawn(process.execPath, [child, bundle, task, String(calls)], {
      env: environment,
      stdio: ['ignore', 'ignore', 'pipe', 'pipe'],
      timeout: 120_000,
    });
    let report = '';
    let complaint = '';
    started.stdio[3]?.on('data', (data: Buffer) => (report += data.toString()));
    started.stderr?.on('data', (data: Buffer) => (complaint += data.toString()));
    started.on('error', reject);
    started.on('exit', () => (exitedAt = performance.now()));
    let exitedAt = before;
    started.on('close', (code) =>
      code === 0
        ? resolve({ milliseconds: exitedAt - before, report })
        : reject(new Error(`${bundle}: ${complaint || `exit code ${code}`}`)),
    );
  });

/**
 * From the start of a process to the end of its first call: milliseconds on the clock, and of the
 * processor.
 */
export const coldStart = async (
  bundle: string,
  environment: Readonly<Record<string, string>>,
): Promise<{ readonly milliseconds: number; readonly cpuMilliseconds: number }> => {
  const { milliseconds, report } = await run({ bundle, task: 'cold', environment });
  return { milliseconds, ...JSON.parse(report) };
};

/** The first call of an instance that a schedule keeps warm: without its start. */
export const firstCallOfKept = async (
  bundle: string,
  environment: Readonly<Record<string, string>>,
): Promise<{ readonly milliseconds: number; readonly cpuMilliseconds: number }> =>
  JSON.parse((await run({ bundle, task: 'kept', environment })).report);

interface WarmCalls {
  /** CPU microseconds of each call. */
  readonly costs: readonly number[];
  /** Milliseconds on the clock of each. */
  readonly waits: readonly number[];
  /** The most memory that the process had. */
  readonly peakKilobytes: number;
}

/** What warm calls cost, after the process has warmed up. */
export const warmCalls = async (
  bundle: string,
  calls: number,
  environment: Readonly<Record<string, string>>,
): Promise<WarmCalls> =>
  JSON.parse((await run({ bundle, task: 'warm', calls, environment })).report);

export const quantile = (values: readonly number[], share: number): number => {
  const ordered = [...values].sort((one, two) => one - two);
  return ordered[Math.min(ordered.length - 1, Math.floor(ordered.length * share))] ?? Number.NaN;
};
