import { Cdn } from '../../../local/cdn/cdn.ts';
import type { Behavior, Distribution } from '../../../local/cdn/distribution.ts';
import { compileEdgeFunction } from '../../../local/cdn/edge-function.ts';
import { matchesPattern } from '../../../local/cdn/path-pattern.ts';
import type { HttpResponse } from '../../../local/gateway/http-response.ts';
import { type GatewayRequest, makeRequest } from '../../../local/gateway/request.ts';

interface Given {
  readonly target?: string;
  readonly method?: string;
  readonly headers?: Record<string, string>;
  readonly body?: string;
  readonly at?: number;
}

const viewer = ({ target = '/', method = 'GET', headers = {}, body = '', at = 0 }: Given = {}) =>
  makeRequest({
    httpMethod: method,
    target,
    rawHeaders: Object.entries({ Host: 'localhost:3000', ...headers }).flat(),
    body: Buffer.from(body),
    tooLarge: false,
    sourceIp: '127.0.0.9',
    protocol: 'HTTP/1.1',
    receivedAt: at,
  });

const addressFunction =
  "function handler(event) { event.request.headers['x-viewer'] = { value: event.viewer.ip }; return event.request; }";

const behavior = (given: Partial<Behavior> = {}): Behavior => ({
  pathPattern: '*',
  methods: ['GET', 'HEAD', 'OPTIONS', 'PUT', 'PATCH', 'POST', 'DELETE'],
  origin: {
    domainName: 'api.example',
    path: '/local',
    headers: { 'x-secret': 'hush' },
    readMilliseconds: 100,
  },
  cache: { minimumSeconds: 0, defaultSeconds: 0, maximumSeconds: 0, headers: [] },
  passes: 'all but Host',
  applyHeaders: (headers) => headers,
  ...given,
});

const text = (body: string, headers: Record<string, string> = {}, status = 200): HttpResponse => ({
  status,
  headers: Object.entries(headers),
  body: Buffer.from(body),
});

const cdn = (
  behaviors: readonly Behavior[],
  origin: (request: GatewayRequest) => Promise<HttpResponse>,
  keptErrorSeconds: Distribution['keptErrorSeconds'] = new Map(),
) => {
  const distribution: Distribution = {
    id: 'E1',
    domainName: 'd1.cloudfront.net',
    behaviors,
    keptErrorSeconds,
  };
  const requested: GatewayRequest[] = [];
  const edge = new Cdn(distribution, (request) => {
    requested.push(request);
    return origin(request);
  });
  const ask = async (given?: Given) => {
    const response = await edge.answer(viewer(given));
    let body = '';
    if (Symbol.asyncIterator in response.body)
      for await (const chunk of response.body) body += Buffer.from(chunk).toString();
    else body = response.body.toString();
    return {
      status: response.status,
      headers: new Headers(
        response.headers.map(([name, value]): [string, string] => [name, value]),
      ),
      body,
    };
  };
  return { ask, asked: requested };
};

describe('a distribution', () => {
  it('passes everything on but Host, below the origin path, with the headers of the origin over all', async () => {
    const { ask, asked } = cdn(
      [behavior({ edgeFunction: compileEdgeFunction(addressFunction, 'F') })],
      async () => text('ok'),
    );
    await ask({
      target: '/mcp?a=1&a=%20b',
      method: 'POST',
      headers: {
        Authorization: 'Bearer x',
        'X-Secret': 'guess',
        'X-Viewer': '9.9.9.9',
        'X-Forwarded-For': '9.9.9.9',
        Cookie: 'a=1; b=2',
        Connection: 'keep-alive',
      },
      body: '{}',
    });
    const [request] = asked;
    expect([
      request?.httpMethod,
      request?.rawPath,
      request?.rawQuery,
      request?.body.toString(),
      request?.sourceIp,
    ]).toEqual(['POST', '/local/mcp', 'a=1&a=%20b', '{}', '130.176.0.1']);
    const header = (name: string) => request?.header(name);
    expect([
      header('host'),
      header('x-secret'),
      header('x-viewer'),
      header('authorization'),
      header('x-forwarded-for'),
      header('cookie'),
      header('connection'),
    ]).toEqual([
      'api.example',
      'hush',
      '127.0.0.9',
      'Bearer x',
      '9.9.9.9, 127.0.0.9',
      'a=1; b=2',
      undefined,
    ]);
    expect(request?.headers.filter(([name]) => name.toLowerCase() === 'x-secret')).toHaveLength(1);
  });

  it('takes the first behavior whose pattern matches, and refuses methods that it does not pass on', async () => {
    const { ask, asked } = cdn(
      [behavior({ pathPattern: '/.well-known/*', methods: ['GET', 'HEAD'] }), behavior()],
      async () => text('ok'),
    );
    expect((await ask({ target: '/.well-known/x', method: 'POST' })).status).toBe(403);
    expect((await ask({ target: '/token', method: 'POST' })).status).toBe(200);
    expect((await ask({ target: '/x', body: 'a body' })).status).toBe(403);
    expect(asked).toHaveLength(1);
  });

  it('keeps documents as long as they say, each origin apart, and never longer than the policy', async () => {
    const cache = {
      minimumSeconds: 0,
      defaultSeconds: 0,
      maximumSeconds: 300,
      headers: ['origin'],
    };
    let served = 0;
    const { ask } = cdn([behavior({ cache })], async ({ rawPath }) => {
      served += 1;
      const control = {
        '/local/day': 'public, max-age=86400',
        '/local/minute': 'max-age=60',
        '/local/never': 'no-store',
      }[rawPath];
      return text(String(served), control ? { 'cache-control': control } : {});
    });
    const bodies = async (...given: Given[]) => {
      const all: string[] = [];
      for (const each of given) all.push((await ask(each)).body);
      return all;
    };
    expect(
      await bodies(
        { target: '/minute' },
        { target: '/minute', at: 59_000 },
        { target: '/minute', at: 60_000 },
      ),
    ).toEqual(['1', '1', '2']);
    expect(
      await bodies(
        { target: '/minute?x=1' },
        { target: '/minute', headers: { Origin: 'https://a.example' } },
      ),
    ).toEqual(['2', '3']);
    expect(
      await bodies(
        { target: '/day' },
        { target: '/day', at: 299_000 },
        { target: '/day', at: 300_000 },
      ),
    ).toEqual(['4', '4', '5']);
    expect(
      await bodies(
        { target: '/never' },
        { target: '/never' },
        { target: '/plain' },
        { target: '/plain' },
      ),
    ).toEqual(['6', '7', '8', '9']);
    const { headers } = await ask({ target: '/day', at: 310_000 });
    expect([headers.get('x-cache'), headers.get('age')]).toEqual(['Hit from cloudfront', '10']);
  });

  it('keeps an error for ten seconds, whatever it says itself and for everybody who asks for the path, unless told otherwise', async () => {
    const origin = async ({ rawQuery }: GatewayRequest) =>
      text('', { 'cache-control': 'no-store' }, rawQuery === 'bad' ? 400 : 200);
    const statuses = async (keptErrorSeconds?: Distribution['keptErrorSeconds']) => {
      const { ask } = cdn([behavior()], origin, keptErrorSeconds);
      const requested: Given[] = [
        { target: '/a?bad' },
        { target: '/a?good', at: 9_000 },
        { target: '/a?good', at: 10_000 },
      ];
      const all: number[] = [];
      for (const each of requested) all.push((await ask(each)).status);
      return all;
    };
    expect(await statuses()).toEqual([400, 400, 200]);
    expect(await statuses(new Map([[400, 0]]))).toEqual([400, 200, 200]);
  });

  it('passes on what the policy names and the headers of the key, and no query', async () => {
    const cache = {
      minimumSeconds: 0,
      defaultSeconds: 0,
      maximumSeconds: 300,
      headers: ['origin'],
    };
    const { ask, asked } = cdn([behavior({ cache, passes: ['x-viewer'] })], async () => text('ok'));
    await ask({
      target: '/doc?a=1&a=2',
      headers: {
        Origin: 'https://a.example',
        'X-Viewer': '1.2.3.4',
        Cookie: 'a=1',
        'User-Agent': 'me',
      },
    });
    const [request] = asked;
    expect([request?.rawPath, request?.rawQuery]).toEqual(['/local/doc', '']);
    expect(
      ['origin', 'x-viewer', 'cookie', 'user-agent', 'x-secret'].map((name) =>
        request?.header(name),
      ),
    ).toEqual(['https://a.example', '1.2.3.4', undefined, 'Amazon CloudFront', 'hush']);
  });

  it('adds no headers of its policy to what it answers itself', async () => {
    const applyHeaders = (headers: HttpResponse['headers']): HttpResponse['headers'] => [
      ...headers,
      ['x-frame-options', 'DENY'],
    ];
    const { ask } = cdn([behavior({ methods: ['GET', 'HEAD'], applyHeaders })], async () =>
      text('ok'),
    );
    expect((await ask({ method: 'GET' })).headers.get('x-frame-options')).toBe('DENY');
    const refused = await ask({ method: 'POST' });
    expect([refused.status, refused.headers.get('x-frame-options')]).toEqual([403, null]);
  });

  it('gives up on an origin that stays silent, before the first byte and in the middle', async () => {
    const silent = cdn([behavior()], () => new Promise(() => {}));
    expect((await silent.ask()).status).toBe(504);
    const stalling = cdn([behavior()], async () => ({
      status: 200,
      headers: [],
      body: (async function* () {
        yield Buffer.from('one');
        await new Promise(() => {});
      })(),
    }));
    await expect(stalling.ask()).rejects.toThrow('fell silent');
  });
});

describe('a path pattern', () => {
  it.each([
    ['*', '/anything', true],
    ['/.well-known/*', '/.well-known/a/b', true],
    ['/.well-known/*', '/.well-known', false],
    ['.well-known/*', '/.well-known/a', true],
    ['/a?c', '/abc', true],
    ['/A', '/a', false],
    ['/a.c', '/abc', false],
  ])('%s on %s: %s', (pattern, path, expected) => {
    expect(matchesPattern(pattern, path)).toBe(expected);
  });
});

describe('an edge function', () => {
  const run = (code: string, given?: Given) =>
    compileEdgeFunction(code, 'F').onViewerRequest(viewer(given), {
      distributionId: 'E1',
      domainName: 'd1',
      requestId: 'r',
    });

  it('may answer by itself', () => {
    expect(
      run(
        "function handler() { return { statusCode: 302, statusDescription: 'Found', headers: { location: { value: '/x' } } }; }",
      ),
    ).toEqual({
      kind: 'response',
      status: 302,
      headers: [['location', '/x']],
      body: '',
    });
  });

  it('sees names in lower case, query and cookies apart', () => {
    const outcome = run(
      "function handler(e) { const r = e.request; r.uri = '/' + [r.headers['x-a'].value, r.querystring.q.multiValue.length, r.cookies.c.value, r.headers.cookie === undefined].join('/'); return r; }",
      { target: '/?q=1&q=2', headers: { 'X-A': 'a', Cookie: 'c=3' } },
    );
    expect(outcome).toMatchObject({
      kind: 'request',
      request: { rawPath: '/a/2/3/true', rawQuery: 'q=1&q=2' },
    });
  });

  it.each([
    ['require', "function handler() { require('node:fs'); }"],
    ['process', 'function handler(e) { process.exit(1); }'],
    ['fetch', "function handler(e) { fetch('http://localhost'); }"],
    ['timers', 'function handler(e) { setTimeout(() => {}, 1); return e.request; }'],
    ['code from text', "function handler(e) { eval('1'); return e.request; }"],
    [
      'the way out through a constructor',
      "function handler(e) { this.constructor.constructor('return process')().exit(1); }",
    ],
    ['endless time', 'function handler() { for (;;); }'],
    ['no result', 'function handler() {}'],
  ])('has no %s', (_, code) => {
    expect(run(code)).toEqual({ kind: 'failed' });
  });

  it('is no larger than CloudFront takes', () => {
    expect(() => compileEdgeFunction(`// ${'x'.repeat(10 * 1024)}`, 'F.FunctionCode')).toThrow(
      'F.FunctionCode is larger than CloudFront takes',
    );
  });
});
