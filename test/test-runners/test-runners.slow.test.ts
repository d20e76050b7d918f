import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { typed } from '../e2e/new-tool/shell.ts';
import { execute, installed, manifestIn, pack, root } from '../lib/packed-app.ts';

const folder = mkdtempSync(join(tmpdir(), 'gatehouse-runners-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
let tarball: string;
beforeAll(async () => {
  ({ tarball } = await pack(folder));
});

/** A bound on hanging: an untouched set-up compiles nothing ahead. */
const minutes = 300_000;
const newTool = 'npx gatehouse new-tool list_orders';
const written = 'test/mcp/tools/list-orders.test.ts';

const stackSource = `import { join } from 'node:path';
import * as cdk from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import { Gatehouse } from 'gatehouse';

export class ShopStack extends cdk.Stack {
  constructor(scope: Construct, id: string, props?: cdk.StackProps) {
    super(scope, id, props);
    new Gatehouse(this, 'Mcp', { entry: join(__dirname, '..', 'mcp') });
  }
}
`;

const stackTest = `import * as cdk from 'aws-cdk-lib/core';
import { Template } from 'aws-cdk-lib/assertions';
import * as Shop from '../lib/shop-stack';

test('the stack has a REST API', () => {
  const stack = new Shop.ShopStack(new cdk.App(), 'MyTestStack');
  Template.fromStack(stack).resourceCountIs('AWS::ApiGateway::RestApi', 1);
});
`;

const appWith = (name: string, files: Readonly<Record<string, string>>): string => {
  const app = join(folder, name);
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(app, path)), { recursive: true });
    writeFileSync(join(app, path), text);
  }
  mkdirSync(join(app, 'mcp'), { recursive: true });
  return app;
};

describe('an app that `cdk init app --language typescript` made, with its own jest.config.js', () => {
  let app: string;
  beforeAll(async () => {
    app = appWith('shop', {});
    rmSync(join(app, 'mcp'), { recursive: true });
    const cdk = join(root, 'node_modules', 'aws-cdk', 'bin', 'cdk');
    const init = ['init', 'app', '--language', 'typescript', '--generate-only'];
    await execute(process.execPath, [cdk, ...init], app);
    const manifest = manifestIn(app);
    const dependencies = { ...manifest.dependencies, gatehouse: '*', zod: '*' };
    writeFileSync(join(app, 'package.json'), JSON.stringify({ ...manifest, dependencies }));
    appWith('shop', { 'lib/shop-stack.ts': stackSource, 'test/shop.test.ts': stackTest });
    await installed(app, tarball, [import.meta.dirname]);
  });

  it(
    'runs the test that new-tool writes and one of its stack, compiles, and synthesizes',
    async () => {
      expect(await typed(newTool, app).ended).toContain(`  npx jest ${written}\n`);
      const jest = await typed('npx jest', app, { NODE_OPTIONS: '' }).ended;
      expect(jest).toMatch(/Tests: {7}3 passed, 3 total/);
      await typed('npx tsc', app).ended;
      const { app: command } = JSON.parse(readFileSync(join(app, 'cdk.json'), 'utf8'));
      await typed(command, app, { CDK_OUTDIR: join(app, 'cdk.out') }).ended;
      const { artifacts } = JSON.parse(readFileSync(join(app, 'cdk.out/manifest.json'), 'utf8'));
      expect(artifacts).toHaveProperty('ShopStack');
    },
    minutes,
  );
});

describe('an app that tests with vitest', () => {
  it(
    'runs the test that new-tool writes, and compiles',
    async () => {
      const dependencies = { gatehouse: '*', zod: '*', 'aws-cdk-lib': '*', constructs: '*' };
      const devDependencies = { vitest: '*', typescript: '*', '@types/node': '*' };
      const app = appWith('vitest', {
        'package.json': JSON.stringify({ type: 'module', dependencies, devDependencies }),
        'tsconfig.json':
          '{ "compilerOptions": { "module": "nodenext", "noEmit": true, "types": ["node"] } }',
      });
      await installed(app, tarball, [import.meta.dirname]);
      expect(await typed(newTool, app).ended).toContain(`  npx vitest run ${written}\n`);
      const vitest = await typed('npx vitest run', app, { NO_COLOR: '1' }).ended;
      expect(vitest).toMatch(/Tests {2}2 passed \(2\)/);
      await typed('npx tsc -p .', app).ended;
    },
    minutes,
  );
});
