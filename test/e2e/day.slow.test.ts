import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type AwsStub, startAwsStub } from '../bin/aws-stub.ts';
import { soundAccount } from '../bin/doctor/sound-account.ts';
import { installed, pack } from '../lib/packed-app.ts';
import { logIn } from './clients/call-as-person.ts';
import { type Started, typed } from './new-tool/shell.ts';

const folder = mkdtempSync(join(tmpdir(), 'gatehouse day '));
const app = join(folder, 'shop');
const write = (path: string, text: string) => writeFileSync(join(app, path), text);

const appSource = `import { join } from 'node:path';
import { App, Stack } from 'aws-cdk-lib/core';
import { configurationOf, Gatehouse } from 'gatehouse';

const app = new App();
const configuration = await configurationOf(app);
const stack = new Stack(app, \`Shop-\${configuration.stage}\`);
new Gatehouse(stack, 'Mcp', { entry: join(import.meta.dirname, 'mcp'), ...configuration });
`;

const configSource = `import { defineConfig } from 'gatehouse';

export default defineConfig({
  stages: {
    dev: { environment: 'development', urlMode: 'stage' },
    prod: { alarmEmail: 'ops@example.com' },
  },
});
`;

const toolSource = `import { defineTool } from 'gatehouse/definitions';
import * as z from 'zod/mini';

export default defineTool({
  name: 'count_orders',
  title: 'Count orders',
  description: 'How many orders there are.',
  input: z.object({}),
  output: z.object({ orders: z.number() }),
  scopes: [],
  annotations: { readOnlyHint: true, openWorldHint: false },
  handler: async () => ({ orders: 3 }),
});
`;

let account: AwsStub;
let runtime: Started | undefined;

const environment = () => ({
  AWS_ACCESS_KEY_ID: 'test',
  AWS_SECRET_ACCESS_KEY: 'test',
  AWS_REGION: 'eu-west-1',
  AWS_EC2_METADATA_DISABLED: 'true',
  AWS_ENDPOINT_URL: account.url,
});

/** The last line that is JSON. */
const json = async (command: string) => {
  const output = await typed(command, app, environment()).ended;
  const line = output.split('\n').findLast((each) => each.startsWith('{'));
  return JSON.parse(line ?? '');
};

beforeAll(async () => {
  account = await startAwsStub((call) => {
    const known = soundAccount[call.name];
    return typeof known === 'function' ? known(call) : known;
  });
  mkdirSync(app, { recursive: true });
  const dependencies = { 'aws-cdk-lib': '*', constructs: '*', gatehouse: '*', zod: '*' };
  const devDependencies = { '@types/node': '*' };
  write('package.json', JSON.stringify({ type: 'module', dependencies, devDependencies }));
  write('tsconfig.json', '{ "compilerOptions": { "module": "nodenext" } }');
  await installed(app, (await pack(folder)).tarball);
});
afterAll(async () => {
  await runtime?.stop();
  await account.stop();
  rmSync(folder, { recursive: true, force: true });
});

test('a day of an operator, from an empty folder to the bill, in a path with a space', async () => {
  const startedAt = performance.now();
  const steps: string[] = [];
  const step = (name: string) =>
    steps.push(`${name} ${((performance.now() - startedAt) / 1000).toFixed(0)} s`);

  write('cdk.json', '{ "app": "node app.ts" }');
  write('app.ts', appSource);
  write('gatehouse.config.ts', configSource);
  mkdirSync(join(app, 'mcp'));
  expect(await json('npx gatehouse new-tool count_orders --json')).toMatchObject({
    written: ['mcp/tools/count-orders.ts', 'test/mcp/tools/count-orders.test.ts'],
  });
  write('mcp/tools/count-orders.ts', toolSource);
  step('a tool');

  const before = await json('npx gatehouse doctor --stage prod --json');
  const statuses = before.checks.map(
    ({ id, status }: { readonly id: string; readonly status: string }) => `${id} ${status}`,
  );
  expect(statuses).toContain('credentials passed');
  expect(statuses.filter((each: string) => !each.endsWith(' passed'))).toEqual([]);
  step('the account');

  runtime = typed('npx gatehouse start --json -c stage=dev --port 0', app, environment());
  const [ready] = await runtime.saying(/^\{"ready":true.*\}$/m);
  const { mcpUrl } = JSON.parse(ready);
  step('started');

  await json('npx gatehouse user invite ada@example.com --json');
  const [mail] = await runtime.saying(/^\{"mail":.*\}$/m);
  const password = String(JSON.parse(mail).mail.text).split(' ').at(-1) ?? '';
  const { client, close } = await logIn(mcpUrl, { email: 'ada@example.com', password });
  expect((await client.listTools()).tools.map(({ name }) => name)).toContain('count_orders');
  const count = () => client.callTool({ name: 'count_orders', arguments: {} });
  expect(await count()).toMatchObject({ structuredContent: { orders: 3 } });
  step('invited, logged in and served');

  const after = await json('npx gatehouse doctor --local --json');
  expect(
    after.checks.filter(({ status }: { readonly status: string }) => status === 'failed'),
  ).toEqual([]);
  step('seen from outside');

  const shown = await json('npx gatehouse user show ada@example.com --json');
  expect(shown).toMatchObject({ status: 'CONFIRMED', isBlocked: false, grants: [{}] });
  await json(`npx gatehouse user sign-out ada@example.com ${shown.grants[0].id} --json`);
  await expect(count()).rejects.toThrow();
  await json('npx gatehouse user block ada@example.com --json');
  expect((await json('npx gatehouse user list --blocked --json')).users).toMatchObject([
    { email: 'ada@example.com', isBlocked: true },
  ]);
  await json('npx gatehouse user unblock ada@example.com --json');
  await close();
  step('signed out, blocked and unblocked');

  expect(await json('npx gatehouse rotate-origin-secret --stage prod --json')).toMatchObject({
    originSecret: { current: 2, previous: 1 },
  });
  const bill = await json('npx gatehouse cost --stage prod --calls 2e6 --users 200 --json');
  expect(bill).toMatchObject({ stack: 'Shop-prod', calls: 2e6 });
  // Two secrets, while one is being replaced.
  expect(bill.idle).toContainEqual({ what: 'secrets', count: 2, dollars: 0.8 });
  step('rotated and billed');

  await typed('npx gatehouse audit --stage prod', app).ended.catch(() => undefined);
  expect(readFileSync(join(app, 'audit', 'index.html'), 'utf8')).toContain('<html');
  step('audited');
  console.log(`The day: ${steps.join(', ')}`);
});
