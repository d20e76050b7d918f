import { envelope, mirrored, serverOf } from '../exchange.ts';
import { fixtures } from '../fixtures.ts';

const server = serverOf(fixtures);

const call = (headers: Record<string, string | undefined>, body: object = {}) =>
  server.send({
    headers: Object.fromEntries(
      Object.entries({
        'mcp-protocol-version': '2026-07-28',
        'mcp-method': 'tools/call',
        'mcp-name': 'add',
        ...headers,
      }).filter((entry): entry is [string, string] => entry[1] !== undefined),
    ),
    json: {
      jsonrpc: '2.0',
      id: 7,
      method: 'tools/call',
      params: { name: 'add', arguments: { a: 1, b: 2 }, _meta: envelope() },
      ...body,
    },
  });

describe('headers of 2026-07-28', () => {
  it.each([
    ['no version', { 'mcp-protocol-version': undefined }],
    ['another version', { 'mcp-protocol-version': '2025-11-25' }],
    ['no method', { 'mcp-method': undefined }],
    ['another method', { 'mcp-method': 'tools/list' }],
    ['a method in capitals', { 'mcp-method': 'Tools/Call' }],
    ['no name', { 'mcp-name': undefined }],
    ['another name', { 'mcp-name': 'act' }],
    ['a name that is not base64', { 'mcp-name': '=?base64?a?=' }],
    ['a name that is not canonical base64', { 'mcp-name': '=?base64?YWRk=?=' }],
    ['a name that is not UTF-8', { 'mcp-name': '=?base64?/w==?=' }],
    ['a name with bytes that must be encoded', { 'mcp-name': 'äadd' }],
    ['an encoded name of another tool', { 'mcp-name': mirrored('äct') }],
  ])('refuses a request with %s', async (_what, headers) => {
    const { status, json } = await call(headers);
    expect(status).toBe(400);
    expect(json).toMatchObject({
      id: 7,
      error: { code: -32_020, data: { code: 'header_mismatch' } },
    });
  });

  it('takes an encoded name', async () => {
    expect(
      (await call({ 'mcp-name': `=?base64?${Buffer.from('add').toString('base64')}?=` })).status,
    ).toBe(200);
  });

  it.each([
    ['the version', { 'io.modelcontextprotocol/protocolVersion': 5 }],
    ['the capabilities', { 'io.modelcontextprotocol/clientCapabilities': undefined }],
    ['a capability', { 'io.modelcontextprotocol/clientCapabilities': { sampling: true } }],
    ['the client', { 'io.modelcontextprotocol/clientInfo': { name: 'x' } }],
    ['the log level', { 'io.modelcontextprotocol/logLevel': 'loud' }],
  ])('refuses a request whose _meta lacks or breaks %s', async (_what, meta) => {
    const { status, json } = await server.modern('tools/list', {}, { meta });
    expect(status).toBe(400);
    expect(json).toMatchObject({ id: 1, error: { code: -32_602 } });
  });

  it('refuses a modern header over a body that is not', async () => {
    const { status, json } = await call({}, { params: { name: 'add' } });
    expect(status).toBe(400);
    expect(json.error.code).toBe(-32_602);
    const initialize = await call({}, { method: 'initialize', params: {} });
    expect(initialize.json.error.code).toBe(-32_020);
  });

  it('names what it speaks to whoever speaks something else', async () => {
    const meta = { 'io.modelcontextprotocol/protocolVersion': '2027-01-01' };
    const { status, json } = await server.modern(
      'tools/list',
      {},
      { meta, headers: { 'mcp-protocol-version': '2027-01-01' } },
    );
    expect(status).toBe(400);
    expect(json.error).toMatchObject({
      code: -32_022,
      data: {
        supported: ['2026-07-28', '2025-11-25', '2025-06-18', '2025-03-26'],
        requested: '2027-01-01',
      },
    });
    // What a later version asks of its envelope, nobody knows.
    const later = await server.send({
      headers: { 'mcp-protocol-version': '2027-01-01', 'mcp-method': 'tools/list' },
      json: { jsonrpc: '2.0', id: 1, method: 'tools/list', params: { _meta: meta } },
    });
    expect(later).toMatchObject({
      status: 400,
      json: { id: 1, error: { code: -32_022, data: { requested: '2027-01-01' } } },
    });
    const bare = await server.legacy('tools/list', {}, { version: '2024-11-05' });
    expect(bare).toMatchObject({
      status: 400,
      json: { id: 1, error: { code: -32_022, data: { requested: '2024-11-05' } } },
    });
  });

  it('holds notifications to the headers that they bring', async () => {
    const notification = (
      headers: Record<string, string>,
      method = 'notifications/progress',
      params: object = { _meta: envelope() },
    ) => server.send({ headers, json: { jsonrpc: '2.0', method, params } });
    expect((await notification({ 'mcp-protocol-version': '2026-07-28' })).status).toBe(202);
    expect((await notification({})).status).toBe(202);
    expect((await notification({ 'mcp-protocol-version': '2025-11-25' })).status).toBe(400);
    expect(
      (await notification({ 'mcp-protocol-version': '2026-07-28' }, 'notifications/initialized'))
        .status,
    ).toBe(404);
  });

  describe('Mcp-Param-*', () => {
    const regional = (given: object, headers: Record<string, string>) =>
      server.modern('tools/call', { name: 'regional', arguments: given }, { headers });

    it.each([
      [{ region: 'eu' }, { 'mcp-param-region': 'eu' }],
      [{ region: 'Zürich' }, { 'mcp-param-region': mirrored('Zürich') }],
      [{ region: ' padded ' }, { 'mcp-param-region': mirrored(' padded ') }],
      [{ region: '=?base64?literal?=' }, { 'mcp-param-region': mirrored('=?base64?literal?=') }],
      [{ region: '' }, { 'mcp-param-region': '' }],
      [{ size: 42 }, { 'mcp-param-size': '42.0' }],
      [{ size: -7 }, { 'mcp-param-size': '-7' }],
      [{ nested: { dry: true } }, { 'mcp-param-dry': 'true' }],
      [{}, {}],
      [{}, { 'mcp-param-region': 'ignored without a value' }],
    ])('takes %j with %j', async (given, headers) => {
      const { status, json } = await regional(given, headers);
      expect(status).toBe(200);
      expect(json.result.isError).toBeUndefined();
    });

    it.each([
      [{ region: 'eu' }, {}],
      [{ region: 'eu' }, { 'mcp-param-region': 'us' }],
      [{ region: 'eu' }, { 'mcp-param-region': '=?base64?e?=' }],
      [{ size: 42 }, { 'mcp-param-size': '43' }],
      [{ size: 42 }, { 'mcp-param-size': '0x2a' }],
      [{ nested: { dry: true } }, { 'mcp-param-dry': 'True' }],
    ])('refuses %j with %j', async (given, headers) => {
      const { status, json } = await regional(given, headers);
      expect(status).toBe(400);
      expect(json.error.code).toBe(-32_020);
    });
  });

  it.each([
    ['application/json, text/event-stream', 200],
    ['application/json', 200],
    ['*/*', 200],
    ['application/*;q=0.5', 200],
    ['APPLICATION/JSON;charset=utf-8', 200],
    ['text/event-stream', 406],
    ['text/html', 406],
    ['application/json;q=0, text/event-stream', 406],
    ['', 406],
  ])('answers a client that accepts "%s" with %i', async (accept, status) => {
    expect((await server.modern('tools/list', {}, { headers: { accept } })).status).toBe(status);
  });

  it.each(['GET', 'DELETE', 'PUT'])('answers %s with 405 and what is allowed', async (method) => {
    const { status, headers } = await server.send({ method });
    expect(status).toBe(405);
    expect(headers['allow']).toBe('POST');
  });
});
