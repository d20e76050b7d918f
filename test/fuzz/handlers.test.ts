import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { build } from 'esbuild';
import * as z from 'zod';

/**
 * `npm test` takes a sample; .ci/run sets the full number, which keeps one core busy for a minute
 * and a half.
 */
const requests = Number(process.env['GATEHOUSE_FUZZ_REQUESTS'] ?? 5_000);
const seed = 20_261_124;

const report = z.object({
  requests: z.int(),
  seconds: z.number(),
  failures: z.array(z.string()),
  unhandled: z.array(z.string()),
  lines: z.int(),
  brokenLines: z.array(z.string()),
  statuses: z.record(z.string(), z.int()),
  heap: z.array(z.number()),
});

let folder: string;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'gatehouse-fuzz-'));
  await build({
    entryPoints: [join(import.meta.dirname, 'run.ts')],
    outfile: join(folder, 'run.mjs'),
    logLevel: 'error',
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node24',
    banner: {
      js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);",
    },
  });
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('the handlers, all of them in one process', () => {
  it(`answer ${requests} generated requests (GATEHOUSE_FUZZ_REQUESTS; .ci/run sets 100,000) without a fault of ours`, async () => {
    const { stdout } = await promisify(execFile)(
      process.execPath,
      [
        '--expose-gc',
        '--disable-warning=ExperimentalWarning',
        join(folder, 'run.mjs'),
        String(requests),
        String(seed),
      ],
      { maxBuffer: 16 * 1024 * 1024, env: { ...process.env, POWERTOOLS_LOG_LEVEL: 'DEBUG' } },
    );
    const { failures, unhandled, brokenLines, statuses, heap, ...done } = report.parse(
      JSON.parse(stdout),
    );
    expect({ failures, unhandled, brokenLines }).toEqual({
      failures: [],
      unhandled: [],
      brokenLines: [],
    });
    expect(done.requests).toBe(requests);
    // The generator gets past the first checks: served, redirected, refused for the token, the
    // method, the type, the contents.
    for (const status of ['200', '201', '302', '400', '401', '403', '405', '415'])
      expect(statuses).toHaveProperty(status);
    // Every refusal is a line.
    expect(done.lines).toBeGreaterThan(requests / 2);
    // After the first batch everything that is kept for good is there.
    const [settled = 0] = heap;
    expect(Math.max(...heap)).toBeLessThan(settled * 1.2 + 8);
  });
});
