import { spawn } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod';

export const root = join(import.meta.dirname, '..', '..');

/** One check of one scenario, as the suite writes it. */
export interface Check {
  readonly scenario: string;
  readonly id: string;
  readonly status: string;
  readonly reason: string;
}

export interface Run {
  readonly revision: string;
  readonly checks: readonly Check[];
  /**
   * The suite's own verdict: everything that is scored passes, but for what is expected to fail.
   */
  readonly passed: boolean;
  readonly output: string;
}

export const suitePath = join(
  root,
  'node_modules',
  '@modelcontextprotocol',
  'conformance',
  'dist',
  'index.js',
);

/**
 * One list for the revisions of a year: those of 2025 ask for the same, the later ones for more.
 */
export const expectedFailuresOf = (revision: string): string =>
  join(import.meta.dirname, `expected-failures-${revision.slice(0, 4)}.yaml`);

export const execute = (
  command: readonly string[],
  environment: Readonly<Record<string, string>>,
  onOutput: (text: string) => void = () => {},
): Promise<{ code: number; output: string }> =>
  new Promise((resolve, reject) => {
    const child = spawn(process.execPath, command, {
      cwd: root,
      env: { ...process.env, ...environment },
      stdio: ['ignore', 'pipe', 'pipe'],
      timeout: 300_000,
    });
    let output = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream.on('data', (data: Buffer) => {
        output += data.toString();
        onOutput(output);
      });
    }
    child.on('error', reject);
    child.on('close', (code) => resolve({ code: code ?? 1, output }));
  });

const suiteCheck = z.object({
  id: z.string(),
  status: z.string(),
  errorMessage: z.optional(z.string()),
});

/** A scenario that the suite began and left without a result counts as failed, by its name. */
const missingResult = (scenario: string, reason: string): Check => ({
  scenario,
  id: 'result',
  status: 'FAILURE',
  reason,
});

const checksOf = (scenario: string, file: string): Check[] => {
  if (!existsSync(file)) return [missingResult(scenario, 'the suite wrote no checks.json')];
  try {
    return z
      .array(suiteCheck)
      .parse(JSON.parse(readFileSync(file, 'utf8')))
      .map(({ id, status, errorMessage = '' }) => ({ scenario, id, status, reason: errorMessage }));
  } catch (error) {
    return [missingResult(scenario, `checks.json cannot be read: ${String(error)}`)];
  }
};

/** Every check of every scenario in the suite's folder of results. */
export const checksIn = (results: string): Check[] => {
  if (!existsSync(results)) return [missingResult('suite', 'the suite wrote no results')];
  return readdirSync(results, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .flatMap(({ name }) => {
      const scenario = name
        .replace(/^(server|authorization-server)-/, '')
        .replace(/-\d{4}-\d\d-\d\dT.*$/, '');
      return checksOf(scenario, join(results, name, 'checks.json'));
    });
};

/** Whether the suite gave a verdict for everything that it began. */
export const isComplete = (checks: readonly Check[]): boolean =>
  checks.length > 0 && !checks.some(({ id, status }) => id === 'result' && status === 'FAILURE');
