import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { importOpenapi } from '../../bin/import-openapi.ts';
import { connect } from '../../lambdas/mcp/testing/index.ts';
import { definitionsIn } from '../../lib/bundle/definitions.ts';
import { readManifest } from '../../lib/bundle/manifest.ts';

const root = join(import.meta.dirname, '..', '..');
const folder = mkdtempSync(join(tmpdir(), 'gatehouse-openapi-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const shop = `
openapi: 3.1.0
servers: [{ url: https://shop.example/v1/ }]
paths:
  /orders/{id}:
    parameters:
      - { name: id, in: path, required: true, description: The order, schema: { type: string, maxLength: 20 } }
    get:
      operationId: getOrderById
      summary: "One order \`\${process.exit()}\` '"
      parameters:
        - { name: fields, in: query, schema: { type: string, enum: [short, long] } }
        - { name: X-Trace, in: header, schema: { type: string } }
    delete:
      description: Cancels it.
  /orders:
    post:
      operationId: createOrder
      requestBody:
        required: true
        content: { application/json: { schema: { $ref: '#/components/schemas/Order' } } }
  /odd:
    get:
      parameters: [{ name: mixed, in: query, schema: { oneOf: [{ type: string }] } }]
components:
  schemas:
    Order:
      type: object
      required: [article]
      properties:
        article: { type: string, description: What }
        count: { type: integer, minimum: 1 }
        tags: { type: array, items: { type: string } }
`;

const secured = `
openapi: 3.1.0
servers: [{ url: https://shop.example }]
security: [{ mutual: [] }, { X-Api-Key: [], bearer: [] }]
paths:
  /search:
    parameters:
      - { name: tag, in: query, schema: { type: string } }
    get:
      operationId: search
      parameters:
        - { name: tag, in: query, schema: { type: array, items: { type: string } } }
        - { name: X-Trace, in: header, schema: { type: string } }
        - { name: Authorization, in: header, schema: { type: string } }
        - { name: x-forwarded-for, in: header, schema: { type: string } }
        - { name: X-Api-Key, in: header, schema: { type: string } }
        - { name: theme, in: cookie, schema: { type: string } }
  /open:
    get: { operationId: open, security: [{ mutual: [] }] }
  /upload:
    put: { requestBody: { content: { multipart/form-data: {} } } }
components:
  securitySchemes:
    X-Api-Key: { type: apiKey, in: header, name: x-api-key }
    bearer: { type: http, scheme: Bearer }
    mutual: { type: mutualTLS }
`;

/** Where the package is installed, its name leads to these sources. */
const installPackage = () => {
  const modules = join(folder, 'node_modules');
  const gatehouse = join(modules, 'gatehouse');
  mkdirSync(gatehouse, { recursive: true });
  symlinkSync(join(root, 'node_modules', 'zod'), join(modules, 'zod'));
  const exports = { './definitions': './index.ts', './secrets': './secrets.ts' };
  const manifest = { name: 'gatehouse', type: 'module', exports };
  writeFileSync(join(gatehouse, 'package.json'), JSON.stringify(manifest));
  const source = JSON.stringify(join(root, 'lambdas/mcp/authoring/index.ts'));
  writeFileSync(join(gatehouse, 'index.ts'), `export * from ${source};`);
  const secrets = 'export const secret = async (name) => `value of ${name}`;';
  writeFileSync(join(gatehouse, 'secrets.ts'), secrets);
};

beforeAll(() => {
  installPackage();
  mkdirSync(join(folder, 'mcp'));
  writeFileSync(join(folder, 'openapi.yaml'), shop);
});

const tool = (file: string) => readFileSync(join(folder, 'mcp', 'tools', file), 'utf8');

describe('npx gatehouse import', () => {
  it('writes a tool for each operation, and says which one a person has to write', () => {
    expect(importOpenapi('openapi.yaml', {}, folder).text.split('\n').slice(0, 4)).toEqual([
      'wrote mcp/tools/get-order-by-id.ts',
      'wrote mcp/tools/delete-orders-id.ts',
      'wrote mcp/tools/create-order.ts',
      'left  GET /odd: a schema of the type none has to be written by hand',
    ]);
  });

  it('overwrites nothing: the files are somebody’s own by then', () => {
    writeFileSync(join(folder, 'mcp', 'tools', 'create-order.ts'), '// mine');
    expect(importOpenapi('openapi.yaml', {}, folder).text).toContain(
      'kept  mcp/tools/create-order.ts, which exists already',
    );
    expect(tool('create-order.ts')).toBe('// mine');
    rmSync(join(folder, 'mcp', 'tools', 'create-order.ts'));
    importOpenapi('openapi.yaml', {}, folder);
  });

  it('writes tools that the build serves, with the schemas and scopes of the document', () => {
    const entry = join(folder, 'mcp');
    const { manifest } = readManifest(entry, definitionsIn(entry), {}, { variables: {} });
    expect(manifest.requiredScopes).toMatchObject({
      tools: {
        get_order_by_id: [],
        delete_orders_id: ['gatehouse/tools.call'],
        create_order: ['gatehouse/tools.call'],
      },
    });
    const { tools } = JSON.parse(JSON.stringify(manifest.catalogue));
    expect(tools).toMatchObject([
      {
        name: 'create_order',
        inputSchema: {
          properties: {
            body: {
              required: ['article'],
              properties: { article: { description: 'What' }, count: { minimum: 1 } },
            },
          },
        },
      },
      { name: 'delete_orders_id', description: 'Cancels it.' },
      {
        name: 'get_order_by_id',
        title: "One order `${process.exit()}` '",
        inputSchema: {
          required: ['id'],
          properties: {
            id: { maxLength: 20, description: 'The order' },
            fields: { enum: ['short', 'long'] },
          },
        },
      },
    ]);
  });

  it('writes a request that stays on the document’s path and server', () => {
    const source = tool('get-order-by-id.ts');
    expect(source).toContain(
      'new URL("https://shop.example/v1/orders/" + encodeURIComponent(String(input["id"])))',
    );
    expect(source).toContain('z.refine((value) => !/^\\.+$/.test(String(value)))');
    expect(source).toContain(`redirect: 'error'`);
  });

  it('takes headers and cookies, makes secrets of logins, and names what a model must not choose', async () => {
    writeFileSync(join(folder, 'secured.yaml'), secured);
    const { text } = importOpenapi('secured.yaml', { entry: 'secured' }, folder);
    expect(text.split('\n')).toEqual([
      'wrote secured/tools/search.ts, without the header Authorization, the header x-forwarded-for, the header X-Api-Key',
      'wrote secured/tools/open.ts, without the login mutual',
      'left  PUT /upload: a body of multipart/form-data has to be written by hand',
      '',
      'Secrets: xApiKey, bearer. Give each in the property tools.secrets, and on your computer as a line of .env.local.',
      'Next: read each tool, give it the scopes that it needs, and what was left out.',
    ]);
    const { default: search } = await import(join(folder, 'secured/tools/search.ts'));
    const fetched = jest
      .spyOn(globalThis, 'fetch')
      .mockImplementation(async () => new Response('found'));
    const { callTool } = connect({ tools: [search] });
    const sent = { 'X-Trace': 'a b', tag: ['x', 'y&z'], theme: 'dark; admin=1' };
    expect(await callTool('search', sent)).toMatchObject({ content: [{ text: 'found' }] });
    const [url, init] = fetched.mock.calls[0] ?? [];
    expect(String(url)).toBe('https://shop.example/search?tag=x&tag=y%26z');
    expect(Object.fromEntries(new Headers(init?.headers))).toEqual({
      authorization: 'Bearer value of bearer',
      cookie: 'theme=dark%3B%20admin%3D1',
      'x-api-key': 'value of xApiKey',
      'x-trace': 'a b',
    });
    expect(await callTool('search', { 'X-Trace': 'a\r\nhost: evil' })).toMatchObject({
      isError: true,
    });
    expect(fetched).toHaveBeenCalledTimes(1);
    fetched.mockRestore();
  });

  it.each([
    ['nothing.yaml', {}, /^There is no file /],
    ['openapi.yaml', { server: 'http://shop.example' }, /is no https URL: name it with --server/],
    ['mcp.txt', {}, /is not an OpenAPI 3 document/],
  ])('refuses %j with %j', (file, options, message) => {
    writeFileSync(join(folder, 'mcp.txt'), 'swagger: "2.0"');
    expect(() => importOpenapi(file, options, folder)).toThrow(message);
  });
});
