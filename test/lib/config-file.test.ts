import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chooseConfiguration, defineConfig } from '../../lib/config-file.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'gatehouse-config-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const write = (text: string) => writeFileSync(join(folder, 'gatehouse.config.js'), text);
const stages = (value: unknown) => write(`export default { stages: ${JSON.stringify(value)} };`);

const choose = (more: { stage?: string; context?: unknown; isLocal?: boolean } = {}) =>
  chooseConfiguration({ folder, stage: undefined, context: undefined, isLocal: false, ...more });

const dev = { environment: 'development', urlMode: 'stage' };
const prod = { alarmEmail: 'ops@example.com' };

describe('gatehouse.config.ts', () => {
  test('names its stages: -c stage chooses one, else prod, else the only one', async () => {
    stages({ dev, prod });
    expect(await choose({ stage: 'dev' })).toMatchObject({ stage: 'dev', ...dev });
    expect(await choose()).toMatchObject({ stage: 'prod', ...prod });
    stages({ test: dev });
    // A module is imported once a process, so another file stands for the next version.
    rmSync(join(folder, 'gatehouse.config.js'));
    writeFileSync(
      join(folder, 'gatehouse.config.mts'),
      `export default { stages: { test: { urlMode: 'stage' } } };`,
    );
    expect(await choose()).toMatchObject({ stage: 'test', urlMode: 'stage' });
  });

  test('without it the context key is the configuration, and -c stage is refused', async () => {
    expect(await choose({ context: { stage: 'old' } })).toMatchObject({ stage: 'old' });
    await expect(choose({ stage: 'dev' })).rejects.toThrow(/no such file/);
  });

  test('and the context key are refused together, but for the local runtime', async () => {
    stages({ prod });
    await expect(choose({ context: { urlMode: 'stage' } })).rejects.toThrow(
      /take the context key "gatehouse" out/,
    );
    expect(await choose({ context: { stage: 'local' }, isLocal: true })).toMatchObject({
      stage: 'local',
      ...prod,
    });
  });

  test.each([
    ['a stage that is not there', { prod }, 'prd', /has no stage "prd": name one of prod/],
    ['a stage whose name is mistyped', { dev, staging: prod }, 'stagin', /as in -c stage=staging$/],
    ['none of several', { dev, test: dev }, undefined, /has several stages: name one of dev, test/],
    [
      'a key that is not known',
      { prod: { domian: {} } },
      undefined,
      /stage "prod"[\s\S]*has no key domian \(is it "domain"\?\)/,
    ],
    ['a stage that renames itself', { prod: { stage: 'x' } }, undefined, /key "stage"/],
    ['no stage at all', {}, undefined, /names no stage/],
  ])('refuses %s', async (_, value, stage, message) => {
    stages(value);
    await expect(choose(stage === undefined ? {} : { stage })).rejects.toThrow(message);
  });

  test.each([
    'gatehouse.config.json',
    'gatehouse.config.cjs',
    'gatehouse.config.mjs',
    'gatehouse.config.yaml',
  ])(
    'under a name that nothing reads is refused: the defaults would be deployed (%s)',
    async (name) => {
      writeFileSync(join(folder, name), '{}');
      await expect(choose()).rejects.toThrow(
        `${name} is read by nothing: name it gatehouse.config.ts`,
      );
    },
  );

  test('is one: with two nobody knows which is deployed', async () => {
    stages({ prod });
    writeFileSync(join(folder, 'gatehouse.config.ts'), 'export default { stages: { prod: {} } };');
    await expect(choose()).rejects.toThrow(/\.ts and gatehouse\.config\.js are both there/);
  });

  test.each([5, true, ['dev'], null])('has stages with names: %j is none', async (stage) => {
    stages({ dev, prod });
    await expect(
      chooseConfiguration({ folder, stage, context: undefined, isLocal: false }),
    ).rejects.toThrow('it is the name of a stage, a text');
  });

  test.each([
    ['export const config = { stages: { prod: {} } };', /there is no default export/],
    [
      'export default { stages: { prod: {} }, stagess: {} };',
      /the key stagess; "stages" is its only one/,
    ],
    ['export default 1;', /is no object/],
  ])('says what is missing from %s', async (text, message) => {
    write(text);
    await expect(choose()).rejects.toThrow(message);
  });

  test('that does not load, or exports something else, is refused by its name', async () => {
    write('export default 1;');
    await expect(choose()).rejects.toThrow(/gatehouse\.config\.js has to export default/);
    rmSync(join(folder, 'gatehouse.config.js'));
    writeFileSync(join(folder, 'gatehouse.config.mts'), 'export default {');
    await expect(choose()).rejects.toThrow(/gatehouse\.config\.mts cannot be read/);
  });

  test('is typed by defineConfig, which changes nothing', () => {
    const config = { stages: { prod } };
    expect(defineConfig(config)).toBe(config);
  });
});
