import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { rotateOriginSecret } from '../../../bin/origin-secret/command.ts';

const script = join(import.meta.dirname, '..', '..', '..', 'bin', 'command.ts');

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'gatehouse-rotate-'));
});
afterEach(() => {
  process.chdir(tmpdir());
  rmSync(folder, { recursive: true, force: true });
});

const write = (gatehouse?: object) =>
  writeFileSync(
    join(folder, 'cdk.json'),
    JSON.stringify({
      app: 'node bin/gatehouse.ts',
      context: { flag: true, ...(gatehouse && { gatehouse }) },
    }),
  );
const read = () => JSON.parse(readFileSync(join(folder, 'cdk.json'), 'utf8'));
/** The command as an operator has it, with the program around it. */
const rotateAlone = (...args: readonly string[]) => {
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

/** The same in this process, which has loaded the CDK already. */
const rotate = async (...args: readonly string[]) => {
  // A process imports a file once; under a new name the folder's are read as they are now.
  const moved = mkdtempSync(join(tmpdir(), 'gatehouse-rotate-'));
  renameSync(folder, moved);
  folder = moved;
  process.chdir(folder);
  const printed: string[] = [];
  const log = jest.spyOn(console, 'log').mockImplementation((line) => void printed.push(line));
  try {
    await rotateOriginSecret.parseAsync(args, { from: 'user' });
    return { status: 0, output: printed.join('\n') };
  } catch (error) {
    return { status: 1, output: error instanceof Error ? error.message : String(error) };
  } finally {
    log.mockRestore();
  }
};

test('two steps replace the secret, and leave everything else of cdk.json alone', async () => {
  write({ alarmEmail: 'ops@example.com' });
  expect(await rotate()).toMatchObject({
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
  expect(await rotate()).toMatchObject({
    status: 0,
    output: expect.stringContaining('Step 2 of 2: version 1 is refused'),
  });
  expect(read().context.gatehouse.originSecret).toEqual({ current: 2 });
});

test('an empty configuration has a secret to replace', async () => {
  write();
  await rotate();
  expect(read().context.gatehouse).toEqual({ originSecret: { current: 2, previous: 1 } });
});

test('a mode without a distribution is told so, and nothing is written', () => {
  write({ urlMode: 'stage' });
  expect(rotateAlone()).toEqual({
    status: 1,
    output: 'cdk.json deploys the URL mode "stage", which has no origin secret.',
  });
  expect(read().context.gatehouse).toEqual({ urlMode: 'stage' });
});

test('an app of its own is told what to give to the construct', async () => {
  const text = JSON.stringify({ app: 'node app.ts', context: { flag: true } });
  writeFileSync(join(folder, 'cdk.json'), text);
  expect(await rotate()).toMatchObject({
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
  ])('two steps change nothing else: %s', async (_, before, first, second) => {
    configFile(before);
    expect(await rotate()).toMatchObject({
      status: 0,
      output: expect.stringMatching(
        /^Step 1 of 2: .*\(written to gatehouse\.config\.ts, stage "prod"\)$/,
      ),
    });
    expect(config()).toBe(first);
    expect((await rotate('--stage', 'prod', '--json')).output).toMatch(
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
  ])('it says what is wrong and writes nothing: %s', async (_, text, args, message) => {
    configFile(text);
    expect(await rotate(...args)).toEqual({ status: 1, output: expect.stringContaining(message) });
    expect(config()).toBe(text);
    expect(readdirSync(folder).sort()).toEqual(['cdk.json', 'gatehouse.config.ts']);
  });

  test('it says where a file does not run, and writes nothing', () => {
    configFile('export default {');
    expect(rotateAlone()).toEqual({
      status: 1,
      output: expect.stringContaining('gatehouse.config.ts:1 cannot be read'),
    });
    expect(config()).toBe('export default {');
    expect(readdirSync(folder).sort()).toEqual(['cdk.json', 'gatehouse.config.ts']);
  });
});

test('a stage without a configuration file is refused', async () => {
  write();
  expect(await rotate('--stage', 'prod')).toMatchObject({ status: 1 });
  expect(read().context).toEqual({ flag: true });
});

test.each(['--help', '-h'])('explains itself by %s, and changes nothing', (option) => {
  write();
  expect(rotateAlone(option)).toMatchObject({
    status: 0,
    output: expect.stringContaining('npx gatehouse rotate-origin-secret'),
  });
  expect(read().context).toEqual({ flag: true });
});

test('an option that is not there is refused, and changes nothing', () => {
  write();
  expect(rotateAlone('--forse')).toMatchObject({ status: 1 });
  expect(read().context).toEqual({ flag: true });
});
