import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const script = join(import.meta.dirname, '..', '..', '..', 'bin', 'command.ts');

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

describe('where gatehouse.config.ts holds the configuration', () => {
  const configFile = (text: string) => {
    write();
    writeFileSync(join(folder, 'gatehouse.config.ts'), text);
  };
  const config = () => readFileSync(join(folder, 'gatehouse.config.ts'), 'utf8');

  test.each([
    [
      'an empty stage',
      'export default { stages: { prod: {} } };',
      'export default { stages: { prod: { originSecret: { current: 2, previous: 1 } } } };',
      'export default { stages: { prod: { originSecret: { current: 2 } } } };',
    ],
    [
      'the chosen one of several stages, with a comment, and keys of other stages left alone',
      `const common = { alarmEmail: 'ops@example.com' };
export default {
  stages: {
    'dev-1': { urlMode: 'stage' },
    // prod: { not this one }
    prod: {
      ...common,
      userLimits: { perMinute: 60 },
    },
  },
};
`,
      `const common = { alarmEmail: 'ops@example.com' };
export default {
  stages: {
    'dev-1': { urlMode: 'stage' },
    // prod: { not this one }
    prod: {
      originSecret: { current: 2, previous: 1 },
      ...common,
      userLimits: { perMinute: 60 },
    },
  },
};
`,
      `const common = { alarmEmail: 'ops@example.com' };
export default {
  stages: {
    'dev-1': { urlMode: 'stage' },
    // prod: { not this one }
    prod: {
      originSecret: { current: 2 },
      ...common,
      userLimits: { perMinute: 60 },
    },
  },
};
`,
    ],
    [
      'a secret of each stage, in quotes and over several lines',
      `export default { stages: {
  "test": { originSecret: { current: 7 } },
  "prod": { originSecret: {
    current: 7, // since May
  } },
} };`,
      `export default { stages: {
  "test": { originSecret: { current: 7 } },
  "prod": { originSecret: { current: 8, previous: 7 } },
} };`,
      `export default { stages: {
  "test": { originSecret: { current: 7 } },
  "prod": { originSecret: { current: 8 } },
} };`,
    ],
  ])('two steps change nothing else: %s', (_, before, first, second) => {
    configFile(before);
    expect(rotate()).toMatchObject({
      status: 0,
      output: expect.stringMatching(
        /^Step 1 of 2: .*\(written to gatehouse\.config\.ts, stage "prod"\)$/,
      ),
    });
    expect(config()).toBe(first);
    expect(rotate('--stage', 'prod', '--json').output).toMatch(
      /^\{"originSecret":\{"current":\d\}/,
    );
    expect(config()).toBe(second);
    expect(read().context).toEqual({ flag: true });
    expect(readdirSync(folder).sort()).toEqual(['cdk.json', 'gatehouse.config.ts']);
  });

  test.each([
    [
      'a secret that is computed',
      `const secret = { current: Number('1') };
export default { stages: { prod: { originSecret: secret } } };`,
      [],
      'only a person can change. Write there: originSecret: { current: 2, previous: 1 }',
    ],
    [
      'a secret that two stages share',
      `const common = { originSecret: { current: 1 } };
export default { stages: { prod: { ...common }, blue: { ...common } } };`,
      [],
      'only a person can change. Write there: originSecret: { current: 2, previous: 1 }',
    ],
    [
      'a stage without one',
      `export default { stages: { prod: { urlMode: 'stage' } } };`,
      [],
      'gatehouse.config.ts, stage "prod", deploys the URL mode "stage", which has no origin secret.',
    ],
    [
      'an unknown stage',
      'export default { stages: { prod: {} } };',
      ['--stage', 'dev'],
      'gatehouse.config.ts has no stage "dev"',
    ],
    ['a file that does not run', 'export default {', [], 'gatehouse.config.ts:1 cannot be read'],
  ])('it says what is wrong and writes nothing: %s', (_, text, args, message) => {
    configFile(text);
    expect(rotate(...args)).toEqual({ status: 1, output: expect.stringContaining(message) });
    expect(config()).toBe(text);
    expect(readdirSync(folder).sort()).toEqual(['cdk.json', 'gatehouse.config.ts']);
  });
});

test('a stage without a configuration file is refused', () => {
  write();
  expect(rotate('--stage', 'prod')).toMatchObject({ status: 1 });
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
