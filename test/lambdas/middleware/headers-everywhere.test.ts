import { Readable } from 'node:stream';
import { InvalidToken, NotFound, RateLimitExceeded } from '../../../lambdas/errors/errors.ts';
import type { HttpResponse } from '../../../lambdas/http/request.ts';
import type { StackOptions } from '../../../lambdas/middleware/options.ts';
import { contentSecurityPolicy, headerTable } from '../../../policy/headers.ts';
import type { Asked } from '../http/gateway-event.ts';
import { jsonHeaders, ok, settings, stack } from './stack.ts';

const table = headerTable('production');
const json: Asked = { headers: jsonHeaders, body: '{}' };

interface Case {
  readonly name: string;
  readonly status: number;
  readonly asked: Asked;
  readonly options?: Partial<StackOptions>;
  readonly handler?: () => HttpResponse;
}

const throwing = (thrown: unknown) => (): never => {
  throw thrown;
};
const typed = (headers: Asked['headers'], body = '{}'): Asked => ({
  headers: { ...jsonHeaders, ...headers },
  body,
});
const foreign = { origin: 'https://evil.example' };
const badToken = { authenticate: throwing(new InvalidToken()) };

const cases: readonly Case[] = [
  { name: 'a handler’s response', status: 200, asked: json },
  {
    name: 'a preflight',
    status: 204,
    asked: { method: 'OPTIONS', headers: { origin: 'https://claude.ai' } },
  },
  {
    name: 'a preflight of a foreign origin',
    status: 204,
    asked: { method: 'OPTIONS', headers: foreign },
  },
  {
    name: 'a preflight of a foreign origin to /mcp',
    status: 403,
    asked: { method: 'OPTIONS', headers: foreign },
    options: badToken,
  },
  { name: 'a repeated header', status: 400, asked: typed({ authorization: ['a', 'b'] }) },
  {
    name: 'a repeated query parameter',
    status: 400,
    asked: { ...json, query: ['1', '2'].map((value) => ['a', value] as const) },
  },
  { name: 'a body without type', status: 415, asked: { body: '{}' } },
  { name: 'a body that is not JSON', status: 400, asked: typed({}, '{') },
  { name: 'a body that is too large', status: 413, asked: typed({}, 'x'.repeat(300_000)) },
  { name: 'a token in the query', status: 400, asked: { ...json, query: [['access_token', 'x']] } },
  { name: 'a foreign origin to /mcp', status: 403, asked: typed(foreign), options: badToken },
  { name: 'a bad token', status: 401, asked: json, options: badToken },
  {
    name: 'a limit',
    status: 429,
    asked: json,
    handler: throwing(new RateLimitExceeded({ retryAfterSeconds: 12 })),
  },
  { name: 'a handler that refuses', status: 404, asked: json, handler: throwing(new NotFound()) },
  {
    name: 'a handler that breaks',
    status: 500,
    asked: json,
    handler: throwing(new TypeError('cannot read secret of undefined')),
  },
  { name: 'a handler that throws text', status: 500, asked: json, handler: throwing('text') },
  { name: 'a handler that throws nothing', status: 500, asked: json, handler: throwing(undefined) },
  {
    name: 'a handler that answers with a stream where none is',
    status: 500,
    asked: json,
    handler: () => ({ statusCode: 200, body: Readable.from(['x']) }),
  },
];

describe('the whole header table is on', () => {
  it.each(cases)('$name', async ({ status, asked, options, handler }) => {
    const response = await stack(options, handler ?? ok)(asked);
    expect(response.status).toBe(status);
    expect(response.headers).toMatchObject(table);
    expect(response.headers['vary']).toBe('Origin');
  });

  it('the shape of every refusal, and names the request', async () => {
    for (const { status, asked, options, handler } of cases) {
      if (status < 400) continue;
      for (const errors of ['jsonrpc', 'oauth', 'problem', 'page'] as const) {
        const response = await stack({ ...options, errors }, handler ?? ok)(asked);
        expect(response.status).toBe(status);
        expect(response.body).toContain('c6af9ac6-7b61-11e6-9a41-93e8deadbeef');
        expect(response.body).not.toMatch(/cannot read|node_modules|\.ts:|at .*\(/);
      }
    }
  });
});

describe('a handler’s own headers', () => {
  const answering = (headers: Record<string, string>) =>
    stack({}, () => ({ statusCode: 200, headers, body: '' }))(json);

  it('keep a stricter policy and lose a looser one', async () => {
    const strict = "default-src 'none'; style-src 'nonce-x'";
    expect(
      (await answering({ 'content-security-policy': strict })).headers['content-security-policy'],
    ).toBe(strict);
    for (const loose of [
      'default-src *',
      "script-src 'unsafe-inline'",
      "default-src 'none' https:; x",
      '',
    ]) {
      expect(
        (await answering({ 'content-security-policy': loose })).headers['content-security-policy'],
      ).toBe(contentSecurityPolicy.production);
    }
  });

  it('keep the one caching that the policy knows, and no other', async () => {
    expect(
      (await answering({ 'cache-control': 'public, max-age=300' })).headers['cache-control'],
    ).toBe('public, max-age=300');
    expect(
      (await answering({ 'cache-control': 'public, max-age=301' })).headers['cache-control'],
    ).toBe(table['cache-control']);
  });

  it('cannot take a header of the table away, nor say what runs here', async () => {
    const { headers } = await answering({
      'x-frame-options': 'ALLOWALL',
      server: 'x',
      'x-powered-by': 'y',
    });
    expect(headers['x-frame-options']).toBe('DENY');
    expect(headers).not.toHaveProperty('server');
    expect(headers).not.toHaveProperty('x-powered-by');
  });
});

it('sends the development policy on development environments', async () => {
  const response = await stack({ settings: { ...settings, ENVIRONMENT: 'development' } })(json);
  expect(response.headers['content-security-policy']).toBe(contentSecurityPolicy.development);
});

it('sends each cookie as a Set-Cookie of its own, and no member that API Gateway does not know', async () => {
  const { cookies } = await stack({}, () => ({
    statusCode: 200,
    cookies: ['a=1', 'b=2'],
    body: '',
  }))(json);
  expect(cookies).toEqual({
    statusCode: 200,
    headers: expect.any(Object),
    multiValueHeaders: { 'set-cookie': ['a=1', 'b=2'] },
    body: '',
  });
});
