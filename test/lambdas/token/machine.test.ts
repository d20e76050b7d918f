import { blockUser } from '../../../lambdas/store/users.ts';
import { machineSubject } from '../../../policy/machines.ts';
import { accessToken, type FakeCognito, fakeCognito, json } from '../oauth/fake-cognito.ts';
import { type Front, front, resource } from '../oauth/front.ts';

const id = 'appnightly';
const secret = 'abcdefghijklmnopqrstuvwxyz0123456789abcdefghijklmno';
const machines = new Map([
  [
    id,
    {
      name: 'nightly',
      scopes: ['gatehouse/tools.read', 'gatehouse/tools.call'],
      groups: ['finance'],
    },
  ],
]);
const machineTokens = (scope = 'gatehouse/tools.read gatehouse/tools.call') =>
  json(200, {
    access_token: accessToken({ sub: id, client_id: id, scope, origin_jti: undefined }),
    token_type: 'Bearer',
    expires_in: 900,
  });
const basic = (text = `${id}:${secret}`) => ({
  headers: { authorization: `Basic ${Buffer.from(text).toString('base64')}` },
});
const asking = { grant_type: 'client_credentials', resource };
const posted = { ...asking, client_id: id, client_secret: secret };

let cognito: FakeCognito;
let gatehouse: Front;
beforeEach(async () => {
  cognito = await fakeCognito();
  gatehouse = front({ cognito, machines });
});
afterEach(() => cognito.stop());

const body = (text: string) => JSON.parse(text);

it.each([
  ['in the Authorization header', asking, basic()],
  ['in the form', posted, {}],
])('a machine gets a token for its secret %s, and no refresh token', async (_, form, more) => {
  cognito.replies.push(machineTokens());
  const response = await gatehouse.token(form, more);
  expect(response).toMatchObject({ status: 200, accesses: [expect.stringMatching(/get/i)] });
  expect(body(response.body)).toEqual({
    access_token: expect.any(String),
    token_type: 'Bearer',
    expires_in: 900,
    scope: 'gatehouse/tools.read gatehouse/tools.call',
  });
  expect(cognito.requests).toHaveLength(1);
  const [sent] = cognito.requests;
  expect(sent?.authorization).toBe(basic().headers.authorization);
  expect(Object.fromEntries(sent?.form ?? [])).toEqual({
    grant_type: 'client_credentials',
    client_id: id,
    scope: 'gatehouse/tools.read gatehouse/tools.call',
  });
  expect(response.log).not.toContain(secret);
  expect(response.log).toMatch(/"trail":"login".*"clientId":"appnightly".*"groups":"finance"/);
});

it('a machine is granted what it asks for, of what it has', async () => {
  cognito.replies.push(machineTokens('gatehouse/tools.read'));
  const response = await gatehouse.token({
    ...posted,
    scope: 'openid gatehouse/tools.read gatehouse/admin',
  });
  expect(body(response.body).scope).toBe('gatehouse/tools.read');
  expect(cognito.requests[0]?.form.get('scope')).toBe('gatehouse/tools.read');
});

it('a wrong secret is told like an unknown machine, and counted', async () => {
  cognito.replies.push(json(400, { error: 'invalid_client' }));
  const wrong = await gatehouse.token(posted);
  const unknown = await gatehouse.token({ ...posted, client_id: 'appclaude' });
  expect(wrong).toMatchObject({ status: 401, events: ['AuthenticationFailure'] });
  expect(body(wrong.body).error).toBe('invalid_client');
  const told = ({ body: text }: { readonly body: string }) => ({ ...body(text), requestId: 0 });
  expect(told(unknown)).toEqual(told(wrong));
  expect(wrong.log).not.toContain(secret);
});

it.each([
  ['a user’s app client', { ...posted, client_id: 'appclaude' }, {}],
  ['no secret', { ...asking, client_id: id }, {}],
  ['nothing', asking, {}],
  ['what no secret looks like', { ...posted, client_secret: 'a b' }, {}],
  ['an assertion', { ...posted, client_assertion: 'e30.e30.' }, {}],
  ['another scheme', asking, { headers: { authorization: `Bearer ${secret}` } }],
  ['a header without a colon', asking, basic('appnightly')],
  ['a header that cannot be decoded', asking, basic('appnightly:%')],
  ['a header of another client', { ...asking, client_id: 'appother' }, basic()],
])('Cognito is not even asked about %s', async (_, form, more) => {
  const response = await gatehouse.token(form, more);
  expect(response.status).toBe(401);
  expect(body(response.body).error).toBe('invalid_client');
  expect(cognito.requests).toEqual([]);
  expect(response.accesses).toEqual([]);
});

it('an assertion is told that a secret is taken, whoever sends it', async () => {
  const assertion = { client_assertion: 'e30.e30.', client_assertion_type: 'jwt-bearer' };
  const response = await gatehouse.token({ ...asking, ...assertion });
  expect(body(response.body)).toMatchObject({
    error: 'invalid_client',
    error_description: 'A machine authenticates by its secret here, and by no assertion.',
  });
});

it.each([
  ['two ways to authenticate', posted, basic(), 'invalid_request'],
  ['a scope that it has not', { ...posted, scope: 'gatehouse/admin' }, {}, 'invalid_scope'],
  [
    'a resource that is not ours',
    { ...posted, resource: 'https://evil.example/mcp' },
    {},
    'invalid_target',
  ],
])('is refused with %s', async (_, form, more, error) => {
  const response = await gatehouse.token(form, more);
  expect(response.status).toBe(400);
  expect(body(response.body).error).toBe(error);
  expect(cognito.requests).toEqual([]);
});

it('a blocked machine gets none', async () => {
  await blockUser(gatehouse.table, 'machine:nightly', gatehouse.clock.now);
  cognito.replies.push(machineTokens());
  const response = await gatehouse.token(posted);
  expect(response).toMatchObject({ status: 400, events: ['BlockedUser'] });
  expect(response.log).toMatch(/"trail":"login".*"outcome":"refused"/);
  expect(body(response.body).error).toBe('invalid_grant');
});

it.each([
  [
    'of somebody else',
    json(200, { access_token: accessToken({ client_id: 'appclaude' }), expires_in: 900 }),
  ],
  ['that is none', json(200, { access_token: 'text', expires_in: 900 })],
  ['that failed', json(500, {})],
  ['about a scope', json(400, { error: 'invalid_scope' })],
])('an answer of Cognito %s is an outage', async (_, reply) => {
  cognito.replies.push(reply);
  expect((await gatehouse.token(posted)).status).toBe(503);
});

describe('without machines', () => {
  it.each([
    ['with a secret', posted, {}, 401, 'invalid_client'],
    ['with a header', asking, basic(), 401, 'invalid_client'],
    [
      'without',
      { grant_type: 'client_credentials', client_id: 'loopback' },
      {},
      400,
      'unsupported_grant_type',
    ],
  ])('nobody calls as a machine: %s', async (_, form, more, status, error) => {
    const response = await front({ cognito }).token(form, more);
    expect(response.status).toBe(status);
    expect(body(response.body).error).toBe(error);
    expect(cognito.requests).toEqual([]);
  });
});

it('a machine’s secret opens no other grant', async () => {
  const response = await gatehouse.token({ ...posted, grant_type: 'refresh_token' });
  expect(response.status).toBe(401);
});

describe('what a machine sends', () => {
  const wrong = 'The client id or the secret is wrong.';
  const refused = async (...parameters: Parameters<Front['token']>) => {
    const { status, body: text, headers, accesses } = await gatehouse.token(...parameters);
    const challenge = headers['x-amzn-remapped-www-authenticate'] ?? headers['www-authenticate'];
    expect([status, accesses, cognito.requests]).toEqual([401, [], []]);
    expect(body(text).error_description).toBe(wrong);
    return challenge;
  };

  it('is told of the scheme where it used the header, and only there', async () => {
    expect(await refused(asking, basic(`${id}:short`))).toBe('Basic realm="Gatehouse"');
    expect(await refused({ ...posted, client_secret: 'short' })).toBeUndefined();
  });

  it.each([
    ['no colon', `${id}${secret}`],
    ['no id', `:${secret}`],
    ['no secret', `${id}:`],
    ['a line before it', `x\n${id}:${secret}`],
    ['a line after it', `${id}:${secret}\nx`],
    ['an encoding that is none', `${id}:${secret}%`],
  ])('is refused with %s in the header', async (_name, text) => {
    expect(await refused(asking, basic(text))).toBe('Basic realm="Gatehouse"');
  });

  it.each([
    ['another scheme before', (value: string) => `x${value}`],
    ['something after', (value: string) => `${value} x`],
  ])('is refused with %s the header’s own', async (_name, change) => {
    await refused(asking, { headers: { authorization: change(basic().headers.authorization) } });
  });

  it('may be padded in every way, and be named in the form as well', async () => {
    for (const more of ['', '1', '12']) {
      cognito.replies.push(machineTokens());
      const long = `${id}:${secret}${more}`;
      const response = await gatehouse.token({ ...asking, client_id: id }, basic(long));
      expect(response.status).toBe(200);
    }
  });

  it('is not taken twice', async () => {
    const { status, body: text } = await gatehouse.token(
      { ...asking, client_secret: secret },
      basic(),
    );
    expect([status, body(text)]).toMatchObject([
      400,
      { error_description: 'The client authenticates in two ways at once.' },
    ]);
  });
});

it('a machine’s token is not kept by anybody, and carries the scopes that were asked for alone', async () => {
  cognito.replies.push(machineTokens('openid gatehouse/tools.read gatehouse/tools.call'));
  const response = await gatehouse.token({ ...posted, scope: 'gatehouse/tools.call' });
  expect(response.headers).toMatchObject({
    'content-type': 'application/json',
    pragma: 'no-cache',
  });
  expect(body(response.body).scope).toBe('gatehouse/tools.call');
  expect(cognito.requests[0]?.path).toBe('/oauth2/token');
  expect(response.log).toMatch(/"clientId":"appnightly".*"user":"[0-9a-f]{16}"/);
  expect(response.log).toContain('"profile":"machine-nightly"');
});

it.each([
  ['another subject', accessToken({ sub: 'x', client_id: id })],
  ['another client', accessToken({ sub: id, client_id: 'x' })],
  ['no claims', 'nonsense'],
])('a token of %s is none', async (_name, token) => {
  cognito.replies.push(json(200, { access_token: token, token_type: 'Bearer', expires_in: 9 }));
  const response = await gatehouse.token(posted);
  expect(response.status).toBe(503);
  expect(response.log).toContain("Cognito's access token makes no sense");
});

it('a block is read as it stands, and told with who it is', async () => {
  const { get } = gatehouse.table;
  const reads: unknown[] = [];
  gatehouse.table.get = async (pk, options) => {
    reads.push(options);
    return get(pk, options);
  };
  await blockUser(gatehouse.table, machineSubject('nightly'), gatehouse.clock.now);
  cognito.replies.push(machineTokens());
  const blocked = await gatehouse.token(posted);
  expect(blocked.events).toEqual(['BlockedUser']);
  expect(reads).toEqual([{ consistent: true }]);
  expect(blocked.log).toMatch(
    /"event":"BlockedUser".*"user":"[0-9a-f]{16}".*"clientId":"appnightly"/,
  );
});
