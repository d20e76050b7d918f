import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const script = join(import.meta.dirname, '..', '..', 'bin', 'rotate-origin-secret.ts');

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'gatehouse-rotate-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const write = (gatehouse?: object) =>
  writeFileSync(
    join(folder, 'cdk.json'),
    JSON.stringify({
      app: 'node bin/gatehouse.ts',
      context: { flag: true, ...(gatehouse && { gatehouse }) },
    }),
  );
const read = () => JSON.parse(readFileSync(join(folder, 'cdk.json'), 'utf8'));
const rotate = (...args: readonly string[]) => {
  const { status, stdout, stderr } = spawnSync(process.execPath, [script, ...args], {
    cwd: folder,
    encoding: 'utf8',
  });
  return { status, output: `${stdout}${stderr}`.trim() };
};

test('two steps replace the secret, and leave everything else of cdk.json alone', () => {
  write({ alarmEmail: 'ops@example.com' });
  expect(rotate()).toMatchObject({
    status: 0,
    output: expect.stringContaining('Step 1 of 2: version 2 is sent, version 1 is still taken'),
  });
  expect(read()).toEqual({
    app: 'node bin/gatehouse.ts',
    context: {
      flag: true,
      gatehouse: { alarmEmail: 'ops@example.com', originSecret: { current: 2, previous: 1 } },
    },
  });
  expect(rotate()).toMatchObject({
    status: 0,
    output: expect.stringContaining('Step 2 of 2: version 1 is refused'),
  });
  expect(read().context.gatehouse.originSecret).toEqual({ current: 2 });
});

test('an empty configuration has a secret to replace', () => {
  write();
  rotate();
  expect(read().context.gatehouse).toEqual({ originSecret: { current: 2, previous: 1 } });
});

test('a mode without a distribution is told so, and nothing is written', () => {
  write({ urlMode: 'stage' });
  expect(rotate()).toEqual({
    status: 1,
    output: 'cdk.json deploys the URL mode "stage", which has no origin secret.',
  });
  expect(read().context.gatehouse).toEqual({ urlMode: 'stage' });
});

test('explains itself', () => {
  expect(rotate('--help')).toMatchObject({
    status: 0,
    output: expect.stringContaining('npm run rotate-origin-secret'),
  });
});
