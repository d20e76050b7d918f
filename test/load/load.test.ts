import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { svg } from './chart.ts';
import { percentile, slope } from './figures.ts';
import { type Memory, type Runtime, startRuntime } from './runtime.ts';
import { run } from './sessions.ts';

const folder = join(import.meta.dirname, '..', '..', 'artifacts', 'load');
const megabyte = 1024 * 1024;
/** What one more function instance may take. */
const instanceMegabytes = 30;

/**
 * V8 lets the heap of each instance grow for minutes before it collects; made to collect early,
 * what grows is what is kept.
 */
const eagerCollection = ['--optimize-for-size', '--max-semi-space-size=1'];

/**
 * The local runtime has the deployment's limits, so the load keeps within them: each profile's usage plan
 * allows its share of the calls.
 */
const profiles = [
  'claude',
  'claude',
  'julius',
  'julius',
  'claude',
  'julius',
  'claude',
  'julius',
  'loopback',
  'loopback',
] as const;

const tokensFor = (runtime: Runtime, each: number) =>
  Promise.all(profiles.map(async (profile) => [...(await runtime.tokens(profile, each))]));

const written = (figures: object) => JSON.stringify(figures, undefined, 2);

test('50 sessions at a time for 40 seconds, both eras, mixed calls: no error, and no memory that grows', async () => {
  const runtime = await startRuntime({}, eagerCollection);
  try {
    const [sessions, seconds] = [50, 40];
    const tokens = await tokensFor(runtime, 100);
    // Twice a second each: 100 calls a second in all, of the 120 that the three usage plans let
    // through.
    const samples: Memory[] = [];
    let sampling: NodeJS.Timeout | undefined;
    const {
      latencies,
      errors,
      calls,
      sessions: users,
      ...took
    } = await run({
      sessions,
      seconds,
      tokens,
      port: runtime.port,
      secondsBetweenCalls: 0.5,
      // Function instances come and code gets warm before memory can be flat.
      warmUpSeconds: 30,
      onWarm: () => {
        sampling = setInterval(async () => samples.push(await runtime.memory()), 1000);
      },
    });
    clearInterval(sampling);
    const megabytes = samples.map(({ bytes }) => bytes / megabyte);
    const [first, last] = [samples[0], samples.at(-1)];
    const started = Math.max(0, (last?.threads ?? 0) - (first?.threads ?? 0));
    const figures = {
      sessionsAtATime: sessions,
      sessions: users,
      calls,
      callsPerSecond: Number((calls / took.seconds).toFixed(1)),
      errors: errors.length,
      milliseconds: {
        p50: percentile(latencies, 0.5),
        p90: percentile(latencies, 0.9),
        p99: percentile(latencies, 0.99),
      },
      memory: {
        firstMegabytes: megabytes[0],
        lastMegabytes: megabytes.at(-1),
        megabytesPerSecond: slope(megabytes),
        threads: last?.threads,
        startedThreads: started,
      },
    };
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, 'sustained.json'), written({ ...figures, megabytes }));
    console.log(`Load of ${seconds} s: ${written(figures)}`);
    expect(errors).toEqual([]);
    // A heap breathes. On a computer too busy for this load, instances are still being started,
    // and each takes its share.
    expect(slope(megabytes) * seconds).toBeLessThan(
      0.15 * (megabytes[0] ?? 0) + started * instanceMegabytes,
    );
  } finally {
    await runtime.stop();
  }
});

test('latency against concurrency, each session calling as fast as it is answered', async () => {
  // The operator's own setting lifts the profiles' usage plans out of the way; every other limit
  // stands.
  const throttle = { ratePerSecond: 5000, burst: 5000 };
  const runtime = await startRuntime({
    profiles: [...new Set(profiles)].map((name) => ({ name, throttle })),
  });
  try {
    const rows: { sessions: number; callsPerSecond: number; p50: number; p99: number }[] = [];
    const steps = [1, 2, 5, 10, 20, 35, 50];
    const tokens = await tokensFor(runtime, 150);
    for (const sessions of [10, ...steps]) {
      // The stage lets 500 calls a second through: a fast computer is held to four fifths of
      // that.
      const { latencies, errors, calls, seconds } = await run({
        sessions,
        seconds: 2,
        tokens,
        port: runtime.port,
        secondsBetweenCalls: sessions / 400,
      });
      expect(errors).toEqual([]);
      rows.push({
        sessions,
        callsPerSecond: Math.round(calls / seconds),
        p50: percentile(latencies, 0.5),
        p99: percentile(latencies, 0.99),
      });
    }
    // The first only warmed it up.
    const measured = rows.slice(1);
    const line = (name: string, color: string, y: (row: (typeof rows)[number]) => number) => ({
      name,
      color,
      points: measured.map((row) => ({ x: row.sessions, y: y(row) })),
    });
    mkdirSync(folder, { recursive: true });
    writeFileSync(
      join(folder, 'latency.svg'),
      svg({
        title: 'Local runtime: latency of a call against concurrent sessions',
        x: 'sessions at a time, each calling as fast as it is answered',
        y: 'milliseconds',
        lines: [
          line('median', '#2563eb', ({ p50 }) => p50),
          line('p99', '#dc2626', ({ p99 }) => p99),
        ],
      }),
    );
    writeFileSync(join(folder, 'latency.json'), written(measured));
    console.table(measured);
  } finally {
    await runtime.stop();
  }
});
