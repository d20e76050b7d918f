import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DynamoDBClient, ListTablesCommand, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { installed, pack } from '../lib/packed-app.ts';
import { logIn } from './clients/call-as-person.ts';
import { typed } from './new-tool/shell.ts';

const person = { email: 'dev@example.com', password: 'From-an-app-2-a-call' };

const folder = mkdtempSync(join(tmpdir(), 'gatehouse-tour-'));
const app = join(folder, 'shop');
const write = (path: string, text: string) => writeFileSync(join(app, path), text);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const appSource = `import { join } from 'node:path';
import { AttributeType, Table } from 'aws-cdk-lib/aws-dynamodb';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { App, Stack } from 'aws-cdk-lib/core';
import { Gatehouse } from 'gatehouse';

const stack = new Stack(new App(), 'Shop');
const stock = new Table(stack, 'Stock', { partitionKey: { name: 'pk', type: AttributeType.STRING } });
const mcp = new Gatehouse(stack, 'Mcp', {
  entry: join(import.meta.dirname, 'mcp'),
  tools: {
    environment: { STOCK_TABLE: stock.tableName },
    secrets: { api: new Secret(stack, 'Api') },
    assets: join(import.meta.dirname, 'assets'),
  },
});
stock.grant(mcp, 'dynamodb:GetItem');
`;

/** A tool with a secret, a table and an asset. */
const toolSource = (title: string, currency: string) => `import { readFileSync } from 'node:fs';
import { defineTool, ToolError } from 'gatehouse/definitions';
import { secret } from 'gatehouse/secrets';
import { table } from 'gatehouse/table';
import * as z from 'zod/mini';

export default defineTool({
  name: 'price_of',
  title: '${title}',
  description: 'What an article costs.',
  input: z.object({ article: z.string().check(z.minLength(1), z.maxLength(40)) }),
  output: z.object({ price: z.number(), currency: z.string(), signedBy: z.string() }),
  scopes: [],
  annotations: { readOnlyHint: true, openWorldHint: false },
  handler: async ({ article }) => {
    const rates = JSON.parse(readFileSync(new URL('./assets/rates.json', import.meta.url), 'utf8'));
    const stock = table({ name: process.env['STOCK_TABLE'] ?? '', region: process.env['AWS_REGION'] ?? '' });
    const item = await stock.get(article, { consistent: false });
    if (item === undefined) throw new ToolError('There is no article ' + article + '.');
    const key = await secret('api');
    return { price: Number(item['price']) * rates.${currency}, currency: '${currency}', signedBy: key.slice(0, 3) };
  },
});
`;

const testSource = `import assert from 'node:assert/strict';
import { test } from 'node:test';
import { connect } from 'gatehouse/testing';
import tool from '../../../mcp/tools/price-of.ts';

test('price_of wants an article', async () => {
  const { isError } = await connect({ tools: [tool] }).callTool('price_of', { article: '' });
  assert.equal(isError, true);
});
`;

/** One article, as the owner of this computer would put it there. */
const fillStock = async (endpoint: string): Promise<void> => {
  const credentials = { accessKeyId: 'owner', secretAccessKey: 'owner' };
  const dynamodb = new DynamoDBClient({ region: 'eu-west-1', endpoint, credentials });
  const { TableNames: names = [] } = await dynamodb.send(new ListTablesCommand({}));
  const TableName = names.find((name) => name.includes('Stock'));
  const Item = { pk: { S: 'lamp' }, price: { N: '10' } };
  await dynamodb.send(new PutItemCommand({ TableName, Item }));
  dynamodb.destroy();
};

describe('the tour of a tool author', () => {
  beforeAll(async () => {
    mkdirSync(join(app, 'assets'), { recursive: true });
    mkdirSync(join(app, 'mcp'));
    const dependencies = { 'aws-cdk-lib': '*', constructs: '*', gatehouse: '*', zod: '*' };
    const devDependencies = { '@types/node': '*' };
    write('package.json', JSON.stringify({ type: 'module', dependencies, devDependencies }));
    write('tsconfig.json', '{ "compilerOptions": { "module": "nodenext" } }');
    write('cdk.json', '{ "app": "node app.ts" }');
    write('app.ts', appSource);
    write('assets/rates.json', '{ "EUR": 1, "USD": 2 }');
    write('.env.local', 'api=abcdef\n');
    await installed(app, (await pack(folder)).tarball);
  });

  it('leads from a new app to a tool with a secret, a table and an asset, changed while it runs', async () => {
    const startedAt = performance.now();
    const steps: string[] = [];
    const step = (name: string) =>
      steps.push(`${name} after ${((performance.now() - startedAt) / 1000).toFixed(1)} s`);

    expect(await typed('npx gatehouse new-tool price_of', app).ended).toContain(
      'wrote mcp/tools/price-of.ts\nwrote test/mcp/tools/price-of.test.ts',
    );
    const test = 'node --test test/mcp/tools/price-of.test.ts';
    expect(await typed(test, app).ended).toMatch(/pass 2\n/);
    step('written and tested');

    write('mcp/tools/price-of.ts', toolSource('', 'EUR'));
    const environment = { PORT: '0', GATEHOUSE_DEV_PASSWORD: person.password };
    const failed = await typed('npx gatehouse start', app, environment).ended.catch(String);
    expect(failed).toContain("tools/price-of.ts: the title is empty: title: 'List orders'");
    step('refused');

    write('mcp/tools/price-of.ts', toolSource('Price of', 'EUR'));
    write('test/mcp/tools/price-of.test.ts', testSource);
    expect(await typed(test, app).ended).toMatch(/pass 1\n/);
    const runtime = typed('npx gatehouse start --json', app, environment);
    try {
      const [line] = await runtime.saying(/^\{"ready":true.*\}$/m);
      const { mcpUrl, dynamodbUrl } = JSON.parse(line);
      step('fixed and serving');
      await fillStock(dynamodbUrl);
      const { client, close } = await logIn(mcpUrl, person);
      const priceOf = (article: string) =>
        client.callTool({ name: 'price_of', arguments: { article } });
      expect(await priceOf('lamp')).toMatchObject({
        structuredContent: { price: 10, currency: 'EUR', signedBy: 'abc' },
      });
      expect(await priceOf('sofa')).toMatchObject({ isError: true });
      step('called');

      write('mcp/tools/price-of.ts', 'export default {');
      await runtime.saying(/Changed: mcp\/tools\/price-of\.ts\. It is not shown, and what ran/);
      expect(await priceOf('lamp')).toMatchObject({ structuredContent: { currency: 'EUR' } });
      write('mcp/tools/price-of.ts', toolSource('Price of', 'USD'));
      await runtime.saying(/Changed: mcp\/tools\/price-of\.ts\. Reloaded: mcp\./);
      expect(await priceOf('lamp')).toMatchObject({
        structuredContent: { price: 20, currency: 'USD', signedBy: 'abc' },
      });
      step('changed while it ran, and called in the same session');
      await close();
    } finally {
      await runtime.stop();
    }
    console.log(`The tour: ${steps.join(', ')}`);
  });
});
