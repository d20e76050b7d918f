import { spawn } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

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
  /** The suite's own verdict: everything that is scored passes, but for what is expected to fail. */
  readonly passed: boolean;
  readonly output: string;
}

export const suitePath = join(root, 'node_modules', '@modelcontextprotocol', 'conformance', 'dist', 'index.js');

/** One list for the revisions of a year: those of 2025 ask for the same, the later ones for more. */
export const expectedFailuresOf = (revision: string): string => join(import.meta.dirname, `expected-failures-${revision.slice(0, 4)}.yaml`);

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

export const checksIn = (results: string): Check[] =>
  readdirSync(results, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .flatMap(({ name }) => {
      const scenario = name.replace(/^(server|authorization-server)-/, '').replace(/-\d{4}-\d\d-\d\dT.*$/, '');
      const checks: { id: string; status: string; errorMessage?: string }[] = JSON.parse(
        readFileSync(join(results, name, 'checks.json'), 'utf8'),
      );
      return checks.map(({ id, status, errorMessage = '' }) => ({ scenario, id, status, reason: errorMessage }));
    });
