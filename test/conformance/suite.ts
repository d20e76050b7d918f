import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startGatehouse } from '../../local/runtime.ts';
import { localContext, readCdkApp } from '../../local/synthesis/cdk-app.ts';
import { runApp } from '../../local/synthesis/run-app.ts';
import { judgeAuthorization } from './authorization.ts';
import {
  checksIn,
  execute,
  expectedFailuresOf,
  isComplete,
  type Run,
  root,
  suitePath,
} from './execute.ts';
import { startInjectingProxy } from './injecting-proxy.ts';

/**
 * Enough users and addresses that none meets a limit: the suite sends some 300 requests a minute.
 */
const callers = 60;

/**
 * The revisions whose requirements the suite has frozen. The others are judged by the scenarios of
 * the oldest that it has some for.
 */
const frozen: readonly string[] = ['2025-11-25', '2026-07-28'];
const oldest = '2025-06-18';

/** The stack with the suite's fixtures for tools, synthesized for the local runtime. */
const synthesize = async (folder: string): Promise<void> => {
  const { context } = readCdkApp(root);
  const commands = [`node "${join(import.meta.dirname, 'app.ts')}"`];
  await runApp({ folder: root, commands, context }, folder, {
    ...context,
    ...localContext('domain'),
  });
};

/**
 * Emulates the deployed bundles, authorizer and all, and lets the suite of each revision judge them.
 */
export const judge = async (revisions: readonly string[]): Promise<readonly Run[]> => {
  const folder = mkdtempSync(join(tmpdir(), 'conformance-'));
  let queue = 0;
  let target = { port: 0, tokens: [''] };
  let revision: string | undefined;
  const proxy = await startInjectingProxy(() => {
    queue += 1;
    const { port, tokens } = target;
    return {
      port,
      token: tokens[queue % tokens.length] ?? '',
      localAddress: `127.0.0.${2 + (queue % callers)}`,
      revision,
    };
  });
  try {
    await synthesize(join(folder, 'assembly'));
    const password = randomUUID();
    const gatehouse = await startGatehouse({ assembly: join(folder, 'assembly'), password });
    try {
      const mint = () =>
        gatehouse.cognito.mint({ resource: gatehouse.mcpUrl, claims: { sub: randomUUID() } });
      target = {
        port: gatehouse.port,
        tokens: await Promise.all(Array.from({ length: callers }, mint)),
      };
      const runs: Run[] = [];
      for (const judged of revisions) {
        revision = frozen.includes(judged) ? undefined : judged;
        runs.push(
          await runSuite(judged, `http://localhost:${proxy.port}/mcp`, join(folder, judged)),
        );
      }
      runs.push(await judgeAuthorization(gatehouse, password, folder));
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
  const scenarios = frozen.includes(revision)
    ? ['--requirements', revision]
    : ['--spec-version', oldest];
  const { code, output } = await execute(
    [
      suitePath,
      ...['server', '--url', url, ...scenarios, '--output-dir', results],
      ...['--expected-failures', expectedFailuresOf(revision)],
    ],
    {},
  );
  const checks = checksIn(results);
  return { revision, checks, passed: code === 0 && isComplete(checks), output };
};
