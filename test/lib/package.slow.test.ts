import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DynamoDBClient, ListTablesCommand, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { Template } from 'aws-cdk-lib/assertions';
import { callAsPerson } from '../e2e/clients/call-as-person.ts';
import { typed } from '../e2e/new-tool/shell.ts';
import { largerApp } from './larger-app.ts';
import { execute, installed, manifestIn, pack, root } from './packed-app.ts';
import { properties, type Resource, resources, text } from './synthesized.ts';

const folder = mkdtempSync(join(tmpdir(), 'gatehouse-package-'));
const sample = join(folder, 'orders');
const packed = join(sample, 'node_modules', 'gatehouse');
let tarball: string;
let files: readonly string[];

beforeAll(async () => {
  ({ tarball, files } = await pack(folder));
  cpSync(join(root, 'examples', 'orders'), sample, {
    recursive: true,
    filter: (path) => !path.includes('node_modules'),
  });
  await installed(sample, tarball);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('the package', () => {
  test('holds compiled code with its declarations, the command and what it is documented by, and no source or test', () => {
    const outside = files.filter((path) => !/^(dist|docs|guard)\//.test(path));
    expect(outside.sort()).toEqual([
      'LICENSE',
      'README.md',
      'bin/command.cjs',
      'bin/require-node-24.cjs',
      'package.json',
    ]);
    const compiled = files.filter((path) => path.startsWith('dist/'));
    expect([...new Set(compiled.map((path) => path.split('/')[1]))].sort()).toEqual([
      'bin',
      'commonjs',
      'lambdas',
      'lib',
      'local',
      'policy',
    ]);
    expect(files.filter((path) => /(?<!\.d)\.ts$/.test(path))).toEqual([]);
    expect(files.filter((path) => /^dist\/(bin|local)\/.*\.d\.ts$/.test(path))).toEqual([]);
    expect(files.filter((path) => /^docs\/.*(?<!\.md|\.svg)$/.test(path))).toEqual([]);
  });

  test('asks of an app for no Node and no tool of ours', () => {
    const { dependencies, optionalDependencies = {} } = manifestIn(packed);
    expect(optionalDependencies).toEqual({});
    for (const name of ['node', 'aws-cdk', 'jest', 'typescript', 'cdk-nag'])
      expect(dependencies).not.toHaveProperty(name);
  });

  test('has what its exports name', () => {
    const { exports } = manifestIn(packed);
    const named = JSON.stringify(exports).match(/(?<=")\.\/dist\/[^"]+/g) ?? [];
    expect(named).toHaveLength(4 * Object.keys(exports).length);
    expect(named.filter((path) => !files.includes(path.replace('./', '')))).toEqual([]);
  });
});

describe('the judges of packages', () => {
  const judged = (program: string, ...args: readonly string[]) =>
    execute(process.execPath, [join(root, 'node_modules', program), ...args], root);

  test('publint finds nothing, suggestions included', async () => {
    const { stdout } = await judged('publint/src/cli.js', 'run', tarball, '--strict');
    expect(stdout).toContain('All good!');
  });

  test('every export has types that fit its code, for ES modules and for CommonJS', async () => {
    const cli = '@arethetypeswrong/cli/dist/index.js';
    const { stdout } = await judged(cli, tarball, '--profile', 'node16', '--format', 'json');
    const { analysis } = JSON.parse(stdout);
    expect(Object.keys(analysis.entrypoints).sort()).toEqual(
      Object.keys(manifestIn(packed).exports).sort(),
    );
  });
});

describe('the sample app, in which the package is installed', () => {
  let template: Template;
  beforeAll(async () => {
    const outdir = join(folder, 'cdk.out');
    // As `cdk synth` runs it by its cdk.json; the template's validation is the deployment's
    // business.
    const [program = '', ...args] = String(
      JSON.parse(readFileSync(join(sample, 'cdk.json'), 'utf8')).app,
    ).split(' ');
    await execute(program === 'node' ? process.execPath : program, args, sample, {
      CDK_OUTDIR: outdir,
      CDK_VALIDATION: 'false',
    });
    const file = readdirSync(outdir).find((name) => name.endsWith('.template.json')) ?? '';
    template = Template.fromJSON(JSON.parse(readFileSync(join(outdir, file), 'utf8')));
  });

  const functionNamed = (name: string): Resource['Properties'] => {
    const found = properties(template, 'AWS::Lambda::Function').find(
      ({ Environment }) => Environment?.Variables?.POWERTOOLS_SERVICE_NAME === name,
    );
    if (found === undefined) throw new Error(`There is no function ${name}.`);
    return found;
  };
  const codeOf = (name: string): string => {
    const { S3Key: key } = functionNamed(name)['Code'];
    return readFileSync(
      join(folder, 'cdk.out', `asset.${String(key).replace('.zip', '')}`, 'index.mjs'),
      'utf8',
    );
  };

  test('type-checks against the shipped declarations, which are whole', async () => {
    const tsc = [join(root, 'node_modules', 'typescript', 'bin', 'tsc'), '-p', '.'];
    await execute(process.execPath, tsc, sample);
    // The CDK's own do not hold under exactOptionalPropertyTypes.
    await execute(
      process.execPath,
      [...tsc, '--skipLibCheck', 'false', '--exactOptionalPropertyTypes', 'false'],
      sample,
    );
  });

  test("adds the app's grant to the role of the function, and nothing for any other table", () => {
    const statements = Object.values(resources(template, 'AWS::IAM::Policy'))
      .filter(({ Properties: { Roles: roles } }) =>
        roles.some(({ Ref: role }: { Ref: string }) =>
          text(functionNamed('mcp')['Role']).includes(role),
        ),
      )
      .flatMap(({ Properties }) => Properties['PolicyDocument'].Statement);
    const onOrders = statements.filter(({ Resource: resource }) =>
      JSON.stringify(resource).includes('"Orders'),
    );
    expect(onOrders.flatMap(({ Action }) => Action).sort()).toEqual([
      'dynamodb:GetItem',
      'dynamodb:UpdateItem',
    ]);
    expect(onOrders.flatMap(({ Resource: resource }) => [resource].flat().map(text))).toEqual([
      expect.stringMatching(/^\$\{Orders\w+\.Arn\}$/),
    ]);
  });

  test("tells the authorizer each tool's scopes", () => {
    expect(codeOf('authorizer')).toMatch(
      /"tools":\{"cancel_order":\["gatehouse\/tools\.call"\],"order_status":\[\]\}/,
    );
  });

  test('serves its own tools instead of the product’s', () => {
    const code = codeOf('mcp');
    for (const name of ['order_status', 'cancel_order']) expect(code).toContain(name);
    expect(code).not.toContain('security_posture');
    expect(code.length).toBeLessThan(250 * 1024);
  });

  test('has the profiles that it asked for, and the strict posture', () => {
    expect(
      properties(template, 'AWS::Cognito::UserPoolClient')
        .map(({ ClientName }) => text(ClientName))
        .sort(),
    ).toEqual([
      expect.stringContaining('chatgpt'),
      expect.stringContaining('claude'),
      expect.stringContaining('loopback'),
    ]);
    expect(Object.keys(resources(template, 'AWS::WAFv2::WebACL'))).not.toEqual([]);
    expect(functionNamed('mcp')['Environment'].Variables.ENVIRONMENT).toBe('production');
  });
});

describe('the one command, in the folder of the sample app', () => {
  const person = { email: 'dev@example.com', password: 'From-a-package-2-a-call' };

  test('writes a tool, and emulates the stack with the tools, the table and the grants that the app has', async () => {
    expect(await typed('npx gatehouse new-tool say_hello', sample).ended).toContain(
      'wrote mcp/tools/say-hello.ts',
    );
    const written = 'test/mcp/tools/say-hello.test.ts';
    expect(await typed(`node --test ${written}`, sample).ended).toMatch(/pass 2\n/);
    const runtime = typed('npx gatehouse start --json', sample, {
      PORT: '0',
      GATEHOUSE_DEV_PASSWORD: person.password,
    });
    try {
      const [line] = await runtime.saying(/^\{"ready":true.*\}$/m);
      const { mcpUrl, dynamodbUrl, users, gatehouse, leftOut, missingTables } = JSON.parse(line);
      expect([gatehouse, leftOut, missingTables]).toEqual(['Orders/Mcp', [], []]);
      const credentials = { accessKeyId: 'runtime', secretAccessKey: 'runtime' };
      const dynamodb = new DynamoDBClient({
        region: 'eu-west-1',
        endpoint: dynamodbUrl,
        credentials,
      });
      const Item = { pk: { S: `${users[0].sub}#7` }, status: { S: 'open' }, total: { N: '12.5' } };
      const { TableNames: names = [] } = await dynamodb.send(new ListTablesCommand({}));
      const TableName = names.find((name) => name.includes('Orders') && !name.includes('Mcp'));
      await dynamodb.send(new PutItemCommand({ TableName, Item }));
      dynamodb.destroy();
      const { tools, results } = await callAsPerson(mcpUrl, person, [
        ['order_status', { order: '7' }],
        ['cancel_order', { order: '7' }],
        ['order_status', { order: '7' }],
        ['order_status', { order: '8' }],
        ['say_hello', { who: 'Ada' }],
      ]);
      expect(tools).toEqual(['cancel_order', 'order_status', 'say_hello']);
      expect(results).toMatchObject([
        { structuredContent: { status: 'open', total: 12.5 } },
        { structuredContent: { cancelled: true } },
        { structuredContent: { status: 'cancelled', total: 12.5 } },
        { isError: true, content: [{ text: 'You have no order 8.' }] },
        { structuredContent: { greeting: expect.stringMatching(/^Hello Ada/) } },
      ]);
    } finally {
      await runtime.stop();
    }
  });

  test('finds the Gatehouse in a larger app', async () => {
    const larger = join(folder, 'larger');
    cpSync(sample, larger, { recursive: true, verbatimSymlinks: true });
    writeFileSync(join(larger, 'app.ts'), largerApp);
    const start = 'npx gatehouse start --json -c region=us-east-1';
    await expect(typed(start, larger, { PORT: '0' }).ended).rejects.toThrow(
      /has 2 Gatehouses\. Choose one with --path:\n {2}Staging\/Server\/Mcp\n {2}Live\/Server\/Mcp/,
    );
    const runtime = typed(`${start} --path Live/Server/Mcp --url-mode cloudfront`, larger, {
      PORT: '0',
      GATEHOUSE_DEV_PASSWORD: person.password,
    });
    try {
      const [line] = await runtime.saying(/^\{"ready":true.*\}$/m);
      const { mcpUrl, leftOut, missingTables } = JSON.parse(line);
      expect(leftOut).toEqual([
        'Live/Server/Files (AWS::S3::Bucket)',
        'Live/Server/Worker (AWS::Lambda::Function)',
        'the rest of the stack Live-Data',
      ]);
      expect(missingTables).toEqual([]);
      const { results } = await callAsPerson(mcpUrl, person, [['order_status', { order: '8' }]]);
      expect(results).toMatchObject([
        { isError: true, content: [{ text: 'You have no order 8.' }] },
      ]);
    } finally {
      await runtime.stop();
    }
  });

  test('audits the app: compiled code names each control, and the app shows it', async () => {
    const { message } = await typed('npx gatehouse audit', sample).ended.then(
      (text) => ({ message: text }),
      (error: Error) => error,
    );
    const faults = Array.from(
      message.matchAll(/^FAIL ([A-Za-z]+-[\w-]+): (.+)$/gm),
      ([, , fault]) => fault,
    );
    expect(faults.length).toBeGreaterThan(70);
    // It was packed without a run of the tests before.
    expect(
      faults.filter(
        (fault) =>
          !/^test\/\S+ has no result: install a gatehouse that was packed after its tests /.test(
            fault ?? '',
          ),
      ),
    ).toEqual([]);
  });

  test('says what is wrong, and what to do about it', async () => {
    const failing = (command: string, cwd = sample) =>
      typed(command, cwd, { PORT: '0' }).ended.catch((error: Error) => error.message);
    expect(await failing('npx gatehouse start', join(sample, 'mcp'))).toMatch(
      /There is no cdk\.json in \S+mcp: run this in the folder of your CDK app/,
    );
    expect(await failing('npx gatehouse begin')).toContain("unknown command 'begin'");
    expect(await typed('npx gatehouse start --help', sample).ended).toMatch(
      /^npx gatehouse start \[options\]/,
    );
  });
});
