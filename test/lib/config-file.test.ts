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
    await expect(choose()).rejects.toThrow(/gatehouse\.config\.mts:1 cannot be read/);
  });

  const domain = (region: string, zone?: string) => ({
    domain: {
      name: 'mcp.example.com',
      certificateArn: `arn:aws:acm:${region}:111122223333:certificate/1`,
      ...(zone !== undefined && { hostedZone: { id: zone, name: 'example.com' } }),
    },
  });
  const pool = (id: string) => ({
    identity: { userPool: { pool: id, loginUrl: 'https://login.example.com' } },
  });

  test.each([
    [
      'a domain',
      domain('eu-west-1'),
      domain('eu-west-1'),
      'the domain mcp.example.com in eu-west-1',
    ],
    [
      'a domain whose certificate is not known here',
      { domain: { name: 'mcp.example.com' } },
      { domain: { name: 'MCP.example.com' } },
      'the domain mcp.example.com',
    ],
    [
      'the record of a domain in two regions',
      domain('eu-west-1', 'Z1'),
      domain('us-east-1', 'Z1'),
      'the DNS record of mcp.example.com in the zone Z1',
    ],
    [
      'a user pool',
      pool('eu-west-1_AbCdEf123'),
      pool('eu-west-1_AbCdEf123'),
      'the resource server of the user pool eu-west-1_AbCdEf123',
    ],
  ])(
    'whose stages would take %s from each other is refused, with both names',
    async (_, one, two, what) => {
      stages({ dev, test: one, live: two });
      for (const stage of ['dev', 'test', 'live'])
        await expect(choose({ stage })).rejects.toThrow(
          new RegExp(`the stages "test" and "live" both take ${what}: give each .+ of its own`),
        );
    },
  );

  test.each([
    ['in two regions', domain('eu-west-1'), domain('us-east-1')],
    ['with two pools', pool('eu-west-1_AbCdEf123'), pool('eu-west-1_AbCdEf124')],
    ['of which one is not well-formed', domain('eu-west-1'), { domain: 5, identity: [] }],
  ])('may have stages %s', async (_, one, two) => {
    stages({ dev, test: one, live: two });
    expect(await choose({ stage: 'dev' })).toMatchObject({ stage: 'dev' });
  });

  test('is typed by defineConfig, which changes nothing', () => {
    const config = { stages: { prod } };
    expect(defineConfig(config)).toBe(config);
  });
});
