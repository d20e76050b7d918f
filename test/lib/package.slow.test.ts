import { execFile } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { Template } from 'aws-cdk-lib/assertions';
import { copyOfRepository } from '../e2e/new-tool/copy.ts';
import { properties, type Resource, resources, text } from './synthesized.ts';

const root = join(import.meta.dirname, '..', '..');
/** Packing compiles everything, on a computer that may be busy. */
const packMilliseconds = 240_000;

const execute = async (command: string, args: readonly string[], cwd: string, environment: Record<string, string> = {}) => {
  const env = { ...process.env, NODE_OPTIONS: '', ...environment };
  try {
    return await promisify(execFile)(command, args, { cwd, env, timeout: packMilliseconds, maxBuffer: 16 * 1024 * 1024 });
  } catch (error) {
    const { stdout, stderr } = Object(error);
    throw new Error(`${command} ${args.join(' ')}\n${stdout}\n${stderr}`);
  }
};

const manifestIn = (folder: string) => JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));

/** The sample as somebody has it who installed the package: dependencies are this repository's, but only those that are declared. */
const installed = (sample: string, tarball: string): Promise<unknown> => {
  const modules = join(sample, 'node_modules');
  const gatehouse = join(modules, 'gatehouse');
  mkdirSync(gatehouse, { recursive: true });
  return execute('tar', ['-xzf', tarball, '-C', gatehouse, '--strip-components=1'], sample).then(() => {
    const { dependencies: own, devDependencies } = manifestIn(sample);
    const { dependencies, peerDependencies } = manifestIn(gatehouse);
    const { gatehouse: _packed, ...others } = { ...own, ...devDependencies, ...dependencies, ...peerDependencies };
    for (const name of Object.keys(others)) {
      mkdirSync(dirname(join(modules, name)), { recursive: true });
      symlinkSync(join(root, 'node_modules', name), join(modules, name));
    }
  });
};

const folder = mkdtempSync(join(tmpdir(), 'gatehouse-package-'));
const sample = join(folder, 'orders');
const packed = join(sample, 'node_modules', 'gatehouse');
let files: readonly string[];

beforeAll(async () => {
  const copy = copyOfRepository();
  try {
    const { stdout } = await execute('npm', ['pack', '--json', '--pack-destination', folder], copy.folder);
    const [{ filename, files: listed }] = JSON.parse(stdout.slice(stdout.indexOf('[')));
    files = listed.map(({ path }: { path: string }) => path);
    cpSync(join(root, 'examples', 'orders'), sample, { recursive: true, filter: (path) => !path.includes('node_modules') });
    await installed(sample, join(folder, filename));
  } finally {
    copy.remove();
  }
}, packMilliseconds);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('the package', () => {
  test('holds compiled code with its declarations and the README, and no TypeScript source, test or laptop', () => {
    const outside = files.filter((path) => !path.startsWith('dist/'));
    expect(outside.sort()).toEqual(['README.md', 'package.json']);
    expect([...new Set(files.filter((path) => path.startsWith('dist/')).map((path) => path.split('/')[1]))].sort()).toEqual([
      'lambdas',
      'lib',
      'policy',
    ]);
    expect(files.filter((path) => /(?<!\.d)\.ts$/.test(path))).toEqual([]);
  });

  test('has what its exports name', () => {
    const { exports } = manifestIn(packed);
    const named = Object.values<Record<string, string>>(exports).flatMap((each) => Object.values(each));
    expect(named.filter((path) => !files.includes(path.replace('./', '')))).toEqual([]);
  });
});

describe('the sample app, in which the package is installed', () => {
  let template: Template;
  beforeAll(async () => {
    const outdir = join(folder, 'cdk.out');
    // As `cdk synth` runs it by its cdk.json; the template's validation is the deployment's business.
    const [program = '', ...args] = String(JSON.parse(readFileSync(join(sample, 'cdk.json'), 'utf8')).app).split(' ');
    await execute(program === 'node' ? process.execPath : program, args, sample, { CDK_OUTDIR: outdir, CDK_VALIDATION: 'false' });
    const file = readdirSync(outdir).find((name) => name.endsWith('.template.json')) ?? '';
    template = Template.fromJSON(JSON.parse(readFileSync(join(outdir, file), 'utf8')));
  }, packMilliseconds);

  const functionNamed = (name: string): Resource['Properties'] => {
    const found = properties(template, 'AWS::Lambda::Function').find(
      ({ Environment }) => Environment?.Variables?.POWERTOOLS_SERVICE_NAME === name,
    );
    if (found === undefined) throw new Error(`There is no function ${name}.`);
    return found;
  };
  const codeOf = (name: string): string => {
    const { S3Key: key } = functionNamed(name)['Code'];
    return readFileSync(join(folder, 'cdk.out', `asset.${String(key).replace('.zip', '')}`, 'index.mjs'), 'utf8');
  };

  test('type-checks against the shipped declarations', async () => {
    await execute(process.execPath, [join(root, 'node_modules', 'typescript', 'bin', 'tsc'), '-p', '.'], sample);
  });

  test("adds each tool's grant to the role of the function, and nothing for any other table", () => {
    const statements = Object.values(resources(template, 'AWS::IAM::Policy'))
      .filter(({ Properties: { Roles: roles } }) =>
        roles.some(({ Ref: role }: { Ref: string }) => text(functionNamed('mcp')['Role']).includes(role)),
      )
      .flatMap(({ Properties }) => Properties['PolicyDocument'].Statement);
    const onOrders = statements.filter(({ Resource: resource }) => JSON.stringify(resource).includes('table/orders'));
    const arn = ['arn:', '{AWS::Partition}:dynamodb:', '{AWS::Region}:', '{AWS::AccountId}:table/orders'].join('$');
    expect(onOrders.flatMap(({ Action }) => Action).sort()).toEqual(['dynamodb:GetItem', 'dynamodb:UpdateItem']);
    for (const { Resource: resource } of onOrders) expect(resource).toEqual({ 'Fn::Sub': arn });
  });

  test("tells the authorizer each tool's scopes", () => {
    expect(codeOf('authorizer')).toMatch(/tools:\{cancel_order:\["gatehouse\/tools\.call"\],order_status:\[\]\}/);
  });

  test('serves its own tools instead of the product’s', () => {
    const code = codeOf('mcp');
    for (const name of ['order_status', 'cancel_order']) expect(code).toContain(name);
    expect(code).not.toContain('count_down');
    expect(code.length).toBeLessThan(250 * 1024);
  });

  test('has the profiles that it asked for, and the strict posture', () => {
    expect(
      properties(template, 'AWS::Cognito::UserPoolClient')
        .map(({ ClientName }) => text(ClientName))
        .sort(),
    ).toEqual([expect.stringContaining('chatgpt'), expect.stringContaining('claude'), expect.stringContaining('loopback')]);
    expect(Object.keys(resources(template, 'AWS::WAFv2::WebACL'))).not.toEqual([]);
    expect(functionNamed('mcp')['Environment'].Variables.ENVIRONMENT).toBe('production');
  });
});
