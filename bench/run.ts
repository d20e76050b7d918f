import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { chart } from './chart.ts';
import { billedDurations } from './measure/billed.ts';
import {
  type Bundle,
  oneFunctionBundle,
  ownBundles,
  peerBundle,
  peers,
} from './measure/bundles.ts';
import { eventOf } from './measure/events.ts';
import { type FirstCall, firstCall } from './measure/first-call.ts';
import { coldStart, quantile, warmCalls } from './measure/process.ts';
import { startServices } from './measure/services.ts';
import { type Row, report } from './report.ts';

/**
 * `npm run bench`: everything in one run, interleaved, so that what the machine does meanwhile
 * happens to all alike.
 */
const rounds = Number(process.env['ROUNDS'] ?? 21);
const calls = Number(process.env['CALLS'] ?? 1500);

const services = await startServices();
const own = ownBundles(3);
const bundles: Bundle[] = [
  ...own.filter(({ name }) => name !== 'audit-trail'),
  ...own
    .filter(({ name }) => name === 'gatehouse')
    .map((bundle) => ({ ...bundle, name: 'gatehouse, table in memory' })),
  ...peers.map((name) => peerBundle(name, 3)),
];
const [many = bundles[0]] = ownBundles(30);
const manyOfSdk = peerBundle('sdk-v2', 30);
const manyByPeer = new Map<string, Bundle>([
  ['gatehouse', many ?? manyOfSdk],
  ['gatehouse, table in memory', many ?? manyOfSdk],
  ['sdk-v2', manyOfSdk],
  ...(['mcp-handler', 'middy-mcp', 'mcp-lite', 'bare', 'bare-with-table'] as const).map(
    (name) => [name, peerBundle(name, 30)] as const,
  ),
]);

// middy-mcp and mcp-lite know no 2026-07-28; what cannot be asked is not measured.
const speaks = (name: string, era: 'modern' | 'legacy') =>
  era === 'legacy' || !['middy-mcp', 'mcp-lite'].includes(name);
const expected = (name: string, text: string) =>
  ['hello', 'authorizer'].includes(name) ? '' : text;
// Ours twice: with the table behind a socket, as deployed, and with a table that answers from
// memory, which shows what is our own.
const inMemory = 'gatehouse, table in memory';
const environment = (
  name: string,
  era: 'modern' | 'legacy',
  method: 'tools/call' | 'tools/list',
  expect: string,
) => ({
  ...services.environment,
  ...(name === inMemory && { BENCH_TABLE: 'memory' }),
  BENCH_EXPECT: expected(name, expect),
  BENCH_EVENTS: JSON.stringify([eventOf({ era, method, token: services.token() })]),
});

const cold = new Map<string, { milliseconds: number; cpuMilliseconds: number }[]>(
  bundles.map(({ name }) => [name, []]),
);
const median = (name: string, of: 'milliseconds' | 'cpuMilliseconds') =>
  quantile(
    (cold.get(name) ?? []).map((start) => start[of]),
    0.5,
  );
const oneFunction = oneFunctionBundle(3);
const fileOf = (name: string) => own.find((bundle) => bundle.name === name)?.file ?? '';
const firstCalls: FirstCall[] = [];
const medianOf = (which: keyof FirstCall) =>
  quantile(
    firstCalls.map((each) => each[which]),
    0.5,
  );
for (let round = 0; round < rounds; round += 1) {
  for (const { name, file } of bundles) {
    const era = speaks(name, 'modern') ? 'modern' : 'legacy';
    cold.get(name)?.push(await coldStart(file, environment(name, era, 'tools/call', 'sum')));
  }
  firstCalls.push(
    await firstCall({
      authorizer: fileOf('authorizer'),
      mcp: fileOf('gatehouse'),
      oneFunction: oneFunction.file,
      environment: services.environment,
      token: services.token(),
    }),
  );
  process.stderr.write(`\rcold start ${round + 1}/${rounds}`);
}
process.stderr.write('\n');

const rows: Row[] = [];
const hello = median('hello', 'milliseconds');
for (const { name, file, kilobytes } of bundles) {
  const measured = async (
    era: 'modern' | 'legacy',
    method: 'tools/call' | 'tools/list',
    bundle: string,
  ) => {
    if (!speaks(name, era) || name === 'hello') return undefined;
    const { costs, peakKilobytes } = await warmCalls(
      bundle,
      calls,
      environment(name, era, method, method === 'tools/call' ? 'sum' : ''),
    );
    return {
      p50: quantile(costs, 0.5),
      p99: quantile(costs, 0.99),
      peakMegabytes: peakKilobytes / 1024,
    };
  };
  const manyTools = manyByPeer.get(name);
  rows.push({
    name,
    kilobytes,
    coldMilliseconds: median(name, 'milliseconds') - hello,
    coldCpuMilliseconds: median(name, 'cpuMilliseconds') - median('hello', 'cpuMilliseconds'),
    modernCall: await measured('modern', 'tools/call', file),
    legacyCall: await measured('legacy', 'tools/call', file),
    list:
      manyTools === undefined || name.startsWith('bare')
        ? undefined
        : await measured(
            speaks(name, 'modern') ? 'modern' : 'legacy',
            'tools/list',
            manyTools.file,
          ),
    manyToolsCall:
      manyTools === undefined
        ? undefined
        : await measured(
            speaks(name, 'modern') ? 'modern' : 'legacy',
            'tools/call',
            manyTools.file,
          ),
  });
  process.stderr.write(`warm ${name}\n`);
}
const billed = await billedDurations({
  bundles: own,
  calls,
  environment: services.environment,
  token: services.token(),
});
await services.stop();

const text = report(rows, {
  rounds,
  calls,
  helloMilliseconds: hello,
  billed,
  firstCall: {
    separate: medianOf('separate'),
    together: medianOf('together'),
    keptWarm: medianOf('keptWarm'),
  },
});
console.log(text);
const tried = readFileSync(join(import.meta.dirname, 'tried.md'), 'utf8');
writeFileSync(join(import.meta.dirname, 'results.md'), `${text}\n\n${tried}`);
writeFileSync(join(import.meta.dirname, 'results.svg'), chart(rows));
