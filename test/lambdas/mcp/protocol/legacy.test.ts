import { envelope, serverOf } from '../exchange.ts';
import { fixtures, welcome } from '../fixtures.ts';

const server = serverOf(fixtures);
const versions = ['2025-11-25', '2025-06-18', '2025-03-26'];

const link = { type: 'resource_link', uri: 'test://note', name: 'note' } as const;

const client = { capabilities: {}, clientInfo: { name: 'test', version: '1' } };

describe('the revisions of 2025', () => {
  beforeEach(() => {
    server.securityEvents.length = 0;
  });

  it.each([
    ...versions.map((version) => [version, version]),
    ['2024-11-05', '2025-11-25'],
    ['2026-07-28', '2025-11-25'],
    ['next', '2025-11-25'],
  ])('negotiates %s to %s', async (asked, agreed) => {
    const { status, json } = await server.send({
      json: {
        jsonrpc: '2.0',
        id: 0,
        method: 'initialize',
        params: { protocolVersion: asked, ...client },
      },
    });
    expect(status).toBe(200);
    expect(json).toEqual({
      jsonrpc: '2.0',
      id: 0,
      result: {
        protocolVersion: agreed,
        capabilities: { tools: {}, prompts: {}, resources: {}, completions: {} },
        serverInfo: { name: 'gatehouse', title: 'Gatehouse', version: '0.1.0' },
        instructions: expect.any(String),
      },
    });
  });

  it('initializes whatever version an older header names, and begins no session', async () => {
    const response = await server.send({
      headers: { 'mcp-protocol-version': '2024-11-05', 'mcp-session-id': 'abc' },
      json: {
        jsonrpc: '2.0',
        id: 0,
        method: 'initialize',
        params: { protocolVersion: '2025-11-25', ...client },
      },
    });
    expect(response.status).toBe(200);
    expect(Object.keys(response.headers)).toEqual(['content-type']);
  });

  it('refuses an initialize without the client’s name', async () => {
    const { status, json } = await server.send({
      json: {
        jsonrpc: '2.0',
        id: 0,
        method: 'initialize',
        params: { protocolVersion: '2025-11-25' },
      },
    });
    expect(status).toBe(200);
    expect(json.error.code).toBe(-32_602);
  });

  it.each([...versions, undefined])('serves every method to %s', async (version) => {
    const ask = async (method: string, params?: object) => {
      const { status, json } = await server.send({
        ...(version && { headers: { 'mcp-protocol-version': version } }),
        json: { jsonrpc: '2.0', id: 'a', method, ...(params && { params }) },
      });
      expect(status).toBe(200);
      expect(json).toMatchObject({ jsonrpc: '2.0', id: 'a' });
      expect(json.error).toBeUndefined();
      return json.result;
    };
    expect(await ask('ping')).toEqual({});
    expect(Object.keys(await ask('tools/list'))).toEqual(['tools']);
    expect(await ask('tools/call', { name: 'add', arguments: { a: 2, b: 3 } })).toEqual({
      content: [{ type: 'text', text: '{"sum":5}' }],
      structuredContent: { sum: 5 },
    });
    expect(Object.keys(await ask('prompts/list', {}))).toEqual(['prompts']);
    expect(
      Object.keys(await ask('prompts/get', { name: 'greet', arguments: { name: 'Ada' } })),
    ).toEqual(['description', 'messages']);
    expect(Object.keys(await ask('resources/list'))).toEqual(['resources']);
    expect(await ask('resources/read', { uri: 'test://note' })).toEqual({
      contents: [{ uri: 'test://note', mimeType: 'text/plain', text: 'a note' }],
    });
    expect(Object.keys(await ask('resources/templates/list'))).toEqual(['resourceTemplates']);
    expect(
      await ask('completion/complete', {
        ref: { type: 'ref/prompt', name: 'greet' },
        argument: { name: 'tone', value: 'w' },
      }),
    ).toEqual({
      completion: { values: ['warm'], total: 1, hasMore: false },
    });
  });

  it.each([
    'logging/setLevel',
    'resources/subscribe',
    'server/discover',
    'subscriptions/listen',
    'tasks/get',
    'toString',
  ])(
    'does not know %s: an error inside a 200 answer, which older clients can read, and an event',
    async (method) => {
      const { status, json } = await server.legacy(method, {});
      expect(status).toBe(200);
      expect(json.error).toEqual({
        code: -32_601,
        message: 'Method not found',
        data: { code: 'unknown_mcp_method', requestId: 'request-1' },
      });
      expect(server.securityEvents).toEqual([
        { name: 'UnknownMcpMethod', fields: { code: 'unknown_mcp_method', mcpMethod: method } },
      ]);
    },
  );

  it('does not find a resource, with the code of its time', async () => {
    expect(
      (await server.legacy('resources/read', { uri: 'test://nowhere' })).json.error,
    ).toMatchObject({
      code: -32_002,
      data: { uri: 'test://nowhere' },
    });
  });

  it('tells a caller which scope is missing', async () => {
    const { status, json } = await server.legacy(
      'tools/call',
      { name: 'act' },
      { scopes: ['gatehouse/tools.read'] },
    );
    expect(status).toBe(200);
    expect(json.error).toEqual({
      code: 403,
      message: 'The access token lacks a scope that this needs: gatehouse/tools.call.',
      data: {
        requiredScopes: ['gatehouse/tools.call'],
        code: 'insufficient_scope',
        fix: 'Log in again and grant it.',
        requestId: 'request-1',
      },
    });
    expect(server.securityEvents).toHaveLength(1);
  });

  it('does not trust the modern headers of an older request', async () => {
    const headers = { 'mcp-method': 'tools/list', 'mcp-name': 'echo' };
    expect(
      (await server.legacy('tools/call', { name: 'add', arguments: { a: 1, b: 1 } }, { headers }))
        .status,
    ).toBe(200);
  });

  it.each(versions)(
    'says to %s that what asks for input needs a newer client, whatever the call brings',
    async (version) => {
      const retryInput = {
        inputResponses: { name: { action: 'accept' } },
        requestState: 'state-1',
      };
      const text =
        'This asks the user for something, which works from protocol version 2026-07-28 on.';
      for (const name of ['asking', 'curious']) {
        const { json } = await server.legacy(
          'tools/call',
          { name, arguments: { what: 'time' }, ...retryInput },
          { version },
        );
        expect(json.result).toEqual({ content: [{ type: 'text', text }], isError: true });
      }
      for (const [method, params] of [
        ['prompts/get', { name: 'welcome' }],
        ['resources/read', { uri: 'test://secret' }],
      ] as const) {
        const { status, json } = await server.legacy(
          method,
          { ...params, ...retryInput },
          { version },
        );
        expect({ status, error: json.error }).toMatchObject({
          status: 200,
          error: { code: -32_603, message: text },
        });
      }
    },
  );

  it.each(versions)(
    'answers a call of %s that wants a task as any other: it declares no tasks',
    async (version) => {
      const { json } = await server.legacy(
        'tools/call',
        { name: 'echo', task: { ttl: 1000 } },
        { version },
      );
      expect(json.result.content).toEqual([{ type: 'text', text: 'nothing' }]);
      expect(
        (await server.legacy('tools/list', {}, { version })).json.result.tools[0],
      ).not.toHaveProperty('execution');
    },
  );

  it.each([
    ['2025-11-25', 'resource_link'],
    ['2025-06-18', 'resource_link'],
    ['2025-03-26', 'text'],
    [undefined, 'text'],
  ])(
    'links to a resource for %s by a block of type %s: the oldest clients refuse a result with one that they do not know',
    async (version, type) => {
      const ask = async (method: string, params: object) =>
        (
          await server.send({
            ...(version && { headers: { 'mcp-protocol-version': version } }),
            json: { jsonrpc: '2.0', id: 1, method, params },
          })
        ).json.result;
      const { content } = await ask('tools/call', { name: 'linking' });
      expect(content.map((block: { type: string }) => block.type)).toEqual([
        'text',
        'image',
        'audio',
        'resource',
        type,
      ]);
      if (type === 'text')
        expect(content[4]).toEqual({
          type: 'text',
          text: 'Note: test://note',
          annotations: { priority: 1 },
        });
      const linking = serverOf({
        prompts: [{ ...welcome, get: async () => [{ role: 'user', content: link }] }],
      });
      const { json } = await linking.send({
        ...(version && { headers: { 'mcp-protocol-version': version } }),
        json: { jsonrpc: '2.0', id: 1, method: 'prompts/get', params: { name: 'welcome' } },
      });
      expect(json.result.messages).toMatchObject([{ role: 'user', content: { type } }]);
    },
  );

  it.each(['notifications/initialized', 'notifications/cancelled', 'notifications/progress'])(
    'takes %s',
    async (method) => {
      const { status, body } = await server.send({ json: { jsonrpc: '2.0', method } });
      expect({ status, body }).toEqual({ status: 202, body: '' });
    },
  );

  it('shows nothing of a fault in a prompt', async () => {
    const broken = serverOf({
      prompts: fixtures.prompts.map((prompt) => ({
        ...prompt,
        get: () => Promise.reject(new Error('inner /var/task')),
      })),
    });
    const { status, json } = await broken.legacy('prompts/get', {
      name: 'greet',
      arguments: { name: 'Ada' },
    });
    expect(status).toBe(200);
    expect(json.error).toMatchObject({
      code: -32_603,
      data: { code: 'server_error', requestId: 'request-1' },
    });
    expect(JSON.stringify(json)).not.toContain('inner');
    expect(broken.logged).toHaveLength(1);
  });
});

describe('batches', () => {
  const batch = (json: unknown, headers: Record<string, string> = {}) =>
    server.send({ json, headers });
  const ping = (id: unknown) => ({ jsonrpc: '2.0', id, method: 'ping' });

  beforeEach(() => {
    server.securityEvents.length = 0;
  });

  it('answers each request and no notification', async () => {
    const { status, json } = await batch([
      ping(1),
      { jsonrpc: '2.0', method: 'notifications/progress' },
      { jsonrpc: '2.0', id: 'x', method: 'nope' },
      {
        jsonrpc: '2.0',
        id: 2,
        method: 'tools/call',
        params: { name: 'add', arguments: { a: 1, b: 1 } },
      },
    ]);
    expect(status).toBe(200);
    expect(json).toMatchObject([
      { id: 1, result: {} },
      { id: 'x', error: { code: -32_601 } },
      { id: 2, result: { structuredContent: { sum: 2 } } },
    ]);
    expect(server.securityEvents).toEqual([
      { name: 'UnknownMcpMethod', fields: { code: 'unknown_mcp_method', mcpMethod: 'nope' } },
    ]);
  });

  it('takes a batch of notifications, and still counts those that it does not know', async () => {
    const { status, body } = await batch([
      { jsonrpc: '2.0', method: 'notifications/initialized' },
      { jsonrpc: '2.0', method: 'nope' },
    ]);
    expect({ status, body }).toEqual({ status: 202, body: '' });
    expect(server.securityEvents).toHaveLength(1);
  });

  it.each([
    ['an empty one', [], {}],
    ['one of 21', Array.from({ length: 21 }, (_, id) => ping(id)), {}],
    ['one with something else in it', [ping(1), 5], {}],
    ['one with a response in it', [ping(1), { jsonrpc: '2.0', id: 1, result: {} }], {}],
    ['one with a batch in it', [ping(1), [ping(2)]], {}],
    [
      'one that initializes',
      [ping(1), { jsonrpc: '2.0', id: 2, method: 'initialize', params: {} }],
      {},
    ],
    [
      'one with a modern request in it',
      [ping(1), { jsonrpc: '2.0', id: 2, method: 'tools/list', params: { _meta: envelope() } }],
      {},
    ],
    ['one of 2025-06-18', [ping(1)], { 'mcp-protocol-version': '2025-06-18' }],
    ['one of 2026-07-28', [ping(1)], { 'mcp-protocol-version': '2026-07-28' }],
  ])('refuses %s before anything is dispatched', async (_what, json, headers) => {
    const response = await batch(json, headers);
    expect(response.status).toBe(400);
    expect(response.json.error.code).toBe(-32_600);
  });

  it('takes one of 20', async () => {
    const { json } = await batch(
      Array.from({ length: 20 }, (_, id) => ping(id)),
      { 'mcp-protocol-version': '2025-03-26' },
    );
    expect(json).toHaveLength(20);
  });
});
