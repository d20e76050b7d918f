import { defineServer } from '../../../../lambdas/mcp/authoring/define-server.ts';
import { InvalidArguments } from '../../../../lambdas/mcp/authoring/define-tool.ts';
import { InputRequired } from '../../../../lambdas/mcp/authoring/input-required.ts';
import { sizes } from '../../../../policy/limits.ts';
import { envelope, serverOf } from '../exchange.ts';
import { add, fixtures } from '../fixtures.ts';

const server = serverOf(fixtures);
const stamp = {
  resultType: 'complete',
  _meta: {
    'io.modelcontextprotocol/serverInfo': {
      name: 'gatehouse',
      title: 'Gatehouse',
      version: '0.1.0',
    },
  },
};
const caching = { ttlMs: 300_000, cacheScope: 'private' };

const icons = [
  {
    src: 'https://example.com/icon.png',
    mimeType: 'image/png',
    sizes: ['48x48', 'any'],
    theme: 'dark',
  },
];

describe('2026-07-28', () => {
  beforeEach(() => {
    server.securityEvents.length = 0;
    server.traces.length = 0;
  });

  it('describes itself to server/discover', async () => {
    const { status, json } = await server.modern('server/discover');
    expect(status).toBe(200);
    expect(json).toEqual({
      jsonrpc: '2.0',
      id: 1,
      result: {
        supportedVersions: ['2026-07-28', '2025-11-25', '2025-06-18', '2025-03-26'],
        capabilities: { tools: {}, prompts: {}, resources: {}, completions: {} },
        instructions: expect.any(String),
        ...caching,
        ...stamp,
      },
    });
  });

  it('says who it is in each result, and all about it to server/discover alone', async () => {
    const own = defineServer({
      name: 'orders',
      title: 'Orders',
      version: '2.1.0',
      websiteUrl: 'https://example.com',
      icons: [{ src: 'data:image/png;base64,AQID' }],
      instructions: 'Ask for an order by its number.',
    });
    const { kind: _kind, instructions, ...serverInfo } = own;
    const orders = serverOf({ ...fixtures, server: own });
    const discovered = (await orders.modern('server/discover')).json.result;
    expect(discovered).toMatchObject({
      instructions,
      _meta: { 'io.modelcontextprotocol/serverInfo': serverInfo },
    });
    expect((await orders.modern('tools/list')).json.result._meta).toEqual({
      'io.modelcontextprotocol/serverInfo': { name: 'orders', title: 'Orders', version: '2.1.0' },
    });
    const initialize = {
      protocolVersion: '2025-11-25',
      capabilities: {},
      clientInfo: { name: 'x', version: '1' },
    };
    expect((await orders.legacy('initialize', initialize)).json.result).toMatchObject({
      serverInfo,
      instructions,
    });
  });

  it('lists tools with their schemas, how long to keep them, and for whom', async () => {
    const { json } = await server.modern('tools/list');
    expect(json.result).toMatchObject({ ...caching, ...stamp });
    expect(json.result.nextCursor).toBeUndefined();
    expect(json.result.tools[0]).toEqual({
      name: 'add',
      title: 'Add',
      description: 'Adds two numbers.',
      inputSchema: expect.objectContaining({ type: 'object', required: ['a', 'b'] }),
      outputSchema: expect.objectContaining({ type: 'object', required: ['sum'] }),
      annotations: { title: 'Add', readOnlyHint: true },
      icons,
      _meta: { 'com.example/kept': { as: 'it is' } },
    });
    expect(json.result.tools[1]).not.toHaveProperty('icons');
  });

  it('lists prompts, resources and templates', async () => {
    expect((await server.modern('prompts/list')).json.result).toMatchObject({
      prompts: [
        {
          name: 'greet',
          arguments: [
            { name: 'name', description: 'Whom', required: true },
            { name: 'tone', required: false },
          ],
        },
        { name: 'welcome', icons },
      ],
      ...caching,
    });
    const { resources } = (await server.modern('resources/list')).json.result;
    expect(resources.map(({ uri }: { uri: string }) => uri)).toEqual([
      'test://note',
      'test://bytes',
      'test://secret',
    ]);
    expect(resources[2]).toEqual({
      uri: 'test://secret',
      name: 'secret',
      title: 'Secret',
      description: 'Asks who reads it.',
      mimeType: 'text/plain',
      annotations: { audience: ['assistant'], priority: 1, lastModified: '2026-07-28T00:00:00Z' },
      size: 6,
      icons,
      _meta: { 'com.example/kept': { as: 'it is' } },
    });
    expect(
      (await server.modern('resources/templates/list')).json.result.resourceTemplates,
    ).toMatchObject([{ uriTemplate: 'test://book/{chapter}/{page}' }]);
  });

  it('calls a tool: structured content, and its JSON as text', async () => {
    const { status, headers, json } = await server.modern('tools/call', {
      name: 'add',
      arguments: { a: 1, b: 2 },
    });
    expect(status).toBe(200);
    expect(headers['content-type']).toBe('application/json');
    expect(json).toEqual({
      jsonrpc: '2.0',
      id: 1,
      result: {
        content: [{ type: 'text', text: '{"sum":3}' }],
        structuredContent: { sum: 3 },
        ...stamp,
      },
    });
  });

  it('takes a call without arguments', async () => {
    expect((await server.modern('tools/call', { name: 'echo' })).json.result.content).toEqual([
      { type: 'text', text: 'nothing' },
    ]);
  });

  it('tells the model which arguments are wrong, and counts it', async () => {
    const { status, json } = await server.modern('tools/call', {
      name: 'add',
      arguments: { a: '1' },
    });
    expect(status).toBe(200);
    expect(json.result.isError).toBe(true);
    expect(json.result.content[0].text).toMatch(/^Invalid arguments: a: .*; b: /);
    expect(server.securityEvents).toEqual([
      { name: 'InputValidationFailure', fields: expect.objectContaining({ tool: 'add' }) },
    ]);
  });

  it('names wrong arguments as far as they may be shown: 65,000 of them would be an answer of megabytes', () => {
    const issues = Array.from({ length: 65_000 }, (_, index) => ({
      code: 'custom' as const,
      path: ['all', index],
      message: 'Invalid',
    }));
    const { message } = new InvalidArguments(issues);
    expect(message).toMatch(/^all\.0: Invalid; all\.1: Invalid; /);
    expect(message.length).toBeLessThanOrEqual(sizes.displayedCharacters);
  });

  it.each([
    ['told', 'Try Tuesday instead.'],
    ['thrown', 'The tool failed. Request id: request-1'],
    ['malformed', 'The tool failed. Request id: request-1'],
  ])('answers a tool that fails (%s) with an error result and no internals', async (how, text) => {
    const { json } = await server.modern('tools/call', { name: 'failing', arguments: { how } });
    expect(json.result).toEqual({ content: [{ type: 'text', text }], isError: true, ...stamp });
  });

  it('gets a prompt', async () => {
    const { json } = await server.modern('prompts/get', {
      name: 'greet',
      arguments: { name: 'Ada', tone: 'warm' },
    });
    expect(json.result).toEqual({
      description: 'Greets somebody.',
      messages: [{ role: 'user', content: { type: 'text', text: 'Greet Ada in a warm tone.' } }],
      ...stamp,
    });
  });

  it('reads text, bytes and what a template names', async () => {
    expect((await server.modern('resources/read', { uri: 'test://note' })).json.result).toEqual({
      contents: [{ uri: 'test://note', mimeType: 'text/plain', text: 'a note' }],
      ...caching,
      ...stamp,
    });
    expect(
      (await server.modern('resources/read', { uri: 'test://bytes' })).json.result.contents[0].blob,
    ).toBe('AQID');
    expect(
      (await server.modern('resources/read', { uri: 'test://book/two%20words/7' })).json.result
        .contents[0].text,
    ).toBe('chapter two words, page 7');
  });

  it.each([
    ...[
      'test://nowhere',
      'test://book/1/0',
      'test://book/1/%zz',
      'test://book/1/2/3',
      'test://book/1/',
      'test://book/1/2?x',
    ],
    // Decoded, they would reach further than their segment.
    ...[
      'test://book/1/..',
      'test://book/%2e%2E/2',
      'test://book/..%2F..%2Fetc/2',
      'test://book/1/a%5Cb',
      'test://book/1/a%00b',
    ],
  ])('does not find %s', async (uri) => {
    const { status, json } = await server.modern('resources/read', { uri });
    expect(status).toBe(200);
    expect(json.error).toEqual({
      code: -32_602,
      message: 'Resource not found',
      data: { uri, code: 'unknown_resource', requestId: 'request-1' },
    });
  });

  it('completes arguments of prompts and variables of templates, at most a hundred values', async () => {
    const prompt = await server.modern('completion/complete', {
      ref: { type: 'ref/prompt', name: 'greet' },
      argument: { name: 'tone', value: 'c' },
    });
    expect(prompt.json.result.completion).toEqual({
      values: ['cool', 'curt'],
      total: 2,
      hasMore: false,
    });
    const template = await server.modern('completion/complete', {
      ref: { type: 'ref/resource', uri: 'test://book/{chapter}/{page}' },
      argument: { name: 'page', value: '1' },
      context: { arguments: { chapter: 'x' } },
    });
    expect(template.json.result.completion).toMatchObject({ total: 150, hasMore: true });
    expect(template.json.result.completion.values).toHaveLength(100);
    expect(template.json.result.completion.values[0]).toBe('x-10');
    for (const name of ['name', '__proto__', 'constructor']) {
      const none = await server.modern('completion/complete', {
        ref: { type: 'ref/prompt', name: 'greet' },
        argument: { name, value: '' },
      });
      expect(none.json.result.completion).toEqual({ values: [], hasMore: false });
    }
  });

  it('acknowledges a subscription to nothing and ends it at once', async () => {
    const { status, headers, events } = await server.modern(
      'subscriptions/listen',
      { notifications: { toolsListChanged: true } },
      { id: 'sub' },
    );
    expect(status).toBe(200);
    expect(headers).toMatchObject({
      'content-type': 'text/event-stream',
      'x-accel-buffering': 'no',
    });
    expect(events.map(({ message }) => message)).toEqual([
      {
        jsonrpc: '2.0',
        method: 'notifications/subscriptions/acknowledged',
        params: { notifications: {}, _meta: { 'io.modelcontextprotocol/subscriptionId': 'sub' } },
      },
      {
        jsonrpc: '2.0',
        id: 'sub',
        result: {
          resultType: 'complete',
          _meta: { ...stamp._meta, 'io.modelcontextprotocol/subscriptionId': 'sub' },
        },
      },
    ]);
  });

  it('refuses a subscription without a filter, and one to a client that takes no stream', async () => {
    expect((await server.modern('subscriptions/listen')).json.error.code).toBe(-32_602);
    const { status } = await server.modern(
      'subscriptions/listen',
      { notifications: {} },
      { headers: { accept: 'application/json' } },
    );
    expect(status).toBe(406);
  });

  it('takes notifications without an answer', async () => {
    const { status, body } = await server.send({
      headers: { 'mcp-protocol-version': '2026-07-28' },
      json: {
        jsonrpc: '2.0',
        method: 'notifications/cancelled',
        params: { requestId: 1, _meta: envelope() },
      },
    });
    expect({ status, body }).toEqual({ status: 202, body: '' });
  });

  it.each([
    'initialize',
    'ping',
    'logging/setLevel',
    'tools/nope',
    'sampling/createMessage',
    'constructor',
    '__proto__',
    '',
  ])('does not know the method "%s"', async (method) => {
    const { status, json } = await server.modern(method);
    expect(status).toBe(404);
    expect(json).toEqual({
      jsonrpc: '2.0',
      id: 1,
      error: {
        code: -32_601,
        message: 'Method not found',
        data: { code: 'unknown_mcp_method', requestId: 'request-1' },
      },
    });
    expect(server.securityEvents.map(({ name }) => name)).toEqual(['UnknownMcpMethod']);
  });

  it('does not know the methods of a capability that it has nothing for', async () => {
    const tiny = serverOf({ tools: [add] });
    expect((await tiny.modern('server/discover')).json.result.capabilities).toEqual({ tools: {} });
    expect((await tiny.modern('prompts/list')).status).toBe(404);
    expect((await tiny.modern('completion/complete')).status).toBe(404);
  });

  it('refuses an unknown tool and an unknown prompt inside a 200 answer', async () => {
    for (const method of ['tools/call', 'prompts/get']) {
      const { status, json } = await server.modern(method, { name: '__proto__' });
      expect(status).toBe(200);
      expect(json.error.code).toBe(-32_602);
    }
  });

  it('refuses what a caller was not granted with 403', async () => {
    const scopes = ['gatehouse/tools.read'];
    for (const response of [
      await server.modern('tools/call', { name: 'act' }, { scopes }),
      await server.modern('resources/read', { uri: 'test://bytes' }, { scopes }),
    ]) {
      expect(response.status).toBe(403);
      expect(response.json.error.data).toMatchObject({
        code: 'insufficient_scope',
        requiredScopes: ['gatehouse/tools.call'],
      });
    }
    expect((await server.modern('tools/list', {}, { scopes: [] })).status).toBe(403);
  });

  it('hands the trace context on', async () => {
    await server.modern(
      'tools/list',
      {},
      { meta: { traceparent: '00-0af7651916cd43dd8448eb211c80319c-00f067aa0ba902b7-01' } },
    );
    await server.modern('tools/list', {}, { meta: { traceparent: 5 } });
    expect(server.traces).toEqual(['00-0af7651916cd43dd8448eb211c80319c-00f067aa0ba902b7-01']);
  });

  it('asks for input where the client can be asked, and goes on with what it brings', async () => {
    const capable = { 'io.modelcontextprotocol/clientCapabilities': { elicitation: {} } };
    const requested = await server.modern('tools/call', { name: 'asking' }, { meta: capable });
    expect(requested.json.result).toMatchObject({
      resultType: 'input_required',
      requestState: 'state-1',
      inputRequests: { name: { method: 'elicitation/create' } },
    });
    const answered = await server.modern('tools/call', {
      name: 'asking',
      inputResponses: { name: { action: 'accept' } },
      requestState: 'state-1',
    });
    expect(answered.json.result.content[0].text).toBe('{"action":"accept"} state-1');
    const incapable = await server.modern('tools/call', { name: 'asking' });
    expect(incapable.status).toBe(400);
    expect(incapable.json.error).toMatchObject({
      code: -32_021,
      data: { requiredCapabilities: { elicitation: { form: {} } } },
    });
  });

  it.each([
    [
      'prompts/get',
      { name: 'welcome' },
      {
        messages: [
          { content: { text: '{"action":"accept"}' } },
          { content: { type: 'resource_link' } },
        ],
      },
    ],
    [
      'resources/read',
      { uri: 'test://secret' },
      { contents: [{ text: 'secret asked' }], ...caching },
    ],
  ])('asks for input from %s as well', async (method, params, result) => {
    const meta = { 'io.modelcontextprotocol/clientCapabilities': { elicitation: {} } };
    const requested = (await server.modern(method, params, { meta })).json.result;
    expect(requested).toMatchObject({
      resultType: 'input_required',
      inputRequests: { name: { method: 'elicitation/create' } },
    });
    expect(requested).not.toHaveProperty('ttlMs');
    const retryInput = {
      inputResponses: { name: { action: 'accept' }, unasked: {} },
      ...(method === 'resources/read' && { requestState: 'asked' }),
    };
    expect(
      (await server.modern(method, { ...params, ...retryInput }, { meta })).json.result,
    ).toMatchObject({
      resultType: 'complete',
      ...result,
    });
    expect((await server.modern(method, params)).status).toBe(400);
  });

  it.each([
    ['form', { elicitation: {} }, undefined],
    ['form', { elicitation: { form: {}, url: {} } }, undefined],
    ['form', { elicitation: { url: {} } }, { elicitation: { form: {} } }],
    ['form', {}, { elicitation: { form: {} } }],
    ['url', { elicitation: {} }, { elicitation: { url: {} } }],
    ['url', { elicitation: { url: {} } }, undefined],
    ['sampling', { sampling: {} }, undefined],
    ['sampling', { elicitation: {} }, { sampling: {} }],
    ['sampling with tools', { sampling: {} }, { sampling: { tools: {} } }],
    ['sampling with tools', { sampling: { tools: {} } }, undefined],
    ['roots', { roots: { listChanged: true } }, undefined],
    ['roots', {}, { roots: {} }],
    ['time', {}, undefined],
  ])(
    'asks for %s of a client with %j or names what it lacks',
    async (what, declared, requiredCapabilities) => {
      const meta = { 'io.modelcontextprotocol/clientCapabilities': declared };
      const { status, json } = await server.modern(
        'tools/call',
        { name: 'curious', arguments: { what } },
        { meta },
      );
      if (requiredCapabilities === undefined) expect(json.result.resultType).toBe('input_required');
      else
        expect({ status, ...json.error }).toMatchObject({
          status: 400,
          code: -32_021,
          data: { requiredCapabilities },
        });
    },
  );

  it('tells a client to come again without asking for anything', async () => {
    const { result } = (
      await server.modern('tools/call', { name: 'curious', arguments: { what: 'time' } })
    ).json;
    expect(result).toEqual({ ...stamp, resultType: 'input_required', requestState: 'later' });
    expect(() => new InputRequired({})).toThrow('needs a request for input, or a requestState');
  });

  it('refuses malformed answers to what it asked', async () => {
    for (const retryInput of [
      { inputResponses: [] },
      { inputResponses: 5 },
      { requestState: {} },
    ]) {
      expect(
        (await server.modern('tools/call', { name: 'asking', ...retryInput })).json.error.code,
      ).toBe(-32_602);
    }
  });

  it('answers a call that wants a task as any other: it declares no tasks', async () => {
    const { json } = await server.modern('tools/call', { name: 'echo', task: { ttl: 1000 } });
    expect(json.result.content).toEqual([{ type: 'text', text: 'nothing' }]);
  });
});
