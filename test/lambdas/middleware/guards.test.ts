import {
  BlockedUser,
  InsufficientScope,
  InvalidToken,
  RateLimitExceeded,
  TemporarilyUnavailable,
} from '../../../lambdas/errors/errors.ts';
import type { SecuredRequest } from '../../../lambdas/middleware/secured.ts';
import type { CountedRequest, LimitUser } from '../../../lambdas/user-limit/user-limit.ts';
import { corsRequestHeaders } from '../../../policy/cors.ts';
import { sizes } from '../../../policy/limits.ts';
import type { Asked } from '../http/gateway-event.ts';
import { eventsOf, metricsOf } from '../logging/log-lines.ts';
import { jsonHeaders, now, ok, settings, stack } from './stack.ts';

const caller = {
  sub: 'sub-1',
  username: 'dev',
  scopes: ['gatehouse/tools.read'],
  clientId: 'appclaude',
  profile: 'claude',
};
const authenticate = async () => caller;
const json: Asked = { headers: jsonHeaders, body: '{}' };

/** What the handler is given. */
const seen = async (requested: Asked, options = {}): Promise<SecuredRequest | undefined> => {
  let request: SecuredRequest | undefined;
  await stack(options, (given) => {
    request = given;
    return ok(given);
  })(requested);
  return request;
};

describe('a request reaches its handler', () => {
  it('with its parts checked and named', async () => {
    const request = await seen({
      path: '/mcp/',
      resource: '/mcp',
      headers: {
        ...jsonHeaders,
        'X-Custom': 'a',
        Accept: ['text/event-stream', 'application/json'],
        Cookie: ['a=1', 'b=2'],
      },
      query: [['q', '1']],
      body: '{"method":"ping"}',
    });
    expect(request).toMatchObject({
      method: 'POST',
      path: '/mcp',
      headers: {
        'x-custom': 'a',
        accept: 'text/event-stream, application/json',
        cookie: 'a=1; b=2',
      },
      query: { q: '1' },
      body: '{"method":"ping"}',
      json: { method: 'ping' },
      sourceIp: '192.0.2.7',
      now,
    });
  });

  it('with its caller only where it asks for one', async () => {
    expect(await seen(json)).not.toHaveProperty('caller');
    expect(await seen(json, { authenticate })).toHaveProperty('caller', caller);
  });

  it('from a base64 body, read as UTF-8', async () => {
    const body = Buffer.from('{"name":"Zoë"}').toString('base64');
    expect(await seen({ ...json, body, base64: true })).toHaveProperty('json', { name: 'Zoë' });
  });

  it('without the body of a GET, which means nothing', async () => {
    expect(await seen({ method: 'GET', headers: jsonHeaders, body: '{' })).toMatchObject({
      body: '',
      json: undefined,
    });
  });
});

describe('refuses, and counts it as an input validation failure', () => {
  const deep = (levels: number) => '['.repeat(levels) + ']'.repeat(levels);
  const cases: readonly (readonly [
    name: string,
    status: number,
    code: string,
    requested: Asked,
  ])[] = [
    [
      'two Authorization headers',
      400,
      'invalid_request',
      { ...json, headers: { ...jsonHeaders, Authorization: ['Bearer a', 'Bearer a'] } },
    ],
    [
      'two content types',
      400,
      'invalid_request',
      { ...json, headers: { 'content-type': ['application/json', 'text/plain'] } },
    ],
    [
      'two origins',
      400,
      'invalid_request',
      {
        ...json,
        headers: { ...jsonHeaders, origin: ['https://claude.ai', 'https://evil.example'] },
      },
    ],
    [
      'two Mcp-Method headers',
      400,
      'header_mismatch',
      { ...json, headers: { ...jsonHeaders, 'Mcp-Method': ['tools/list', 'tools/call'] } },
    ],
    [
      'two Mcp-Param headers',
      400,
      'header_mismatch',
      { ...json, headers: { ...jsonHeaders, 'Mcp-Param-Region': ['a', 'b'] } },
    ],
    [
      'a repeated query parameter',
      400,
      'invalid_request',
      {
        ...json,
        query: [
          ['a', '1'],
          ['a', '1'],
        ],
      },
    ],
    [
      'a compressed body',
      415,
      'unsupported_media_type',
      { ...json, headers: { ...jsonHeaders, 'content-encoding': 'gzip' } },
    ],
    ['no content type', 415, 'unsupported_media_type', { body: '{}' }],
    [
      'a form where JSON is taken',
      415,
      'unsupported_media_type',
      { headers: { 'content-type': 'application/x-www-form-urlencoded' }, body: 'a=1' },
    ],
    [
      'another charset',
      415,
      'unsupported_media_type',
      { headers: { 'content-type': 'application/json; charset=utf-16' }, body: '{}' },
    ],
    [
      'another charset in quotes',
      415,
      'unsupported_media_type',
      { headers: { 'content-type': 'application/json; charset="utf-7"' }, body: '{}' },
    ],
    [
      'a body that is not UTF-8',
      400,
      'invalid_request',
      { ...json, body: Buffer.from([0x22, 0xff, 0x22]).toString('base64'), base64: true },
    ],
    [
      'a body one byte too large',
      413,
      'request_too_large',
      { ...json, body: `"${'x'.repeat(sizes.bodyBytes - 1)}"` },
    ],
    [
      'a body too large in bytes, not in characters',
      413,
      'request_too_large',
      { ...json, body: `"${'é'.repeat(sizes.bodyBytes / 2)}"` },
    ],
    [
      'a base64 body too large',
      413,
      'request_too_large',
      { ...json, body: Buffer.alloc(sizes.bodyBytes + 4).toString('base64'), base64: true },
    ],
    ['no body', 400, 'malformed_json', { headers: jsonHeaders }],
    ['half a body', 400, 'malformed_json', { ...json, body: '{"a":' }],
    [
      'a body nested one level too deep',
      400,
      'invalid_request',
      { ...json, body: deep(sizes.jsonDepth + 1) },
    ],
    ['a body nested without end', 400, 'invalid_request', { ...json, body: '['.repeat(200_000) }],
    [
      'a batch that is too long',
      400,
      'invalid_request',
      { ...json, body: JSON.stringify(Array(sizes.batchMessages + 1).fill({})) },
    ],
    ['a token in the query', 400, 'misplaced_token', { ...json, query: [['access_token', 'eyJ']] }],
    ['a token in the body', 400, 'misplaced_token', { ...json, body: '{"access_token":"eyJ"}' }],
  ];

  it.each(cases)('%s', async (_name, status, code, requested) => {
    const response = await stack()(requested);
    expect(response).toMatchObject({ status, json: { code, status } });
    expect(eventsOf(response)).toEqual(['InputValidationFailure']);
    expect(metricsOf(response)).toEqual(['InputValidationFailure']);
  });

  it('a token in a form, but not one that is revoked or refreshed there', async () => {
    const form = { 'content-type': 'application/x-www-form-urlencoded; charset=UTF-8' };
    const call = stack({
      bodies: { types: ['application/x-www-form-urlencoded'], bytes: sizes.bodyBytes },
    });
    expect(await call({ headers: form, body: 'access_token=x' })).toMatchObject({
      status: 400,
      json: { code: 'misplaced_token' },
    });
    expect(await call({ headers: form, body: 'token=x' })).toMatchObject({ status: 200 });
    expect(await call({ headers: form, body: 'refresh_token=x&code=y' })).toMatchObject({
      status: 200,
    });
  });

  it.each(['utf-8', 'UTF-8', 'utf8', '"utf-8"', '"UTF-8" ; a=b', 'utf-8; a="b"'])(
    'not the charset %s',
    async (charset) => {
      const headers = { 'content-type': `application/json; charset=${charset}` };
      expect(await stack()({ headers, body: '{}' })).toMatchObject({ status: 200 });
    },
  );

  it.each(['utf-16', '"utf-16"', '"utf-8', '', 'utf-8x', 'utf-8; charset=utf-7'])(
    'the charset %j',
    async (charset) => {
      const headers = { 'content-type': `application/json; charset=${charset}` };
      expect(await stack()({ headers, body: '{}' })).toMatchObject({ status: 415 });
    },
  );

  it('nothing at the very edge of a size', async () => {
    for (const body of [
      `"${'x'.repeat(sizes.bodyBytes - 2)}"`,
      deep(sizes.jsonDepth),
      JSON.stringify(Array(sizes.batchMessages).fill({})),
      `["${'['.repeat(99)}"]`,
    ]) {
      expect(await stack()({ ...json, body })).toMatchObject({ status: 200 });
    }
  });

  it('nothing that pollutes a prototype', async () => {
    const request = await seen({
      ...json,
      headers: { ...jsonHeaders, __proto__: 'x' },
      query: [['__proto__', 'x']],
      body: '{"__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}}}',
    });
    expect(request).toBeDefined();
    expect({}).not.toHaveProperty('polluted');
  });
});

describe('authentication', () => {
  it('refuses, and counts an invalid token once', async () => {
    const response = await stack({
      authenticate: async () => {
        throw new InvalidToken({ detail: 'expired' });
      },
    })(json);
    expect(response).toMatchObject({
      status: 401,
      json: { code: 'invalid_token', detail: 'The access token is not valid.' },
    });
    expect(eventsOf(response)).toEqual(['InvalidToken']);
    expect(response.lines[0]).toMatchObject({
      detail: 'expired',
      sourceIp: '192.0.2.7',
      endpoint: '/mcp',
    });
  });

  it('refuses a caller without the scope that every call needs', async () => {
    const response = await stack({ authenticate: async () => ({ ...caller, scopes: [] }) })(json);
    expect(response).toMatchObject({ status: 403, json: { code: new InsufficientScope().code } });
  });

  it('comes before JSON: nothing is parsed for a stranger', async () => {
    const response = await stack({
      authenticate: async () => {
        throw new InvalidToken();
      },
    })({ ...json, body: '{' });
    expect(response.status).toBe(401);
  });
});

describe('the user limit', () => {
  it('counts every request of a user, whatever its body is, and a batch by its length', async () => {
    const counted: number[] = [];
    const limitUser: LimitUser = async (_caller, { calls }) => {
      counted.push(calls);
      return {};
    };
    const call = stack({ authenticate, limitUser });
    const large = `"${'x'.repeat(sizes.bodyBytes)}"`;
    for (const body of ['{}', '[]', '{', '{"access_token":1}', large])
      await call({ ...json, body });
    await call({ headers: { 'content-type': 'text/plain' }, body: '{}' });
    expect(counted).toEqual([1, 1, 1, 1, 1, 1]);
    await call({ ...json, body: '[{},{},{}]' });
    expect(counted.slice(6)).toEqual([1, 2]);
  });

  it('knows which limited tools a body calls when it counts, and counts them once', async () => {
    const counted: CountedRequest[] = [];
    const limitUser: LimitUser = async (_caller, request) => {
      counted.push(request);
      return { perMinute: 7 };
    };
    const limitedTools = (body: unknown) =>
      body === undefined ? [] : [{ tool: JSON.stringify(body), calls: 1, limit: {} }];
    const call = stack({ authenticate, limitUser, limitedTools });
    for (const body of ['{}', '{', '['.repeat(100_000), `"${'x'.repeat(sizes.bodyBytes)}"`])
      await call({ ...json, body });
    await call({ ...json, body: '[{},{}]' });
    const tool = (name: string) => [{ tool: name, calls: 1, limit: {} }];
    expect(counted).toEqual([
      { calls: 1, tools: tool('{}') },
      { calls: 1 },
      { calls: 1 },
      { calls: 1 },
      { calls: 1, tools: tool('[{},{}]') },
      { calls: 1, personal: { perMinute: 7 } },
    ]);
  });

  it('tells a blocked user of the block, also when the body is malformed', async () => {
    const limitUser = async () => {
      throw new BlockedUser();
    };
    for (const body of ['{}', '{', '['.repeat(100_000)]) {
      const response = await stack({ authenticate, limitUser })({ ...json, body });
      expect(response).toMatchObject({ status: 403, json: { code: 'blocked_user' } });
    }
  });

  it('answers 429 with Retry-After, and counts the event under a hash of the user', async () => {
    const limitUser = async () => {
      throw new RateLimitExceeded({ retryAfterSeconds: 17 });
    };
    const response = await stack({ authenticate, limitUser, errors: 'jsonrpc' })(json);
    expect(response).toMatchObject({ status: 429, headers: { 'retry-after': '17' } });
    expect(eventsOf(response)).toEqual(['RateLimitExceeded']);
    expect(response.lines[0]).toMatchObject({
      user: expect.stringMatching(/^[0-9a-f]{16}$/),
      profile: 'claude',
    });
    expect(response.raw).not.toContain('sub-1');
  });

  it.each([
    [
      new RateLimitExceeded({ about: { tool: 'pay', limit: 'tool per minute' } }),
      {
        outcome: 'refused',
        code: 'rate_limit_exceeded',
        definition: 'pay',
        limit: 'tool per minute',
      },
    ],
    [new BlockedUser(), { outcome: 'refused', code: 'blocked_user' }],
    [new TemporarilyUnavailable(), { outcome: 'failed', code: 'temporarily_unavailable' }],
  ])('puts who was refused into the audit trail, and by what: %s (LOG-6)', async (error, told) => {
    const limitUser = async () => {
      throw error;
    };
    const { lines } = await stack({ authenticate, limitUser })(json);
    expect(lines.filter(({ trail }) => trail !== undefined)).toEqual([
      expect.objectContaining({
        trail: 'refusal',
        user: expect.stringMatching(/^[0-9a-f]{16}$/),
        profile: 'claude',
        ...told,
      }),
    ]);
  });
});

describe('cross-origin', () => {
  const preflight = (origin: string): Asked => ({
    method: 'OPTIONS',
    headers: { Origin: origin, 'Access-Control-Request-Method': 'POST' },
  });

  it('answers the preflight of a listed origin with what the policy allows, and never with credentials', async () => {
    const { status, headers } = await stack({
      authenticate,
      corsRequestHeaders: ['Mcp-Param-Region'],
    })(preflight('https://claude.ai'));
    expect(status).toBe(204);
    expect(headers).toMatchObject({
      'access-control-allow-origin': 'https://claude.ai',
      'access-control-allow-methods': 'GET, POST, OPTIONS',
      'access-control-allow-headers': [...corsRequestHeaders, 'Mcp-Param-Region'].join(', '),
      'access-control-expose-headers': 'WWW-Authenticate, Retry-After, MCP-Protocol-Version',
      'access-control-max-age': '600',
    });
    expect(headers).not.toHaveProperty('access-control-allow-credentials');
  });

  const foreign = [
    'https://evil.example',
    'https://claude.ai.evil.example',
    'https://claude.ai:444',
    'http://claude.ai',
    'https://CLAUDE.ai',
    'https://claude.ai/',
    'null',
    '*',
    '',
  ];

  it.each(foreign)('gives %p no CORS header on a public endpoint', async (origin) => {
    for (const requested of [
      preflight(origin),
      { ...json, headers: { ...jsonHeaders, Origin: origin } },
    ]) {
      const { headers } = await stack()(requested);
      expect(Object.keys(headers).filter((name) => name.startsWith('access-control'))).toEqual([]);
      expect(headers['vary']).toBe('Origin');
    }
  });

  it.each(foreign)(
    'refuses %p where callers are authenticated, before it looks at the token',
    async (origin) => {
      const response = await stack({
        authenticate: async () => {
          throw new InvalidToken();
        },
      })({ ...json, headers: { ...jsonHeaders, Origin: origin } });
      expect(response).toMatchObject({ status: 403, json: { code: 'foreign_origin' } });
      expect(eventsOf(response)).toEqual(['CorsViolation']);
      expect(
        Object.keys(response.headers).filter((name) => name.startsWith('access-control')),
      ).toEqual([]);
    },
  );

  it('lets a client without an origin in: programs send none', async () => {
    expect(await stack({ authenticate })(json)).toMatchObject({ status: 200 });
  });

  it('adds nothing to pages', async () => {
    const { headers } = await stack({ cors: 'same-origin' })({
      ...json,
      headers: { ...jsonHeaders, Origin: 'https://claude.ai' },
    });
    expect(
      Object.keys(headers).filter((name) => name.startsWith('access-control') || name === 'vary'),
    ).toEqual([]);
  });

  it('lets the caller of a refused request read why, if its origin is listed', async () => {
    const { status, headers } = await stack()({
      ...json,
      body: '{',
      headers: { ...jsonHeaders, Origin: 'https://julius.ai' },
    });
    expect([status, headers['access-control-allow-origin']]).toEqual([400, 'https://julius.ai']);
  });
});

describe('the client address', () => {
  const spoofed = {
    ...jsonHeaders,
    'X-Forwarded-For': '198.51.100.1',
    'X-Real-IP': '198.51.100.1',
    Forwarded: 'for=198.51.100.1',
    'True-Client-IP': '198.51.100.1',
  };
  const proxied = { settings: { ...settings, TRUSTED_PROXY_HEADER: 'cloudfront-viewer-address' } };

  it('is the gateway’s, whatever the caller says', async () => {
    expect(await seen({ ...json, headers: spoofed })).toHaveProperty('sourceIp', '192.0.2.7');
    expect(
      await seen({
        ...json,
        headers: { ...spoofed, 'cloudfront-viewer-address': '198.51.100.1:1' },
      }),
    ).toHaveProperty('sourceIp', '192.0.2.7');
  });

  it.each([
    ['198.51.100.9:46532', '198.51.100.9'],
    // A bare IPv6 address may end like a port.
    ['2001:db8::7:4653', '2001:db8::7:4653'],
    ['[2001:db8::7]:46532', '2001:db8::7'],
    ['203.0.113.1, 198.51.100.9:1', '198.51.100.9'],
    ['198.51.100.9', '198.51.100.9'],
    ['nonsense', '192.0.2.7'],
    ['', '192.0.2.7'],
  ])('is the right-most of a declared proxy’s header: %p', async (value, address) => {
    expect(
      await seen({ ...json, headers: { ...spoofed, 'CloudFront-Viewer-Address': value } }, proxied),
    ).toHaveProperty('sourceIp', address);
  });
});
