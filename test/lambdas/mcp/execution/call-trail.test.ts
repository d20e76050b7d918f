import {
  argumentsKey,
  canonical,
  argumentsHash as hashOf,
} from '../../../../lambdas/mcp/execution/call-trail.ts';
import { caller, serverOf } from '../exchange.ts';
import { add, fixtures } from '../fixtures.ts';

const argumentsHash = (key: string, sub: string, text: string) =>
  hashOf(argumentsKey(key), sub, text);

const server = serverOf(fixtures);

beforeEach(() => {
  server.trail.length = 0;
});

const only = () => {
  expect(server.trail).toHaveLength(1);
  return server.trail[0];
};

describe('the audit trail has one line for each call (LOG-6)', () => {
  it('that succeeds', async () => {
    await server.modern('tools/call', { name: 'add', arguments: { a: 1, b: 2 } });
    expect(only()).toEqual({
      kind: 'call',
      mcpMethod: 'tools/call',
      definition: 'add',
      argumentsHash: expect.stringMatching(/^[\w-]{22}$/),
      argumentsBytes: '{"a":1,"b":2}'.length,
      outcome: 'ok',
      code: undefined,
      durationMs: expect.any(Number),
    });
  });

  it.each([
    ['of which the tool says that it failed', 'failing', { how: 'told' }, 'error', undefined],
    ['in which the tool throws', 'failing', { how: 'thrown' }, 'failed', undefined],
    ['whose result breaks the promise', 'failing', { how: 'malformed' }, 'failed', undefined],
    ['whose arguments are no good', 'add', { a: 'one' }, 'error', undefined],
    ['that asks for more first', 'asking', {}, 'input-required', undefined],
    ['without the scope', 'act', {}, 'refused', 'insufficient_scope'],
    ['of a tool that there is not', 'bogus "name"', {}, 'error', 'invalid_parameters'],
  ])('%s', async (_, name, given, outcome, code) => {
    await server.modern(
      'tools/call',
      { name, arguments: given },
      {
        scopes: ['gatehouse/tools.read'],
        meta: { 'io.modelcontextprotocol/clientCapabilities': { elicitation: {} } },
      },
    );
    const known = fixtures.tools.some((tool) => tool.name === name);
    expect(only()).toMatchObject({
      definition: known ? name : '(unknown)',
      outcome,
      code,
    });
  });

  it('of a tool that is not for the caller: the caller hears that there is none', async () => {
    const hidden = serverOf({ tools: [{ ...add, access: { groups: ['finance'] } }] });
    const sent = { name: 'add', arguments: { a: 1, b: 2 } };
    const { json } = await hidden.modern('tools/call', sent, { groups: ['sales'] });
    expect(json.error.message).toBe('Method not found');
    expect(hidden.trail).toMatchObject([
      { definition: 'add', outcome: 'refused', code: 'access_refused' },
    ]);
  });

  it('that runs out of time', async () => {
    await server.modern(
      'tools/call',
      { name: 'deaf', arguments: {} },
      { remainingMilliseconds: () => 3_010 },
    );
    expect(only()).toMatchObject({ definition: 'deaf', outcome: 'timeout' });
  });

  it('that its caller cancels', async () => {
    const waited = server.legacy('tools/call', { name: 'slow', arguments: slowly }, { id: 's' });
    await server.send({
      headers: { 'mcp-protocol-version': '2025-11-25' },
      json: { jsonrpc: '2.0', method: 'notifications/cancelled', params: { requestId: 's' } },
    });
    await waited;
    expect(only()).toMatchObject({ definition: 'slow', outcome: 'cancelled' });
  });

  it('of a batch', async () => {
    const call = (id: number, a: number) => ({
      jsonrpc: '2.0',
      id,
      method: 'tools/call',
      params: { name: 'add', arguments: { a, b: 1 } },
    });
    await server.send({
      headers: { 'mcp-protocol-version': '2025-03-26' },
      json: [call(1, 1), { jsonrpc: '2.0', id: 2, method: 'ping' }, call(3, 3)],
    });
    expect(server.trail).toHaveLength(2);
    expect(new Set(server.trail.map((line) => line.argumentsHash)).size).toBe(2);
  });

  it('of a prompt and a resource, by its own name', async () => {
    const [prompt] = fixtures.prompts;
    const [resource] = fixtures.resources;
    await server.modern('prompts/get', { name: prompt?.name });
    const uri = resource?.kind === 'resource' ? resource.uri : '';
    await server.modern('resources/read', { uri });
    expect(server.trail).toMatchObject([
      { mcpMethod: 'prompts/get', definition: prompt?.name },
      { mcpMethod: 'resources/read', definition: resource?.name },
    ]);
    expect(JSON.stringify(server.trail)).not.toContain(uri);
  });

  it('and none for lists', async () => {
    await server.modern('tools/list');
    await server.modern('server/discover');
    expect(server.trail).toEqual([]);
  });
});

const slowly = { steps: 100, milliseconds: 20 };

describe('the hash of arguments', () => {
  it('is the same for the same arguments, in whatever order of their keys', () => {
    expect(canonical({ b: [{ d: 1, c: 2 }], a: 'x' })).toBe('{"a":"x","b":[{"c":2,"d":1}]}');
    expect(canonical(JSON.parse('{"__proto__":1,"a":2}'))).toBe('{"__proto__":1,"a":2}');
    expect(canonical(undefined)).toBe('{}');
  });

  it('is found by nobody who guesses without the key, nor by calling as somebody else', () => {
    const hash = argumentsHash('key', 'sub-1', '{"answer":true}');
    expect(hash).not.toBe(argumentsHash('another', 'sub-1', '{"answer":true}'));
    expect(hash).not.toBe(argumentsHash('key', 'sub-2', '{"answer":true}'));
    expect(hash).not.toBe(argumentsHash('key', 'sub-1', '{"answer":false}'));
    expect(hash).toBe(argumentsHash('key', 'sub-1', '{"answer":true}'));
  });

  it('is made with the caller’s subject', async () => {
    const sent = { name: 'add', arguments: { a: 1, b: 2 } };
    await server.modern('tools/call', sent);
    await server.modern('tools/call', sent, { sub: 'somebody-else' });
    expect(server.trail.map((line) => line.argumentsHash)).toEqual([
      argumentsHash('test', caller.sub, '{"a":1,"b":2}'),
      argumentsHash('test', 'somebody-else', '{"a":1,"b":2}'),
    ]);
  });
});
