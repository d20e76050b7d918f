import { spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod';
import { temporaryFolder } from '../temporary-folder.ts';

/** By Node itself: Jest imports files in a way of its own, and says other things of their faults. */

const root = join(import.meta.dirname, '../..');
const file = 'gatehouse.config.ts';
const stage = (body: string) => `export default {\n  stages: { prod: {\n${body}\n} },\n};\n`;

const faults: readonly (readonly [what: string, text: string, said: string | RegExp])[] = [
  [
    'a syntax error',
    'const a = 1;\nexport default {{',
    /^gatehouse\.config\.ts:2 cannot be read: \S/,
  ],
  [
    'syntax that Node cannot strip',
    'enum A { B }\nexport default {};',
    /:1 cannot be read: \S.* enum/,
  ],
  ['a package that is missing', "import 'not-installed';", /Cannot find package 'not-installed'/],
  ['a file that is missing', "import './absent.ts';", /Cannot find module '.*absent\.ts'/],
  ['an export that is missing', "import { no } from 'node:fs';", /:1 cannot be read: .*'no'/],
  ['a throw', "\nthrow new Error('no DOMAIN set');", `${file}:2 cannot be read: no DOMAIN set`],
  [
    'a throw of several lines',
    "throw new Error('first\\nsecond');",
    `${file}:1 cannot be read: first`,
  ],
  ['a throw of text', "throw 'no DOMAIN set';", `${file} cannot be read: no DOMAIN set`],
  ['a throw of nothing', 'throw undefined;', `${file} cannot be read: undefined`],
  ['an error without words', 'throw new TypeError();', `${file}:1 cannot be read: TypeError`],
  [
    'a function',
    "const f = () => {\n  throw new Error('f');\n};\nf();",
    `${file}:2 cannot be read: f`,
  ],
  [
    'a getter of the file',
    "export default { get stages() { throw new Error('g'); } };",
    `${file}:1 cannot be read: g`,
  ],
  [
    'a getter of a stage',
    stage("get alarmEmail() { throw new Error('g'); },"),
    `${file}:3 cannot be read: g`,
  ],
  [
    'a getter deep in a stage',
    stage("domain: { get name() { throw new Error('g'); } },"),
    `${file}:3 cannot be read: g`,
  ],
  [
    'a proxy',
    stage("...new Proxy({}, { ownKeys: () => { throw new Error('p'); } }),"),
    `${file}:3 cannot be read: p`,
  ],
  ['a wait that fails', "await Promise.reject(new Error('w'));", `${file}:1 cannot be read: w`],
  [
    'a promise that nobody waits for',
    `void Promise.reject(new Error('w'));\n${stage('')}`,
    `${file}:1 cannot be read: w`,
  ],
  [
    'a stage that is a promise',
    "export default { stages: { prod: Promise.reject(new Error('s')) } };",
    `${file}:1 cannot be read: s`,
  ],
  ['none', stage(''), 'none'],
];

const folder = temporaryFolder();

const run = (program: string, args: readonly string[], cwd: string) =>
  spawnSync(process.execPath, [join(root, program), ...args], {
    cwd,
    encoding: 'utf8',
    timeout: 240_000,
  });

test('whatever the author of a configuration file throws is one line, with the file and the reason', () => {
  const folders = faults.map(([, text], index) => {
    const its = join(folder, String(index));
    mkdirSync(its);
    writeFileSync(join(its, file), text);
    return its;
  });
  const { stdout, stderr } = run('test/lib/read-config-files.mjs', folders, folder);
  const said = z.array(z.string()).parse(JSON.parse(stdout || JSON.stringify([stderr])));
  for (const [index, [what, , expected]] of faults.entries()) {
    expect([what, said[index]]).toEqual([
      what,
      typeof expected === 'string' ? expected : expect.stringMatching(expected),
    ]);
    expect(said[index]).not.toContain('\n');
  }
});

test('the app of the deployment prints that line, and no stack', () => {
  const its = join(folder, 'app');
  mkdirSync(its);
  writeFileSync(join(its, file), stage("get alarmEmail() { throw new Error('no ALARM_EMAIL'); },"));
  const { status, stderr } = run('bin/gatehouse.ts', [], its);
  expect([status, stderr]).toEqual([
    1,
    `ConfigurationError: ${file}:3 cannot be read: no ALARM_EMAIL\n`,
  ]);
});
