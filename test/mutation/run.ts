import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { killedPercent, resultOf } from './report.ts';
import { leastKilledPercent, type MutatedRoom, mutatedRooms } from './rooms.ts';

// `npm run mutation [-- room or file …]`: changes the program one place at a time (Stryker) and runs the
// room's unit tests on each change. The reports stay in artifacts/mutation.
const root = join(import.meta.dirname, '../..');
const folder = join(root, 'artifacts/mutation');

const settingsOf = (name: string, { mutate, tests }: MutatedRoom) => ({
  mutate,
  testRunner: 'in-process',
  plugins: [join(import.meta.dirname, 'runner.ts')],
  coverageAnalysis: 'perTest',
  inProcess: { tests },
  testRunnerNodeArgs: ['--disable-warning=ExperimentalWarning'],
  concurrency: 1,
  // A bound on hanging: shared machines are slow at times.
  timeoutMS: 300_000,
  reporters: ['json', 'html', 'progress-append-only'],
  jsonReporter: { fileName: join(folder, `${name}.json`) },
  htmlReporter: { fileName: join(folder, `${name}.html`) },
  tempDirName: 'artifacts/stryker',
  ignorePatterns: ['bench', 'docs', 'dist', 'cdk.out*', '.local', 'test/mutation', 'test/e2e'],
  // Stryker rewrites a tsconfig by an API that TypeScript 7 does not have; esbuild reads none.
  tsconfigFile: 'no-tsconfig.json',
  disableTypeChecks: false,
  allowConsoleColors: false,
  checkers: [],
});

const run = (name: string, room: MutatedRoom): boolean => {
  mkdirSync(folder, { recursive: true });
  const settings = join(folder, `${name}.settings.json`);
  writeFileSync(settings, JSON.stringify(settingsOf(name, room)));
  const stryker = join(import.meta.dirname, 'node_modules/@stryker-mutator/core/bin/stryker.js');
  const { status } = spawnSync(process.execPath, [stryker, 'run', settings], {
    cwd: root,
    stdio: 'inherit',
  });
  if (status !== 0) {
    console.error(`${name}: Stryker ended with ${status}.`);
    return false;
  }
  const result = resultOf(JSON.parse(readFileSync(join(folder, `${name}.json`), 'utf8')));
  for (const { file, lineNumber, line, mutator, replacement } of result.survivors)
    console.log(`${file}:${lineNumber} ${mutator} survives\n  ${line}\n  -> ${replacement}`);
  const percent = killedPercent(result);
  console.log(
    `${name}: ${result.killed} killed, ${result.survivors.length} survive, ${result.accepted} survive with a reason: ${percent.toFixed(1)} %`,
  );
  return percent >= leastKilledPercent;
};

/** What an argument names: a room, or one file of a room. */
const roomOf = (argument: string): readonly [name: string, room: MutatedRoom] | undefined => {
  const [, folderName = ''] = argument.split('/');
  const whole = mutatedRooms[argument];
  if (whole) return [argument, whole];
  const room = argument.startsWith('lambdas/') ? mutatedRooms[folderName] : undefined;
  return room && [argument.replaceAll('/', '-'), { mutate: [argument], tests: room.tests }];
};

const names = process.argv.length > 2 ? process.argv.slice(2) : Object.keys(mutatedRooms);
const unknown = names.filter((name) => !roomOf(name));
if (unknown.length > 0) {
  const known = Object.keys(mutatedRooms).join(', ');
  console.error(`Unknown: ${unknown.join(', ')}. Rooms, or files of them: ${known}`);
  process.exit(1);
}
const rooms = names.map(roomOf).filter((room) => room !== undefined);
const results = rooms.map(([name, room]) => run(name, room));
process.exitCode = results.every(Boolean) ? 0 : 1;
