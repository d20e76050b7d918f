import { type Gatehouse, startGatehouse } from '../../local/runtime.ts';
import { listedOrigins } from './runtime/crawl.ts';
import { mcpCaller } from './runtime/mcp-calls.ts';
import { faultsOf } from './runtime/response-rules.ts';
import { policyEndpoints } from './runtime/routes.ts';
import { header, type Received, type Sending, sender } from './runtime/send.ts';

const json = { 'content-type': 'application/json' };
const form = { 'content-type': 'application/x-www-form-urlencoded' };

/** An answer that keeps every rule, in the words that a person reads. */
const wordsOf = (
  answer: Received,
  path: string,
): { readonly status: number; readonly words: string } => {
  const endpoint = policyEndpoints.find((each) => each.path === path);
  expect(
    faultsOf(
      answer,
      { method: 'POST', endpoint },
      { allowedOrigins: listedOrigins, internals: [] },
    ),
  ).toEqual([]);
  const body = header(answer, 'content-type')?.includes('json') ? JSON.parse(answer.body) : {};
  const words =
    body.error?.message ?? body.error_description ?? body.detail ?? body.title ?? answer.body;
  return { status: answer.status, words };
};

describe('a request that makes no sense', () => {
  let gatehouse: Gatehouse;
  let token: string;
  beforeAll(async () => {
    gatehouse = await startGatehouse();
    token = await gatehouse.cognito.mint({ resource: gatehouse.mcpUrl });
  });
  afterAll(() => gatehouse?.stop());

  const megabyte = 'x'.repeat(1024 * 1024);
  const rows: readonly (readonly [string, string, Sending['headers'], string, number, RegExp])[] = [
    ['not JSON', '/mcp', json, 'this is not JSON', 400, /not valid JSON/],
    ['not JSON', '/register', json, '{"redirect_uris":', 400, /not valid JSON/],
    ['JSON that is no message', '/mcp', json, '{"hello":"world"}', 400, /not a JSON-RPC/],
    ['JSON that is no object', '/register', json, '[]', 400, /./],
    ['a wrong content type', '/mcp', form, 'a=b', 415, /content type/],
    [
      'a wrong content type',
      '/register',
      { 'content-type': 'text/html' },
      '{}',
      415,
      /Send application\/json/,
    ],
    [
      'a wrong content type',
      '/token',
      json,
      '{"grant_type":"refresh_token"}',
      415,
      /Send application\/x-www-form-urlencoded/,
    ],
    ['a wrong content type', '/consent', json, '{}', 415, /./],
    ['no content type', '/mcp', {}, '{}', 415, /content type/],
    [
      '1 MB',
      '/mcp',
      json,
      JSON.stringify({ jsonrpc: '2.0', id: 1, method: megabyte }),
      413,
      /too large/,
    ],
    ['1 MB', '/register', json, JSON.stringify({ client_name: megabyte }), 413, /too large/],
    ['1 MB', '/token', form, `grant_type=${megabyte}`, 413, /too large/],
    ['1 MB', '/consent', form, `csrf=${megabyte}`, 413, /./],
    ['bytes that are no text', '/register', json, '\u0000\ufffd\u0001', 400, /not valid JSON/],
    ['nothing at all', '/token', form, '', 401, /client_id/],
  ];

  it.each(rows)('%s to %s: a clear error', async (_name, path, headers, body, status, words) => {
    const response = await sender(gatehouse.port)({
      method: 'POST',
      path,
      body,
      headers: { ...headers, ...(path === '/mcp' && { authorization: `Bearer ${token}` }) },
    });
    expect(wordsOf(response, path)).toEqual({ status, words: expect.stringMatching(words) });
  });

  it('leaves the functions alive: none has failed', async () => {
    expect((await mcpCaller(gatehouse)({ token })).status).toBe(200);
    expect(gatehouse.invocations.filter(({ errorType }) => errorType !== undefined)).toEqual([]);
  });
});

describe('a deployment that went wrong', () => {
  const missing: Readonly<Record<string, string>> = {
    authorizer: 'COGNITO_CLIENT_ID',
    metadata: 'ISSUER_URL',
    registration: 'TABLE_NAME',
    authorization: 'COGNITO_DOMAIN',
    token: 'COGNITO_USER_POOL_ID',
    health: 'COGNITO_REGION',
    mcp: 'TABLE_NAME',
  };
  const probes: readonly (readonly [string, Sending])[] = [
    ['metadata', { path: '/.well-known/oauth-protected-resource' }],
    ['registration', { method: 'POST', path: '/register', headers: json, body: '{}' }],
    ['authorization', { path: '/authorize' }],
    ['token', { method: 'POST', path: '/token', headers: form, body: 'a=b' }],
    ['health', { path: '/health' }],
    ['mcp', { method: 'OPTIONS', path: '/mcp' }],
  ];

  it('without a variable: every function says which, and answers with all that an error owes', async () => {
    const gatehouse = await startGatehouse({
      environment: (name, variables) => ({
        ...variables,
        [missing[name] ?? 'NOTHING']: undefined,
      }),
    });
    try {
      for (const [name, sending] of probes) {
        // Twice: the failure of one start must not be the end of the function.
        for (const attempt of ['first', 'second'])
          expect({
            name,
            attempt,
            ...wordsOf(await sender(gatehouse.port)(sending), sending.path),
          }).toEqual({
            name,
            attempt,
            status: 502,
            words: 'Something went wrong on our side.',
          });
        const lines = gatehouse.logs.filter(
          ({ source, line }) => source === name && line.includes(`${missing[name]} is missing`),
        );
        expect({ name, lines: lines.length > 0 }).toEqual({ name, lines: true });
      }
      const refused = await mcpCaller(gatehouse)({
        token: await gatehouse.cognito.mint({ resource: gatehouse.mcpUrl }),
      });
      expect(wordsOf(refused, '/mcp')).toEqual({
        status: 503,
        words: 'The service is temporarily unavailable.',
      });
      expect(
        gatehouse.logs.some(
          ({ source, line }) =>
            source === 'authorizer' && line.includes('COGNITO_CLIENT_ID is missing'),
        ),
      ).toBe(true);
    } finally {
      await gatehouse.stop();
    }
  });

  it('whose table is gone: refused with the reason in the log, and what needs no table works', async () => {
    const gatehouse = await startGatehouse({
      environment: (_name, variables) => ({
        ...variables,
        TABLE_NAME: 'a-table-that-was-deleted',
      }),
    });
    try {
      const register = {
        method: 'POST',
        path: '/register',
        headers: json,
        body: JSON.stringify({ redirect_uris: ['http://localhost:1/callback'] }),
      };
      const redeem = {
        grant_type: 'authorization_code',
        client_id: 'claude',
        redirect_uri: 'https://claude.ai/api/mcp/auth_callback',
        code: 'a'.repeat(43),
        code_verifier: 'a'.repeat(43),
      };
      const send = sender(gatehouse.port);
      const token = await gatehouse.cognito.mint({ resource: gatehouse.mcpUrl });
      const responses = {
        '/mcp': await mcpCaller(gatehouse)({ token }),
        '/register': await send(register),
        '/token': await send({
          method: 'POST',
          path: '/token',
          headers: form,
          body: new URLSearchParams(redeem).toString(),
        }),
        '/health': await send({ path: '/health' }),
        '/authorize': await send({ path: '/authorize' }),
      };
      const statuses = Object.fromEntries(
        Object.entries(responses).map(([path, answer]) => [path, wordsOf(answer, path).status]),
      );
      // Fail closed, unlike a table that is merely out of reach: this must not look healthy.
      expect(statuses).toEqual({
        '/mcp': 503,
        '/register': 500,
        '/token': 500,
        '/health': 200,
        '/authorize': 400,
      });
      for (const name of ['mcp', 'registration', 'token'])
        expect({
          name,
          told: gatehouse.logs.some(
            ({ source, line }) => source === name && line.includes('ResourceNotFoundException'),
          ),
        }).toEqual({
          name,
          told: true,
        });
    } finally {
      await gatehouse.stop();
    }
  });
});
