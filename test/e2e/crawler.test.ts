import { type Gatehouse, startGatehouse } from '../../local/runtime.ts';
import { synthesize } from '../../local/synthesis/synthesize.ts';
import { changedAssembly, withBareRoute } from './runtime/changed-assembly.ts';
import { crawl } from './runtime/crawl.ts';
import { policyEndpoints, routesOf } from './runtime/routes.ts';
import { header, sender } from './runtime/send.ts';

describe('every route of the template, in the URL mode domain', () => {
  let gatehouse: Gatehouse;
  beforeAll(async () => {
    gatehouse = await startGatehouse();
  });
  afterAll(() => gatehouse?.stop());

  it('is a row of the policy, and every row is a route', () => {
    const promised = policyEndpoints.flatMap(({ path, methods, browsers }) =>
      [...methods, ...(browsers === 'cross-origin' ? ['OPTIONS'] : [])].map(
        (method) => `${method} ${path}`,
      ),
    );
    expect(
      routesOf(gatehouse.stack)
        .map(({ method, path }) => `${method} ${path}`)
        .sort(),
    ).toEqual(promised.sort());
  });

  it('answers with the header table, the CORS rules and the error shape of the policy, whatever it is sent', async () => {
    const { faults, visits, statuses } = await crawl(gatehouse);
    expect(faults).toEqual([]);
    expect(visits).toBeGreaterThan(400);
    // The crawl met every layer: functions that served and refused, the authorizer, the gateway and
    // its limits.
    for (const category of [
      '200',
      '204',
      '304',
      '400',
      '405',
      '413',
      '415',
      '401 by the gateway',
      '403 by the gateway',
      '413 by the gateway',
    ])
      expect(statuses).toHaveProperty([category]);
  });
});

describe('every route of the template, in the URL mode stage', () => {
  let gatehouse: Gatehouse;
  beforeAll(async () => {
    gatehouse = await startGatehouse({ urlMode: 'stage' });
  });
  afterAll(() => gatehouse?.stop());

  it('keeps the same rules below the stage', async () => {
    const { faults, visits } = await crawl(
      gatehouse,
      (path) => ['/mcp', '/authorize', '/health'].includes(path) || path.includes('well-known'),
    );
    expect(faults).toEqual([]);
    expect(visits).toBeGreaterThan(100);
  });

  it("gets API Gateway's own 403 outside the stage, where nothing of ours takes part", async () => {
    const response = await sender(gatehouse.port)({
      path: '/.well-known/oauth-authorization-server',
    });
    expect({
      status: response.status,
      body: response.body,
      policy: header(response, 'content-security-policy'),
    }).toEqual({
      status: 403,
      body: '{"message":"Forbidden"}',
      policy: undefined,
    });
  });
});

describe('a new route', () => {
  /** What a crawl of two such routes finds. */
  let found: readonly string[];
  beforeAll(async () => {
    const plain =
      "export const handler = async () => ({ statusCode: 200, headers: { 'access-control-allow-origin': '*' }, body: 'hello' });";
    const broken =
      "export const handler = async () => ({ statusCode: 500, body: new Error('lost').stack });";
    const changed = changedAssembly(await synthesize({ urlMode: 'domain' }), (template, copy) => {
      withBareRoute('bare', plain)(template, copy);
      withBareRoute('broken', broken)(template, copy);
    });
    const gatehouse = await startGatehouse({ assembly: changed.folder });
    try {
      ({ faults: found } = await crawl(gatehouse, (path) => ['/bare', '/broken'].includes(path)));
    } finally {
      await gatehouse.stop();
      changed.remove();
    }
  });

  it('with a function that lacks the stack fails the crawl, header by header', () => {
    expect(found).toContain('GET /bare: not in the policy');
    const plain = found.filter((fault) =>
      fault.startsWith('GET /bare (foreign origin, no token): '),
    );
    expect(plain).toEqual(
      expect.arrayContaining([
        'GET /bare (foreign origin, no token): strict-transport-security stands 0 times',
        'GET /bare (foreign origin, no token): cache-control stands 0 times',
        'GET /bare (foreign origin, no token): content-security-policy stands 0 times',
        'GET /bare (foreign origin, no token): origin * is allowed',
      ]),
    );
  });

  it('with a function that tells where it broke fails the crawl, too', () => {
    expect(found).toContainEqual(
      expect.stringMatching(/^GET \/broken \(no origin, no token\): the body matches/),
    );
  });
});
