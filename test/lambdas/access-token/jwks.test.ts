import { createServer, type IncomingMessage, type RequestOptions, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fetchJwks } from '../../../lambdas/access-token/jwks.ts';
import { accessTokenVerifier, expectationOf } from '../../../lambdas/access-token/verifier.ts';
import { http, https } from '../../../lambdas/http/node-http.ts';
import { sizes, timeouts } from '../../../policy/limits.ts';
import { expected, goodClaims, jwkOf, now, poolKey, tokenWith } from './pool.ts';

const settings = {
  COGNITO_USER_POOL_ID: 'us-east-1_AbCdEfGhI',
  COGNITO_REGION: 'us-east-1',
  COGNITO_MACHINE_ID: { nightly: 'appnightly' },
  MACHINES: [{ name: 'nightly', scopes: ['gatehouse/tools.read'], groups: ['finance'] }],
  COGNITO_CLIENT_ID: { claude: 'appclaude', loopback: 'apploopback' },
  RESOURCE_URL: 'https://mcp.example.com/mcp',
};
const address = new URL(`${expected.issuer}/.well-known/jwks.json`);

let server: Server;
let response: { status: number; body: string };
let requests: IncomingMessage[];
let urls: string[];

/** Cognito's host, as far as this process can tell: what goes there over TLS comes to the server. */
beforeEach(async () => {
  requests = [];
  urls = [];
  response = { status: 200, body: JSON.stringify({ keys: [jwkOf(poolKey.publicKey)] }) };
  server = createServer((request, outgoing) => {
    requests.push(request);
    outgoing.writeHead(response.status).end(response.body);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const request = ({ protocol, hostname, path, method, headers }: RequestOptions) => {
    urls.push(`${protocol}//${hostname}${path}`);
    return http.request(`http://127.0.0.1:${port}${path}`, {
      method,
      headers: headers ?? {},
    });
  };
  jest.spyOn(https, 'request').mockImplementation(request as typeof https.request);
});

afterEach(async () => {
  jest.restoreAllMocks();
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

describe('the key set of the pool', () => {
  it('is asked of Cognito, as JSON, in the time that policy gives', async () => {
    const timers = jest.spyOn(globalThis, 'setTimeout');
    expect([...(await fetchJwks(address)).keys()]).toEqual(['key-1']);
    expect(timers.mock.calls.map(([, milliseconds]) => milliseconds)).toContain(
      timeouts.jwksSeconds * 1000,
    );
    expect(urls).toEqual([address.href]);
    expect(requests.map(({ method, headers }) => [method, headers.accept])).toEqual([
      ['GET', 'application/json'],
    ]);
  });

  it.each([
    ['a redirect', 302, '{}', 'the key set came with status 302'],
    ['an outage', 503, '{}', 'the key set came with status 503'],
    ['no key', 200, '{"keys":[]}', 'the key set holds no RS256 key'],
  ])('that is %s is none', async (_name, status, body, message) => {
    response = { status, body };
    await expect(fetchJwks(address)).rejects.toThrow(message);
  });

  it('that is too long is none', async () => {
    const keys = [jwkOf(poolKey.publicKey, { x: 'x'.repeat(sizes.jwksBytes) })];
    response = { status: 200, body: JSON.stringify({ keys }) };
    await expect(fetchJwks(address)).rejects.toThrow('no usable response');
  });

  it('is asked of nobody else', async () => {
    await expect(fetchJwks(new URL('https://evil.example/jwks.json'))).rejects.toThrow(
      'not a URL of Cognito',
    );
    expect(urls).toEqual([]);
  });
});

it('a deployment’s settings say whose tokens it takes, and its verifier takes them', async () => {
  expect(expectationOf(settings)).toEqual(expected);
  const authenticate = accessTokenVerifier(settings);
  jest.spyOn(Date, 'now').mockReturnValue(now.getTime());
  expect(await authenticate(`Bearer ${tokenWith({})}`, now)).toMatchObject({
    sub: goodClaims.sub,
    profile: 'claude',
  });
  expect(urls).toEqual([address.href]);
});

it('a machine without an app client is a deployment gone wrong', () => {
  expect(() => expectationOf({ ...settings, COGNITO_MACHINE_ID: undefined })).toThrow(
    'COGNITO_MACHINE_ID names no nightly',
  );
});
