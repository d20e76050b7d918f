import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { checks, examine, type Options, type Outcome } from '../../bin/doctor/examine.ts';
import { readMcpUrl } from '../../bin/doctor/mcp-url.ts';
import { type Request, type Response, type Send, send } from '../../bin/doctor/send.ts';
import { type Gatehouse, startGatehouse } from '../../local/runtime.ts';

const root = join(import.meta.dirname, '..', '..');

let gatehouse: Gatehouse;
beforeAll(async () => {
  gatehouse = await startGatehouse();
  gatehouse.clock.stop();
});
afterAll(() => gatehouse?.stop());

let token = '';

/** An hour later nobody's rate limit remembers the run before. */
const laterRun = async (through: Send, { burst }: Options): Promise<readonly Outcome[]> => {
  gatehouse.clock.advance(3_600_000);
  token = await gatehouse.cognito.mint({ resource: gatehouse.mcpUrl });
  return examine({ ...readMcpUrl(gatehouse.mcpUrl), send: through, token }, { burst });
};

const failed = (outcomes: readonly Outcome[]): readonly string[] =>
  outcomes.filter(({ status }) => status === 'failed').map(({ id }) => id);

describe('doctor', () => {
  it('finds nothing wrong with a sound deployment', async () => {
    const outcomes = await laterRun(send, { burst: true });
    expect(outcomes.flatMap(({ details }) => details)).toEqual([]);
    expect(outcomes.map(({ status }) => status)).toEqual(checks.map(() => 'passed'));
  });

  it('is a command: one line of JSON, and the exit code 0', async () => {
    gatehouse.clock.advance(3_600_000);
    const { code, output } = await run('doctor', gatehouse.mcpUrl, '--json');
    const { checks: outcomes } = JSON.parse(output);
    expect(failed(outcomes)).toEqual([]);
    expect(outcomes).toHaveLength(checks.length);
    expect(code).toBe(0);
  });

  it('says once that nothing answers', async () => {
    const silent: Send = async ({ url }) => {
      throw new Error(`GET ${url}: connect ECONNREFUSED`);
    };
    const outcomes = await laterRun(silent, { burst: true });
    expect(failed(outcomes)).toEqual(['reachable']);
    expect(outcomes.slice(1).map(({ details }) => details)).toEqual(
      checks.slice(1).map(() => ['needs an answer']),
    );
  });

  it('says what is wrong with a URL that it cannot take', () => {
    expect(() => readMcpUrl('http://mcp.example.com/mcp')).toThrow(/no https URL/);
    expect(() => readMcpUrl('https://mcp.example.com')).toThrow(/does not end with \/mcp/);
  });
});

/** The deployment with one weakness: what it would send instead. */
type Weakness = (request: Request, response: Response) => Response;

const withHeader = (response: Response, name: string, value: string | undefined): Response => {
  const headers = new Map(response.headers);
  if (value === undefined) headers.delete(name);
  else headers.set(name, value);
  return { ...response, headers };
};

const withBody = (response: Response, from: string | RegExp, to: string): Response => ({
  ...response,
  body: response.body.replaceAll(from, to),
});

const isAuthorize = ({ url }: Request) => new URL(url).pathname === '/authorize';
const isMcp = ({ url }: Request) => new URL(url).pathname === '/mcp';

const weaknesses: Readonly<Record<string, readonly [Weakness, ...string[]]>> = {
  'a slash after the issuer': [
    ({ url }, response) =>
      url.endsWith('oauth-authorization-server')
        ? withBody(response, /"issuer":"([^"]+)"/g, '"issuer":"$1/"')
        : response,
    'issuer',
  ],
  'a missing discovery document': [
    ({ url }, response) =>
      url.endsWith('openid-configuration') ? { ...response, status: 403, body: '{}' } : response,
    'discovery-documents',
  ],
  'a challenge under the name that AWS gives it in a function': [
    (_, response) => {
      const value = response.headers.get('www-authenticate');
      return withHeader(
        withHeader(response, 'www-authenticate', undefined),
        'x-amzn-remapped-www-authenticate',
        value,
      );
    },
    'challenge',
  ],
  'an authorizer that lets anybody in': [
    (request, response) =>
      isMcp(request) && request.method === 'POST' && response.status === 401
        ? { ...response, status: 200 }
        : response,
    'challenge',
    'bad-tokens',
    'token-misuse',
  ],
  'a web ACL that blocks loopback redirect URIs': [
    (request, response) =>
      isAuthorize(request) && request.url.includes('127.0.0.1')
        ? { ...response, status: 403, headers: new Map(), body: 'Forbidden' }
        : response,
    'loopback-login',
    'consent-page',
    'authorization-refusals',
  ],
  'no PKCE': [
    (request, response) =>
      isAuthorize(request) &&
      request.url.includes('client_id=') &&
      !request.url.includes('code_challenge=')
        ? { ...response, status: 200, headers: new Map(), body: '<form>' }
        : response,
    'authorization-refusals',
  ],
  'an open redirect': [
    ({ url }, response) =>
      url.includes('evil.example') && response.status === 400
        ? withHeader({ ...response, status: 302 }, 'location', 'https://evil.example/?code=1')
        : response,
    'redirect-refusals',
  ],
  'a header that is missing on errors': [
    (_, response) =>
      response.status >= 400
        ? withHeader(response, 'strict-transport-security', undefined)
        : response,
    'headers-with-token',
    'security-headers',
  ],
  'a server that names itself': [
    (_, response) => withHeader(response, 'server', 'nginx/1.2'),
    'headers-with-token',
    'security-headers',
  ],
  'CORS for everybody': [
    ({ method }, response) =>
      method === 'OPTIONS' ? withHeader(response, 'access-control-allow-origin', '*') : response,
    'cors-listed',
    'cors-foreign',
  ],
  'an origin that is echoed': [
    ({ headers = {} }, response) =>
      headers['origin'] === undefined
        ? response
        : withHeader(response, 'access-control-allow-origin', headers['origin']),
    'cors-foreign',
    'cors-responses',
  ],
  'a method that nobody made a route of': [
    ({ method }, response) => (method === 'PATCH' ? { ...response, status: 200 } : response),
    'methods',
  ],
  'stacks in errors': [
    ({ url }, response) =>
      url.endsWith('/register') && response.status === 400
        ? { ...response, body: 'TypeError: x\n    at handler (/var/task/index.mjs:1:1)' }
        : response,
    'no-internals',
  ],
  'silence after the login': [
    ({ body = '' }, response) =>
      body.includes('"initialize"') ? { ...response, status: 200, body: '' } : response,
    'first-minute',
  ],
  'a stream that is opened and says nothing': [
    ({ method = 'GET', headers = {}, url }, response) =>
      method === 'GET' && url.endsWith('/mcp') && headers['authorization'] !== undefined
        ? { ...response, status: 200, body: '' }
        : response,
    'first-minute',
    'methods-with-token',
  ],
  'methods that nobody serves': [
    ({ body = '' }, response) =>
      body.includes('"tools/delete"') ? { ...response, body: '{"result":{}}' } : response,
    'methods-with-token',
  ],
  'results without headers': [
    ({ body = '' }, response) =>
      body.includes('"ping"') && response.status === 200
        ? withHeader(response, 'x-content-type-options', undefined)
        : response,
    'headers-with-token',
  ],
  'a refusal that a browser hides from its page': [
    ({ url }, response) =>
      url.endsWith('/token') && response.status >= 400
        ? withHeader(response, 'access-control-allow-origin', undefined)
        : response,
    'cors-responses',
  ],
  'another issuer in the document of OpenID Connect': [
    ({ url }, response) =>
      url.endsWith('openid-configuration')
        ? withBody(response, /"issuer":"[^"]+"/g, '"issuer":"https://login.evil.example"')
        : response,
    'issuer',
  ],
  'another resource in one of the documents': [
    ({ url }, response) =>
      url.endsWith('oauth-protected-resource/mcp')
        ? withBody(response, /"resource":"[^"]+"/g, '"resource":"https://mcp.evil.example/mcp"')
        : response,
    'issuer',
    'challenge',
  ],
  'PKCE by plain challenges': [
    (request, response) =>
      isAuthorize(request) && request.url.includes('code_challenge_method=plain')
        ? { ...response, status: 200, headers: new Map(), body: '<form>' }
        : response,
    'authorization-refusals',
  ],
  'errors without the issuer': [
    (request, response) => {
      const location = response.headers.get('location');
      return isAuthorize(request) && location !== undefined
        ? withHeader(response, 'location', location.replace(/[?&]iss=[^&]+/, ''))
        : response;
    },
    'authorization-refusals',
  ],
  'tokens whose signature nobody looks at': [
    ({ headers: { authorization = '' } = {} }, response) =>
      /^Bearer [\w-]+\.[\w-]+\.[\w-]+$/.test(authorization) && response.status === 401
        ? { ...response, status: 200, body: '{"result":{}}' }
        : response,
    'bad-tokens',
    'token-misuse',
  ],
  'tokens in the URL': [
    ({ url }, response) =>
      url.includes('access_token=') ? { ...response, status: 200, body: '{}' } : response,
    'token-misuse',
  ],
  'tools for every web page': [
    ({ headers = {} }, response) =>
      headers['authorization'] !== undefined && headers['origin'] === 'https://evil.example'
        ? { ...response, status: 200, body: '{"result":{}}' }
        : response,
    'token-misuse',
  ],
  'a consent page in a frame': [
    ({ url }, response) =>
      url.includes('code_challenge=')
        ? withHeader(
            withHeader(response, 'content-security-policy', "default-src 'none'"),
            'x-frame-options',
            'SAMEORIGIN',
          )
        : response,
    'consent-page',
  ],
  'a cookie that scripts read': [
    (_, response) => {
      const cookie = response.headers.get('set-cookie');
      return cookie === undefined
        ? response
        : withHeader(response, 'set-cookie', cookie.replace(/; ?HttpOnly/gi, ''));
    },
    'consent-page',
  ],
  'a cookie for the whole domain': [
    (_, response) => {
      const cookie = response.headers.get('set-cookie');
      return cookie === undefined
        ? response
        : withHeader(
            response,
            'set-cookie',
            `${cookie.replace('__Host-', '')}; Domain=example.com`,
          );
    },
    'consent-page',
  ],
  'a registration for hosts that look alike': [
    ({ url, body = '' }, response) =>
      url.endsWith('/register') && body.includes('claude.ai.evil.example')
        ? { ...response, status: 201, body: '{"client_id":"a"}' }
        : response,
    'redirect-refusals',
  ],
  'a callback that sends anybody on': [
    ({ url }, response) =>
      url.includes('/callback?')
        ? withHeader({ ...response, status: 302 }, 'location', 'https://claude.ai/?code=a')
        : response,
    'redirect-refusals',
  ],
  'preflights for any method': [
    ({ method }, response) =>
      method === 'OPTIONS' && response.status === 204
        ? withHeader(response, 'access-control-allow-methods', '*')
        : response,
    'cors-listed',
  ],
  'preflights for any header': [
    ({ method }, response) =>
      method === 'OPTIONS' && response.status === 204
        ? withHeader(
            response,
            'access-control-allow-headers',
            `${response.headers.get('access-control-allow-headers')}, *`,
          )
        : response,
    'cors-listed',
  ],
  'results for pages with cookies': [
    ({ method = 'GET' }, response) =>
      method === 'OPTIONS'
        ? response
        : withHeader(response, 'access-control-allow-credentials', 'true'),
    'cors-responses',
  ],
  'a health check that tells of the inside': [
    ({ url }, response) =>
      url.endsWith('/health')
        ? { ...response, body: '{"table":"arn:aws:dynamodb:eu-west-1:111122223333:table/a"}' }
        : response,
    'no-internals',
  ],
};

describe('a weakened deployment fails where it is weak:', () => {
  /** What the sound deployment answers, asked once for each request, whatever the run's token. */
  const responses = new Map<string, Promise<Response>>();
  const remembered: Send = (request) => {
    const key = JSON.stringify(request).replaceAll(token, 'a token');
    const response = responses.get(key) ?? send(request);
    responses.set(key, response);
    return response;
  };

  it.each(Object.entries(weaknesses))('%s', async (_name, [weaken, ...expected]) => {
    const weakened: Send = async (request) => weaken(request, await remembered(request));
    expect(failed(await laterRun(weakened, { burst: false }))).toEqual(expected);
  });

  it('no rate limit', async () => {
    const weakened: Send = async (request) => {
      const response = await send(request);
      return response.status === 429 ? { ...response, status: 200 } : response;
    };
    expect(failed(await laterRun(weakened, { burst: true }))).toEqual(['rate-limit', 'user-limit']);
  });
});

describe('a limit of the configuration’s own', () => {
  let other: Gatehouse;
  beforeAll(async () => {
    other = await startGatehouse({ configuration: { userLimits: { perMinute: 45 } } });
    other.clock.stop();
  });
  afterAll(() => other?.stop());

  const userLimit = async (through: Send) => {
    other.clock.advance(3_600_000);
    const token = await other.cognito.mint({ resource: other.mcpUrl });
    const check = checks.find(({ id }) => id === 'user-limit');
    return check?.run({ ...readMcpUrl(other.mcpUrl), send: through, token });
  };

  it('is what the server says, by its tool and by its refusal', async () => {
    // `my_usage` is a call itself.
    expect(await userLimit(send)).toEqual({
      faults: [],
      notes: ['45 calls a minute, a limit of the user; call 45 was refused.'],
    });
  });

  it('is found where no tool names it', async () => {
    const without: Send = (request) =>
      send({ ...request, ...(request.body && { body: request.body.replace('my_usage', 'none') }) });
    expect(await userLimit(without)).toEqual({
      faults: [],
      notes: ['45 calls a minute, a limit of the user; call 45 was refused.'],
    });
  });

  it('that refuses nobody is a fault, whoever names it', async () => {
    const weak: Send = async (request) => {
      const response = await send(request);
      return response.status === 429 ? { ...response, status: 200 } : response;
    };
    expect(await userLimit(weak)).toEqual([
      '91 calls were taken, and none refused; the limit is 45 a minute.',
    ]);
    const without: Send = (request) =>
      weak({ ...request, ...(request.body && { body: request.body.replace('my_usage', 'none') }) });
    expect(await userLimit(without)).toEqual([
      '500 calls were taken, and none refused; no tool my_usage says what the limit is.',
    ]);
  });
});

const run = (
  ...args: readonly string[]
): Promise<{ readonly code: number | null; readonly output: string }> =>
  new Promise((resolve) => {
    const child = spawn(process.execPath, [join(root, 'bin', 'command.ts'), ...args]);
    let output = '';
    child.stdout.on('data', (data) => (output += data));
    child.on('close', (code) => resolve({ code, output }));
  });
