import { spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';
import type { Command } from 'commander';
import { program } from '../../bin/program.ts';
import { temporaryFolder } from '../temporary-folder.ts';

const script = join(import.meta.dirname, '..', '..', 'bin', 'command.ts');

/** Longer than a command may be silent. */
const slowMilliseconds = 1500;

/** Every command that does something, by what is typed: `user group add`. */
const commandsOf = (command: Command, words: readonly string[] = []): [string[], Command][] =>
  command.commands.flatMap((each) => {
    const typed = [...words, each.name()];
    return each.commands.length === 0 ? [[typed, each]] : commandsOf(each, typed);
  });

/** `start` shows each step itself: test/local/start.slow.test.ts. */
const commands = commandsOf(program).filter(([[name]]) => name !== 'start');

/** These ask nobody and build nothing: they read and write files of the app's folder. */
const instant = ['new-tool', 'import', 'rotate-origin-secret'];

// AWS and an app that both take their time, and then fail.
const server = createServer((_, response) => {
  const fail = () => {
    response.statusCode = 500;
    response.end('{}');
  };
  setTimeout(fail, slowMilliseconds);
});
let url = '';
let folder = '';
beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  url = `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`;
  folder = temporaryFolder();
  const app = `node -e "setTimeout(() => process.exit(1), ${slowMilliseconds})"`;
  writeFileSync(join(folder, 'cdk.json'), JSON.stringify({ app }));
});
afterAll(() => new Promise((resolve) => server.close(resolve)));

interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

const run = (args: readonly string[]): Promise<Ended> =>
  new Promise((resolve) => {
    const child = spawn(process.execPath, [script, ...args], {
      cwd: folder,
      stdio: ['ignore', 'pipe', 'pipe'],
      env: {
        PATH: process.env['PATH'],
        TMPDIR: process.env['TMPDIR'],
        AWS_ACCESS_KEY_ID: 'test',
        AWS_SECRET_ACCESS_KEY: 'test',
        AWS_EC2_METADATA_DISABLED: 'true',
        AWS_ENDPOINT_URL: url,
      },
    });
    let stdout = '';
    let stderr = '';
    child.stdout.on('data', (data) => (stdout += data));
    child.stderr.on('data', (data) => (stderr += data));
    child.on('close', (code) => resolve({ code, stdout, stderr }));
  });

const has = ({ options }: Command, option: string): boolean =>
  options.some(({ long }) => long === option);

/** As somebody types it who means a stack. */
const typed = (words: readonly string[], command: Command): readonly string[] => [
  ...words,
  ...command.registeredArguments
    .filter(({ required }) => required)
    .map((argument) => (argument.name() === 'email' ? 'ada@example.com' : 'x')),
  ...(has(command, '--stack') ? ['--stack', 'Gatehouse-prod'] : []),
  ...(has(command, '--region') ? ['--region', 'eu-west-1'] : []),
  ...(has(command, '--yes') ? ['--yes'] : []),
  '--json',
];

const withoutYes = (words: readonly string[], command: Command): readonly string[] => [
  ...typed(words, command).filter((each) => each !== '--yes'),
  ...(has(command, '--end-previous') ? ['--end-previous'] : []),
];

const asking = commands.filter(([, command]) => has(command, '--yes'));

/** What has been begun, by what was typed: each test waits for its own. */
const runs = new Map<string, Promise<Ended>>();

/** All of them wait for the same slow server, and so some at a time. */
const atATime = 6;
beforeAll(() => {
  const waiting = [
    ...commands.map(([words, command]) => typed(words, command)),
    ...asking.map(([words, command]) => withoutYes(words, command)),
  ];
  const lanes = Array.from({ length: atATime }, () => Promise.resolve());
  for (const [index, args] of waiting.entries()) {
    const lane = index % atATime;
    const ended = (lanes[lane] ?? Promise.resolve()).then(() => run(args));
    lanes[lane] = ended.then(() => undefined);
    runs.set(args.join(' '), ended);
  }
});

const ended = (args: readonly string[]): Promise<Ended> => {
  const found = runs.get(args.join(' '));
  if (found === undefined) throw new Error(`Nobody typed ${args.join(' ')}`);
  return found;
};

test.each(commands)('%j says what it waits for, and fails in one line', async (words, command) => {
  const { code, stdout, stderr } = await ended(typed(words, command));
  const lines = stderr.trim().split('\n');
  const steps = lines.filter((line) => line.endsWith(' …'));
  expect({ code, stdout, isSilent: steps.length === 0 }).toEqual({
    code: 1,
    stdout: '',
    isSilent: instant.includes(words.join(' ')),
  });
  const failures = lines.filter((line) => !line.endsWith(' …'));
  expect(failures).toEqual([expect.stringMatching(/\S/)]);
  expect(stderr).not.toMatch(/^\s+at /m);
});

test.each(asking)(
  '%j asks first, and without somebody to ask does nothing',
  async (words, command) => {
    const { code, stderr } = await ended(withoutYes(words, command));
    expect({ code, stderr }).toEqual({
      code: 1,
      stderr: expect.stringMatching(/^.+ Say so with --yes\.\n$/),
    });
  },
);
