import { type Billed, tableMilliseconds } from './measure/billed.ts';
import { type FirstCall, keySetMilliseconds } from './measure/first-call.ts';

export interface Cost {
  readonly p50: number;
  readonly p99: number;
  readonly peakMegabytes: number;
}

export interface Row {
  readonly name: string;
  readonly kilobytes: number;
  /** Median, less the empty handler's. */
  readonly coldMilliseconds: number;
  /** The same of the processor, which a busy machine disturbs less. */
  readonly coldCpuMilliseconds: number;
  readonly modernCall: Cost | undefined;
  readonly legacyCall: Cost | undefined;
  /** tools/list with 30 tools. */
  readonly list: Cost | undefined;
  /** A call where there are ten times the tools. */
  readonly manyToolsCall: Cost | undefined;
}

interface Machine {
  readonly rounds: number;
  readonly calls: number;
  readonly helloMilliseconds: number;
  /** Medians. */
  readonly firstCall: FirstCall;
  readonly billed: readonly Billed[];
}

const number = (value: number | undefined, digits = 0) =>
  value === undefined ? '–' : value.toFixed(digits);
const cost = (measured: Cost | undefined) =>
  measured === undefined ? '–' : `${number(measured.p50)} / ${number(measured.p99)}`;

const call = ({ modernCall, legacyCall }: Row) => modernCall ?? legacyCall;

/** The table, and each target with what came of it. */
export const report = (
  rows: readonly Row[],
  { rounds, calls, helloMilliseconds, firstCall, billed }: Machine,
): string => {
  const row = (name: string) => rows.find((candidate) => candidate.name === name);
  const own = row('gatehouse');
  const inMemory = row('gatehouse, table in memory');
  const bare = row('bare');
  const floor = row('bare-with-table');
  const others = rows.filter(({ name }) =>
    ['sdk-v2', 'mcp-handler', 'middy-mcp', 'mcp-lite'].includes(name),
  );
  const p50 = (of: Row | undefined) => (of === undefined ? undefined : call(of)?.p50);
  const ownCall = p50(own);
  const fastest = Math.min(...others.map((other) => call(other)?.p50 ?? Number.POSITIVE_INFINITY));
  const fastestCold = Math.min(...others.map(({ coldCpuMilliseconds }) => coldCpuMilliseconds));
  const sdkCold = row('sdk-v2')?.coldMilliseconds;
  const ratio = (part: number | undefined, whole: number | undefined) =>
    part === undefined || whole === undefined ? Number.NaN : part / whole;
  const targets: readonly (readonly [
    what: string,
    limit: number,
    measured: number,
    unit: string,
  ])[] = [
    ['warm call, times the bare handler', 3, ratio(ownCall, p50(bare)), 'x'],
    ['the same, with the table in memory', 3, ratio(p50(inMemory), p50(bare)), 'x'],
    ['the same, beside a bare handler that asks the table too', 2, ratio(ownCall, p50(floor)), 'x'],
    ['warm call, times the fastest peer', 0.6, ratio(ownCall, fastest), 'x'],
    ['the same, with the table in memory', 1, ratio(p50(inMemory), fastest), 'x'],
    ['mcp cold start', 90, own?.coldMilliseconds ?? Number.NaN, 'ms'],
    ["mcp cold start, times SDK v2's", 0.5, ratio(own?.coldMilliseconds, sdkCold), 'x'],
    ['authorizer cold start', 45, row('authorizer')?.coldMilliseconds ?? Number.NaN, 'ms'],
    ['mcp bundle', 250, own?.kilobytes ?? Number.NaN, 'KB'],
    [
      "mcp cold start, times the fastest peer's, by CPU",
      1,
      ratio(own?.coldCpuMilliseconds, fastestCold),
      'x',
    ],
    [
      "authorizer cold start, times the fastest peer's, by CPU",
      0.6,
      ratio(row('authorizer')?.coldCpuMilliseconds, fastestCold),
      'x',
    ],
    [
      'first call where a schedule keeps both warm, times two cold starts',
      0.6,
      ratio(firstCall.keptWarm, firstCall.separate),
      'x',
    ],
    [
      'first call with authorizer and mcp as one function, times two functions',
      0.6,
      ratio(firstCall.together, firstCall.separate),
      'x',
    ],
    ['call with ten times the tools', 1.2, ratio(own?.manyToolsCall?.p50, ownCall), 'x'],
  ];
  return [
    `Node ${process.version}, ${rounds} interleaved process starts (median, less the empty handler's ${number(helloMilliseconds)} ms), ${calls} warm calls each, CPU microseconds p50 / p99.`,
    'Gatehouse runs its whole stack: token and claims, headers, validation, the user limit (a signed update of a table over loopback http), error shapes. The others check the token and call the tool. `bare-with-table` is the bare handler with one unsigned request to the same table: what a socket costs in Node.',
    '',
    '| | bundle KB | cold ms | cold CPU ms | tools/call 2026-07-28 | tools/call 2025-06-18 | tools/list of 30 | tools/call of 30 | peak MB |',
    '|---|---|---|---|---|---|---|---|---|',
    ...rows.map(
      (each) =>
        `| ${each.name} | ${number(each.kilobytes, 1)} | ${number(each.coldMilliseconds, 1)} | ${number(each.coldCpuMilliseconds, 1)} | ${cost(each.modernCall)} | ${cost(each.legacyCall)} | ${cost(each.list)} | ${cost(each.manyToolsCall)} | ${number(call(each)?.peakMegabytes)} |`,
    ),
    '',
    `The first call after a pause, with a key set that is ${keySetMilliseconds} ms away: ${number(firstCall.separate)} ms for the authorizer's start and then mcp's, ${number(firstCall.together)} ms for one function that is both, ${number(firstCall.keptWarm)} ms where a schedule keeps an instance of each (policy/keep-warm).`,
    '',
    `Billed for a warm call, with a table ${tableMilliseconds} ms away and each function's share of a core: ${billed.map(({ name, milliseconds }) => `${name} ${Math.ceil(milliseconds)} ms (${milliseconds.toFixed(2)})`).join(', ')}.`,
    '',
    '| target | at most | measured | |',
    '|---|---|---|---|',
    ...targets.map(
      ([what, limit, measured, unit]) =>
        `| ${what} | ${limit} ${unit} | ${measured.toFixed(2)} ${unit} | ${measured <= limit ? 'met' : `missed by ${(measured - limit).toFixed(2)} ${unit}`} |`,
    ),
  ].join('\n');
};
