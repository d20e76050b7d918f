import { type Gatehouse, startGatehouse } from '../../../local/runtime.ts';
import { allowedOrigins } from '../../../policy/cors.ts';
import { endpointRows, metadataPaths } from '../../../policy/endpoints.ts';
import { lifetimes } from '../../../policy/lifetimes.ts';
import { header, type Sending, sender } from '../runtime/send.ts';

const [listed, other] = allowedOrigins.production;

describe('what the distribution keeps', () => {
  let gatehouse: Gatehouse;
  beforeAll(async () => {
    gatehouse = await startGatehouse({ urlMode: 'cloudfront' });
  });
  afterAll(() => gatehouse?.stop());
  // Nothing of an earlier test is fresh any more.
  beforeEach(() => gatehouse.clock.advance((lifetimes.discoverySeconds + 1) * 1000));

  /** An answer, and how many functions it took. */
  const ask = async (sending: Sending) => {
    const before = gatehouse.invocations.length;
    const response = await sender(gatehouse.port)(sending);
    const [cors, cache] = [
      header(response, 'access-control-allow-origin'),
      header(response, 'x-cache'),
    ];
    return {
      status: response.status,
      body: response.body,
      cors,
      cache,
      invocations: gatehouse.invocations.length - before,
    };
  };

  it.each(metadataPaths)('%s, by its max-age and no longer', async (path) => {
    const first = await ask({ path });
    expect(first).toMatchObject({ status: 200, cache: 'Miss from cloudfront', invocations: 1 });
    gatehouse.clock.advance((lifetimes.discoverySeconds - 5) * 1000);
    expect(await ask({ path })).toEqual({ ...first, cache: 'Hit from cloudfront', invocations: 0 });
    gatehouse.clock.advance(6000);
    expect(await ask({ path })).toEqual(first);
  });

  it('for each origin apart: nobody is handed the permission of another', async () => {
    const [path] = metadataPaths;
    const from = async (origin?: string) => {
      const { cors, invocations } = await ask({
        path,
        headers: origin === undefined ? {} : { origin },
      });
      return { cors, invocations };
    };
    const foreign = 'https://evil.example';
    for (const invocations of [1, 0]) {
      expect(await from()).toEqual({ cors: undefined, invocations });
      expect(await from(listed)).toEqual({ cors: listed, invocations });
      expect(await from(other)).toEqual({ cors: other, invocations });
      expect(await from(foreign)).toEqual({ cors: undefined, invocations });
    }
  });

  it('and for no query, cookie or token apart: they would be a way past the cache', async () => {
    const [path] = metadataPaths;
    expect((await ask({ path })).invocations).toBe(1);
    for (const headers of [
      { cookie: 'a=1' },
      { authorization: 'Bearer x' },
      { 'x-forwarded-host': 'evil.example' },
    ])
      expect((await ask({ path: `${path}?a=1`, headers })).invocations).toBe(0);
  });

  const others = endpointRows
    .filter(({ cache }) => cache === 'never')
    .flatMap(({ path, methods }) => methods.map((method) => ({ path, method })));
  it.each([
    ...others,
    { path: '/nothing', method: 'GET' },
    { path: '/.well-known/nothing', method: 'GET' },
  ])('nothing of $method $path', async ({ path, method }) => {
    for (let time = 0; time < 2; time += 1)
      expect((await ask({ path, method })).cache).not.toMatch(/^Hit/);
  });

  it.each([
    { method: 'GET', path: '/authorize?client_id=nobody', status: 400 },
    { method: 'GET', path: '/callback?code=1', status: 400 },
    { method: 'HEAD', path: '/nothing', status: 403 },
    { method: 'GET', path: '/nothing', status: 403 },
  ])(
    'no error of $method $path, which would be everybody’s answer',
    async ({ method, path, status }) => {
      for (let time = 0; time < 2; time += 1) {
        const before = gatehouse.logs.length;
        expect((await ask({ method, path })).status).toBe(status);
        // The stage was asked.
        expect(gatehouse.logs.slice(before).some(({ source }) => source === 'access')).toBe(true);
      }
    },
  );

  it('no answer to a stranger’s query or headers: a document is one for all', async () => {
    const [path] = metadataPaths;
    const attack = {
      path: `${path}?a=1&a=2`,
      headers: {
        host: `localhost:${gatehouse.port}`,
        'content-type': ['a', 'b'],
        'x-long': 'x'.repeat(5000),
      },
    };
    expect((await ask(attack)).status).toBe(200);
    expect(await ask({ path })).toMatchObject({ status: 200, cache: 'Hit from cloudfront' });
  });

  it('no preflight, which is another for each request', async () => {
    const [path] = metadataPaths;
    const headers = { origin: listed, 'access-control-request-method': 'GET' };
    for (let time = 0; time < 2; time += 1)
      expect(await ask({ path, method: 'OPTIONS', headers })).toMatchObject({
        status: 204,
        cors: listed,
        invocations: 1,
      });
  });
});
