import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startGatehouse } from '../../local/runtime.ts';
import { startInjectingProxy } from './injecting-proxy.ts';

const root = join(import.meta.dirname, '..', '..');

/** Enough users and addresses that none meets a limit: the suite sends some 300 requests a minute. */
const callers = 60;

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

const execute = (command: readonly string[], environment: Readonly<Record<string, string>>): Promise<{ code: number; output: string }> =>
  new Promise((resolve, reject) => {
    const child = spawn(process.execPath, command, {
      cwd: root,
      env: { ...process.env, ...environment },
      stdio: ['ignore', 'pipe', 'pipe'],
      timeout: 300_000,
    });
    let output = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (data: Buffer) => (output += data.toString()));
    child.on('error', reject);
    child.on('close', (code) => resolve({ code: code ?? 1, output }));
  });

/** The stack with the suite's fixtures for tools, synthesized for the laptop (see local/template/port.ts for the port). */
const synthesize = async (folder: string): Promise<void> => {
  const { context = {} } = JSON.parse(readFileSync(join(root, 'cdk.json'), 'utf8'));
  const gatehouse = { stage: 'local', environment: 'development', urlMode: 'domain', localPort: 65_535 };
  const { code, output } = await execute([join(import.meta.dirname, 'app.ts')], {
    CDK_OUTDIR: folder,
    CDK_CONTEXT_JSON: JSON.stringify({ ...context, gatehouse }),
    NODE_OPTIONS: '',
  });
  if (code !== 0) throw new Error(`The stack with the fixtures does not synthesize:\n${output}`);
};

/** Plays the deployed bundles, authorizer and all, and lets the suite of each revision judge them. */
export const judge = async (revisions: readonly string[]): Promise<readonly Run[]> => {
  const folder = mkdtempSync(join(tmpdir(), 'conformance-'));
  let turn = 0;
  let target = { port: 0, tokens: [''] };
  const proxy = await startInjectingProxy(() => {
    turn += 1;
    const { port, tokens } = target;
    return { port, token: tokens[turn % tokens.length] ?? '', localAddress: `127.0.0.${2 + (turn % callers)}` };
  });
  try {
    await synthesize(join(folder, 'assembly'));
    const gatehouse = await startGatehouse({ assembly: join(folder, 'assembly') });
    try {
      const mint = () => gatehouse.cognito.mint({ resource: gatehouse.mcpUrl, claims: { sub: randomUUID() } });
      target = { port: gatehouse.port, tokens: await Promise.all(Array.from({ length: callers }, mint)) };
      const runs: Run[] = [];
      for (const revision of revisions) runs.push(await runSuite(revision, `http://localhost:${proxy.port}/mcp`, join(folder, revision)));
      return runs;
    } finally {
      await gatehouse.stop();
    }
  } finally {
    await proxy.stop();
    rmSync(folder, { recursive: true, force: true });
  }
};

const runSuite = async (revision: string, url: string, results: string): Promise<Run> => {
  const { code, output } = await execute(
    [
      join(root, 'node_modules', '@modelcontextprotocol', 'conformance', 'dist', 'index.js'),
      ...['server', '--url', url, '--requirements', revision, '--output-dir', results],
      ...['--expected-failures', join(import.meta.dirname, `expected-failures-${revision}.yaml`)],
    ],
    {},
  );
  return { revision, checks: checksIn(results), passed: code === 0, output };
};

const checksIn = (results: string): Check[] =>
  readdirSync(results, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .flatMap(({ name }) => {
      const scenario = name.replace(/^server-/, '').replace(/-\d{4}-\d\d-\d\dT.*$/, '');
      const checks: { id: string; status: string; errorMessage?: string }[] = JSON.parse(
        readFileSync(join(results, name, 'checks.json'), 'utf8'),
      );
      return checks.map(({ id, status, errorMessage = '' }) => ({ scenario, id, status, reason: errorMessage }));
    });
