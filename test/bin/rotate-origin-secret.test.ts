import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const script = join(import.meta.dirname, '..', '..', 'bin', 'command.ts');

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
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [script, 'rotate-origin-secret', ...args],
    {
      cwd: folder,
      encoding: 'utf8',
    },
  );
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

test('an app of its own is told what to give to the construct', () => {
  const text = JSON.stringify({ app: 'node app.ts', context: { flag: true } });
  writeFileSync(join(folder, 'cdk.json'), text);
  expect(rotate()).toMatchObject({
    status: 1,
    output: expect.stringContaining('give the construct originSecret'),
  });
  expect(readFileSync(join(folder, 'cdk.json'), 'utf8')).toBe(text);
});

test('a configuration file is told what to write, and cdk.json stays as it is', () => {
  write();
  writeFileSync(join(folder, 'gatehouse.config.ts'), 'export default { stages: { prod: {} } };');
  expect(rotate()).toMatchObject({
    status: 1,
    output: expect.stringContaining('originSecret: { current: 2, previous: 1 }'),
  });
  expect(read().context).toEqual({ flag: true });
});

test.each(['--help', '-h'])('explains itself by %s, and changes nothing', (option) => {
  write();
  expect(rotate(option)).toMatchObject({
    status: 0,
    output: expect.stringContaining('npx gatehouse rotate-origin-secret'),
  });
  expect(read().context).toEqual({ flag: true });
});

test('an option that is not there is refused, and changes nothing', () => {
  write();
  expect(rotate('--forse')).toMatchObject({ status: 1 });
  expect(read().context).toEqual({ flag: true });
});
