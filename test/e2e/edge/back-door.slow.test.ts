import { type Gatehouse, startGatehouse } from '../../../local/runtime.ts';
import { synthesize } from '../../../local/synthesis/synthesize.ts';
import { edgeHeaders } from '../../../policy/edge.ts';
import { changedAssembly, type Loose } from '../runtime/changed-assembly.ts';
import { listedOrigins } from '../runtime/crawl.ts';
import { faultsOf } from '../runtime/response-rules.ts';
import { routesOf } from '../runtime/routes.ts';
import { header, type Sending, sender } from '../runtime/send.ts';
import { originSecretOf } from './distribution-of.ts';

const { originSecret, viewerAddress } = edgeHeaders;

/** To the stage's own address, which everybody can find out, past the distribution. */
const roundTheBack = (gatehouse: Gatehouse) => {
  const send = sender(gatehouse.port);
  return ({ path, headers, ...sending }: Sending) =>
    send({
      ...sending,
      path: `${gatehouse.stage.path}${path}`,
      headers: { host: gatehouse.stage.host, ...headers },
    });
};

describe('the stage behind a distribution', () => {
  let gatehouse: Gatehouse;
  let secret: string;
  let token: string;
  beforeAll(async () => {
    gatehouse = await startGatehouse({ urlMode: 'cloudfront' });
    secret = originSecretOf(gatehouse);
    token = await gatehouse.cognito.mint({
      resource: gatehouse.mcpUrl,
      claims: { sub: 'a00e1c7e-0000-4000-8000-000000000000' },
    });
  });
  afterAll(() => gatehouse?.stop());

  const forgeries = (): Readonly<Record<string, Sending['headers']>> => ({
    nothing: {},
    'a good access token': { authorization: `Bearer ${token}` },
    'a guessed secret': { [originSecret]: 'x'.repeat(secret.length) },
    'an empty secret': { [originSecret]: '' },
    'the beginning of the secret': { [originSecret]: secret.slice(0, -1) },
    'more than the secret': { [originSecret]: `${secret}x` },
    'the secret in another case': {
      [originSecret]: secret.toUpperCase() === secret ? secret.toLowerCase() : secret.toUpperCase(),
    },
    'the reference instead of the secret': {
      [originSecret]: '{{resolve:secretsmanager:OriginSecret:SecretString:::}}',
    },
    'a viewer address': { [viewerAddress]: '203.0.113.1' },
    'what CloudFront adds': {
      via: '1.1 local.cloudfront.net (CloudFront)',
      'x-amz-cf-id': 'x',
      'x-forwarded-for': '203.0.113.1, 130.176.0.1',
      'cloudfront-viewer-address': '203.0.113.1:1',
      'user-agent': 'Amazon CloudFront',
    },
    'all of it': {
      [originSecret]: 'guess',
      [viewerAddress]: '203.0.113.1',
      via: 'CloudFront',
      authorization: `Bearer ${token}`,
    },
  });

  it('refuses every route with 403 and the header table, whatever is forged, before any function runs', async () => {
    const direct = roundTheBack(gatehouse);
    const before = gatehouse.invocations.length;
    const faults: string[] = [];
    const routes = routesOf(gatehouse.stack);
    for (const { method, path, endpoint } of routes) {
      for (const [name, headers] of Object.entries(forgeries())) {
        const body = method === 'POST' ? { body: '{"jsonrpc":"2.0","id":1,"method":"ping"}' } : {};
        const response = await direct({
          method,
          path,
          headers: { ...headers, 'content-type': 'application/json' },
          ...body,
        });
        const found = faultsOf(
          response,
          { method, endpoint },
          { allowedOrigins: listedOrigins, internals: [secret] },
        );
        const status = response.status === 403 ? [] : [`is answered ${response.status}`];
        faults.push(
          ...[...found, ...status].map((fault) => `${method} ${path} with ${name}: ${fault}`),
        );
      }
    }
    expect(faults).toEqual([]);
    expect(routes.length).toBeGreaterThan(15);
    expect(gatehouse.invocations.slice(before)).toEqual([]);
  });

  it('is opened by the secret and nothing else', async () => {
    const direct = roundTheBack(gatehouse);
    expect((await direct({ path: '/health', headers: { [originSecret]: secret } })).status).toBe(
      200,
    );
  });

  it('has the secret from the distribution, over whatever a client sends, and nobody reads it anywhere', async () => {
    const response = await sender(gatehouse.port)({
      path: '/health',
      headers: { [originSecret]: 'guess' },
    });
    expect(response.status).toBe(200);
    expect(header(response, 'x-cache')).toBe('Miss from cloudfront');
    expect(JSON.stringify([...response.headers, response.body])).not.toContain(secret);
    expect(gatehouse.logs.map(({ line }) => line).join('\n')).not.toContain(secret);
  });
});

/** The secrets' text, as it stays over the deployments that replace one: version 1, then 2. */
const texts: Readonly<Record<string, string>> = {
  1: 'the-first'.repeat(7),
  2: 'the-second'.repeat(7),
};

/** Puts that text where the template has a dynamic reference. */
const withTexts = (template: Loose): void => {
  const walk = (value: Loose): Loose => {
    const version = /resolve:secretsmanager:.*?Version(\d)/.exec(
      JSON.stringify(value?.['Fn::Join'] ?? ''),
    )?.[1];
    if (version !== undefined) return texts[version];
    if (Array.isArray(value)) return value.map(walk);
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, walk(each)]));
  };
  template.Resources = walk(template.Resources);
};

describe('replacing the origin secret', () => {
  // 200: the stage takes it; 403: it does not. Through the distribution it must be 200 at every
  // step.
  it.each([
    ['before', { current: 1 }, { first: 200, second: 403, through: 200 }],
    [
      'after the first deployment',
      { current: 2, previous: 1 },
      { first: 200, second: 200, through: 200 },
    ],
    ['after the second deployment', { current: 2 }, { first: 403, second: 200, through: 200 }],
  ])('%s', async (_, secrets, expected) => {
    // What an empty configuration has is synthesized already.
    const configuration = secrets.current === 1 ? {} : { originSecret: secrets };
    const changed = changedAssembly(
      await synthesize({ urlMode: 'cloudfront', configuration }),
      withTexts,
    );
    const gatehouse = await startGatehouse({ assembly: changed.folder });
    try {
      expect(originSecretOf(gatehouse)).toBe(texts[secrets.current]);
      const direct = async (text = '') =>
        (await roundTheBack(gatehouse)({ path: '/health', headers: { [originSecret]: text } }))
          .status;
      const through = (await sender(gatehouse.port)({ path: '/health' })).status;
      expect({
        first: await direct(texts['1']),
        second: await direct(texts['2']),
        through,
      }).toEqual(expected);
    } finally {
      await gatehouse.stop();
      changed.remove();
    }
  });
});
