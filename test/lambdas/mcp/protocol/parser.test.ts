import fc from 'fast-check';
import { serverOf } from '../exchange.ts';
import { fixtures } from '../fixtures.ts';

const server = serverOf(fixtures);

const keys = fc.oneof(
  fc.constantFrom(
    'jsonrpc',
    'id',
    'method',
    'params',
    '_meta',
    'name',
    'arguments',
    'uri',
    'ref',
    'cursor',
    '__proto__',
    'constructor',
    'toString',
  ),
  fc.string({ maxLength: 6 }),
);
const anything = fc.letrec((tie) => ({
  value: fc.oneof(
    { maxDepth: 4 },
    fc.string({ unit: 'binary', maxLength: 12 }),
    fc.double(),
    fc.boolean(),
    fc.constant(null),
    fc.constantFrom(
      '2.0',
      'tools/call',
      'tools/list',
      'initialize',
      'ping',
      'add',
      'test://note',
      '2026-07-28',
    ),
    fc.array(tie('value'), { maxLength: 4 }),
    fc
      .array(fc.tuple(keys, tie('value')), { maxLength: 5 })
      .map((entries) =>
        JSON.parse(
          `{${entries.map(([key, value]) => `${JSON.stringify(key)}:${JSON.stringify(value) ?? 'null'}`).join(',')}}`,
        ),
      ),
  ),
})).value;

const methods = fc.constantFrom(
  'initialize',
  'ping',
  'tools/list',
  'tools/call',
  'prompts/get',
  'prompts/list',
  'resources/read',
  'resources/list',
  'resources/templates/list',
  'completion/complete',
  'server/discover',
  'subscriptions/listen',
  'notifications/cancelled',
  'nope',
);
const headers = fc.dictionary(
  fc.constantFrom('mcp-protocol-version', 'mcp-method', 'mcp-name', 'accept'),
  fc.oneof(
    fc.constantFrom(
      '2026-07-28',
      '2025-11-25',
      '2025-03-26',
      'tools/call',
      'add',
      '*/*',
      'application/json',
    ),
    fc.string({ maxLength: 10 }),
  ),
  { maxKeys: 4 },
);

const bounded = { numRuns: 2000, interruptAfterTimeLimit: 8_000, markInterruptAsFailure: false };

describe('the parser', () => {
  it('answers anything with a well-formed message and a status below 500', async () => {
    await fc.assert(
      fc.asyncProperty(anything, headers, async (json, given) => {
        const { status, body, headers: sent } = await server.send({ json, headers: given });
        expect(status).toBeLessThan(500);
        if (sent['content-type'] === 'application/json') JSON.parse(body);
        else expect([202, 200]).toContain(status);
      }),
      bounded,
    );
  });

  it('answers any parameters of any method with the request’s own id, or says that there is none', async () => {
    await fc.assert(
      fc.asyncProperty(
        methods,
        anything,
        fc.oneof(fc.string(), fc.integer()),
        async (method, params, id) => {
          const { status, json } = await server.send({
            json: { jsonrpc: '2.0', id, method, ...(params !== undefined && { params }) },
          });
          expect([200, 400]).toContain(status);
          expect(json.id === id || status === 400).toBe(true);
          expect('result' in json).not.toBe('error' in json);
          expect(json.error?.code).not.toBe(-32_603);
        },
      ),
      bounded,
    );
  });

  it('lets no key of a body reach a prototype', async () => {
    const poisoned = JSON.parse(
      '{"__proto__":{"polluted":true},"constructor":{"prototype":{"polluted":true}},"a":1,"b":2}',
    );
    await server.legacy('tools/call', { name: 'add', arguments: poisoned, ...poisoned });
    await server.modern('tools/call', { name: 'add', arguments: poisoned });
    expect(Object.hasOwn(Object.prototype, 'polluted')).toBe(false);
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
  });

  it.each([
    ['nothing', undefined],
    ['null', null],
    ['a string', 'ping'],
    ['a number', 5],
    ['another version', { jsonrpc: '1.0', id: 1, method: 'ping' }],
    ['no version', { id: 1, method: 'ping' }],
    ['a null id', { jsonrpc: '2.0', id: null, method: 'ping' }],
    ['a fractional id', { jsonrpc: '2.0', id: 1.5, method: 'ping' }],
    ['an object as id', { jsonrpc: '2.0', id: {}, method: 'ping' }],
    ['a method that is no string', { jsonrpc: '2.0', id: 1, method: 5 }],
    ['parameters in a list', { jsonrpc: '2.0', id: 1, method: 'ping', params: [1] }],
    ['a response', { jsonrpc: '2.0', id: 1, result: {} }],
    ['an error', { jsonrpc: '2.0', id: 1, error: { code: 1, message: '' } }],
  ])('refuses %s as -32600', async (_what, json) => {
    const response = await server.send({ json });
    expect(response.status).toBe(400);
    expect(response.json.error.code).toBe(-32_600);
  });

  it('repeats the id of a malformed request where it can be read', async () => {
    expect((await server.send({ json: { id: 'mine', method: 'ping' } })).json.id).toBe('mine');
    expect((await server.send({ json: { id: {}, method: 'ping' } })).json.id).toBeNull();
  });
});
