import { randomBytes, randomUUID } from 'node:crypto';
import { setTimeout } from 'node:timers/promises';
import { userActions } from '../../bin/user/actions.ts';
import { userPoolOf } from '../../bin/user/cognito.ts';
import { userHash } from '../../lambdas/logging/user-hash.ts';
import { type Gatehouse, startGatehouse } from '../../local/runtime.ts';
import { loginSettings } from '../../policy/identity.ts';
import { runQuery } from '../lib/observability/insights.ts';
import { claudeRedirect, loginSteps, type Ready } from './runtime/login-steps.ts';
import { mcpCaller } from './runtime/mcp-calls.ts';
import { needles } from './runtime/needles.ts';
import { operatorOf } from './runtime/operator.ts';
import { header, type Received, sender } from './runtime/send.ts';

const word = (): string => randomBytes(24).toString('base64url');
const person = () => ({
  email: `canary.${randomBytes(6).toString('hex')}@example.com`,
  password: `Canary-${word()}-1a`,
  emailVerified: true,
});

/**
 * A run of everything that can happen to a secret, with every secret known and every answer kept.
 */
const run = async (gatehouse: Gatehouse) => {
  const secrets = needles();
  const leaks: string[] = [];
  const steps = loginSteps(gatehouse);
  const call = mcpCaller(gatehouse);
  const [user] = gatehouse.users;
  secrets.add('email', user?.email);
  secrets.add('password', user?.password);
  for (const client of gatehouse.stack.resources('AWS::Cognito::UserPoolClient'))
    secrets.add(
      'client secret',
      gatehouse.cognito.rotateClientSecret(gatehouse.stack.ref(client.logicalId)),
    );

  const look = (name: string, answer: Received, may: readonly string[] = []): Received => {
    for (const cookie of answer.headers.get('set-cookie') ?? []) {
      const value = /^[^=]+=([^;]{8,})/.exec(cookie)?.[1];
      if (value !== undefined) secrets.add('cookie', value);
    }
    const text = [...answer.headers]
      .filter(([each]) => each !== 'set-cookie')
      .flat(2)
      .join('\n');
    for (const hit of secrets.in(`${text}\n${answer.body}`, may))
      leaks.push(`the answer to ${name} (${answer.status}): ${hit}`);
    return answer;
  };
  const drive = async (
    name: string,
    ready: Ready,
    may?: readonly string[],
    more?: Record<string, string>,
  ): Promise<Received> => look(name, await ready(more), may);

  const given = () => {
    const made = steps.secrets();
    secrets.add('verifier', made.verifier);
    secrets.add('state', made.state);
    return made;
  };
  const mint = async (more: Parameters<typeof gatehouse.cognito.mint>[0] = {}): Promise<string> => {
    const token = await gatehouse.cognito.mint({
      resource: gatehouse.mcpUrl,
      claims: { sub: randomUUID() },
      ...more,
    });
    for (const part of token.split('.').slice(1)) secrets.add('token', part);
    return token;
  };

  // A whole login. The profile grants the address, so the access token has it. The state goes back
  // to its client and nowhere else.
  const clientId = await steps.clientId();
  const first = given();
  await drive('/authorize', steps.authorize(clientId, first), ['state']);
  await drive('/consent', await steps.consent(clientId, first), ['state']);
  const called = await drive('/callback', await steps.callback(clientId, first), ['state']);
  const code = new URL(header(called, 'location') ?? '').searchParams.get('code') ?? '';
  secrets.add('code', code);
  const redemption = {
    grant_type: 'authorization_code',
    client_id: clientId,
    redirect_uri: claudeRedirect,
    code,
    code_verifier: first.verifier,
  };
  const redeemed = await drive('/token', steps.post('/token', redemption), ['email']);
  const { access_token: access, refresh_token: refresh } = JSON.parse(redeemed.body);
  secrets.add('token', access.split('.')[1]);
  secrets.add('token', access.split('.')[2]);
  secrets.add('refresh token', refresh);
  secrets.add('refresh token', String(refresh).split('.')[1]);

  // Its tokens in use.
  look('/mcp', await call({ token: access }));
  const whoami = JSON.stringify({
    jsonrpc: '2.0',
    id: 1,
    method: 'tools/call',
    params: { name: 'whoami', arguments: {} },
  });
  look('whoami', await call({ token: access, body: whoami }), ['email']);
  const refreshed = await drive('/token, refresh', steps.refreshment(clientId, refresh), ['email']);
  const { access_token: second, refresh_token: rotated } = JSON.parse(refreshed.body);
  secrets.add('token', second.split('.')[1]);
  secrets.add('refresh token', rotated);

  // And everything that goes wrong with each of them.
  await drive('a replayed code', steps.post('/token', redemption));
  await drive(
    'a code without its verifier',
    steps.post('/token', { ...redemption, code_verifier: '' }),
  );
  await drive(
    'a code of another client',
    steps.post('/token', { ...redemption, client_id: 'loopback' }),
  );
  await drive(
    'a code with a client secret',
    steps.post('/token', { ...redemption, client_secret: code }),
  );
  await drive('a code in the query', () =>
    sender(gatehouse.port)({
      method: 'POST',
      path: `${steps.prefix}/token?code=${code}`,
      body: '',
    }),
  );
  await drive('a code as JSON', () =>
    sender(gatehouse.port)({
      method: 'POST',
      path: '/token',
      body: JSON.stringify(redemption),
      headers: { 'content-type': 'application/json' },
    }),
  );
  const sibling = await drive(
    'a replaced refresh token, within its grace',
    steps.refreshment(clientId, refresh),
    ['email'],
  );
  secrets.add('token', JSON.parse(sibling.body).access_token.split('.')[1]);
  secrets.add('refresh token', JSON.parse(sibling.body).refresh_token);
  gatehouse.clock.advance((loginSettings.refreshRotationGraceSeconds + 1) * 1000);
  await drive('a replaced refresh token, later', steps.refreshment(clientId, refresh));
  await drive("another client's refresh token", steps.refreshment('loopback', rotated));
  await drive('a broken refresh token', steps.refreshment(clientId, `${rotated}x`));
  await drive('a revocation', steps.revocation(clientId, rotated));
  await drive('a revocation of an access token', steps.revocation(clientId, second));
  const deny = given();
  await drive('a denial', await steps.consent(clientId, deny, 'deny'), ['state']);
  await drive('a consent without its cookie', async () => {
    const ready = await steps.consent(clientId, given());
    steps.jar.store(
      new URL(gatehouse.publicUrl),
      (called.headers.get('set-cookie') ?? []).map((cookie) => `${cookie}; Max-Age=0`),
    );
    return ready({ cookie: `__Host-consent=${word()}` });
  }, ['state']);
  const stolen = given();
  await drive(
    'a callback in another browser',
    async () => (await steps.callback(clientId, stolen))({ cookie: 'a=b' }),
    ['state'],
  );
  const unheard = given();
  const unsent = `${new URL(gatehouse.publicUrl).pathname.replace(/\/$/, '')}/callback?state=${unheard.state}&code=${unheard.verifier}&error=${unheard.state}`;
  await drive('a made-up callback', () =>
    sender(gatehouse.port)({
      path: unsent,
      headers: { cookie: `__Host-login=${unheard.verifier}` },
    }),
  );
  const odd = steps.authorizeUrl('nobody', given());
  await drive(
    'an unknown client',
    () => sender(gatehouse.port)({ path: `${odd.pathname}${odd.search}` }),
    ['state'],
  );
  const plain = steps.authorizeUrl(clientId, given());
  plain.searchParams.set('code_challenge_method', 'plain');
  await drive(
    'PKCE without a hash',
    () => sender(gatehouse.port)({ path: `${plain.pathname}${plain.search}` }),
    ['state'],
  );

  for (const [name, token] of Object.entries({
    'a good token': await mint(),
    'an expired token': await mint({ claims: { exp: 1 } }),
    'a token for another resource': await mint({ resource: 'https://elsewhere.example' }),
    'an ID token': await mint({ use: 'id' }),
    'a token without scopes': await mint({ scopes: [] }),
    'a token of no known key': await mint({ header: { kid: word() } }),
    'a token with its own algorithm': await mint({ header: { alg: 'none' } }),
  })) {
    look(name, await call({ token }));
    look(`${name}, cut`, await call({ token: token.slice(0, -9) }));
    look(
      `${name}, from a foreign origin`,
      await call({ token, headers: { origin: 'https://evil.example' } }),
    );
    look(
      `${name}, in the query`,
      await call({ path: `${steps.prefix}/mcp?access_token=${token}` }),
    );
    look(`${name}, as basic`, await call({ headers: { authorization: `Basic ${token}` } }));
    look(
      `${name}, twice`,
      await call({ headers: { authorization: [`Bearer ${token}`, `Bearer ${token}`] } }),
    );
  }
  const good = await mint();
  look(
    'a token in the body',
    await call({
      token: good,
      body: JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'ping', access_token: good }),
    }),
  );
  for (const params of [
    { name: good },
    { name: 'whoami', arguments: { code } },
    { name: 'security_posture', arguments: { section: code } },
  ])
    look(
      'a secret as an argument',
      await call({
        token: good,
        body: JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/call', params }),
      }),
      ['token', 'code'],
    );
  look(
    'a secret as a method',
    await call({
      token: good,
      body: JSON.stringify({ jsonrpc: '2.0', id: 1, method: `ping ${code}` }),
    }),
    ['code'],
  );
  look(
    'a secret as a version',
    await call({
      token: good,
      headers: { 'mcp-protocol-version': code, 'mcp-method': code, 'mcp-name': good },
    }),
    ['code'],
  );
  await drive('a registration that is refused', () =>
    sender(gatehouse.port)({
      method: 'POST',
      path: `${steps.prefix}/register`,
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({
        client_name: code,
        redirect_uris: [`https://evil.example/?code=${code}`],
        client_secret: code,
      }),
    }),
  );
  for (const path of ['/health', '/self-test', '/.well-known/oauth-protected-resource', '/nothing'])
    await drive(`${path} with secrets`, () =>
      sender(gatehouse.port)({
        path: `${path}?code=${code}&state=${first.state}`,
        headers: {
          cookie: `a=${first.verifier}`,
          authorization: `Bearer ${good}`,
          'x-api-key': code,
          'user-agent': code,
          referer: `https://x.example/?code=${code}`,
        },
      }),
    );

  // What is behind us fails with secrets in its hands.
  for (const fault of [{ kind: 'refused' }, { kind: 'status500' }, { kind: 'garbage' }] as const) {
    const late = given();
    const ready = await steps.redemption(clientId, late);
    const callback = await steps.callback(clientId, late);
    await Promise.all([
      gatehouse.cognito.domainFaults.set(fault),
      gatehouse.table.faults.set(fault),
    ]);
    await drive(`/token while all is ${fault.kind}`, ready);
    await drive(`/callback while all is ${fault.kind}`, callback);
    look(`/mcp while all is ${fault.kind}`, await call({ token: await mint() }));
    await gatehouse.table.faults.clear();
    await drive(`/token while Cognito is ${fault.kind}`, ready);
    await gatehouse.cognito.domainFaults.clear();
  }

  for (const { source, line } of gatehouse.logs)
    for (const hit of secrets.in(line))
      leaks.push(`a line of ${source}: ${hit}: ${line.slice(0, 500)}`);
  return { leaks, secrets: secrets.size, lines: gatehouse.logs.length };
};

/** The lines of the trail, once all that the functions wrote have arrived there. */
const trailOf = async ({ logs }: Gatehouse): Promise<string[]> => {
  const isOfTrail = (line: string) => JSON.parse(line).trail !== undefined;
  const ofTrail = () => logs.filter(({ line }) => isOfTrail(line));
  for (;;) {
    const lines = ofTrail();
    const arrived = lines.filter(({ source }) => source === 'audit-trail');
    if (arrived.length * 2 === lines.length) return arrived.map(({ line }) => line);
    await setTimeout(50);
  }
};

/** A saved query of the trail, as the template has it. */
const askTrail = ({ stack, users }: Gatehouse, lines: readonly string[], name: string) => {
  const [query, ...more] = stack
    .resources('AWS::Logs::QueryDefinition')
    .filter(({ properties }) => String(properties['Name']).endsWith(`/Audit: ${name}`));
  if (query === undefined || more.length > 0) throw new Error(`not one query ${name}`);
  const text = String(query.properties['QueryString']);
  return runQuery(text.replace('0000000000000000', userHash(users[0]?.sub ?? '')), lines);
};

describe('the search', () => {
  it('finds a secret in every encoding that it could hide in', () => {
    const secrets = needles();
    const secret = `+/${word()}~ü`;
    secrets.add('secret', secret);
    const base64 = (text: string) => Buffer.from(text).toString('base64');
    const form = new URLSearchParams({ a: secret }).toString();
    for (const text of [
      secret,
      `x${secret}y`,
      base64(secret),
      base64(`a${secret}b`),
      base64(`ab${secret}c`),
      encodeURIComponent(secret),
      form,
    ])
      expect(secrets.in(`something ${text} something`)).toEqual(['secret #0']);
    expect(secrets.in(Buffer.from(`code:${secret}`).toString('base64url'))).toEqual(['secret #0']);
    expect(secrets.in(word())).toEqual([]);
  });
});

// A level leaves lines out and adds none, so the most talkative one and the deployed one are enough
// for `npm test`.
const everyLevel = process.env['GATEHOUSE_EVERY_CASE'] === '1';
const levels = everyLevel ? ['DEBUG', 'INFO', 'WARN', 'ERROR'] : ['DEBUG', 'INFO'];

describe.each(levels)(
  `at the log level %s (${everyLevel ? 'of all' : 'GATEHOUSE_EVERY_CASE=1: all of them'})`,
  (level) => {
    let gatehouse: Gatehouse;
    beforeAll(async () => {
      gatehouse = await startGatehouse({
        users: [person()],
        environment: (_name, variables) => ({
          ...variables,
          POWERTOOLS_LOG_LEVEL: level,
          LOG_SENSITIVE_DATA: 'false',
        }),
      });
    });
    afterAll(() => gatehouse?.stop());

    it('no token, code, verifier, cookie, password or email is in a log line, nor in an answer that is not for it', async () => {
      const { leaks, secrets, lines } = await run(gatehouse);
      expect(leaks).toEqual([]);
      expect(secrets).toBeGreaterThan(50);
      expect(lines).toBeGreaterThan(level === 'ERROR' ? 50 : 150);
    });

    it('the audit trail tells who did what, at every level of the log, and the saved queries find it (LOG-6)', async () => {
      const lines = await trailOf(gatehouse);
      const kinds = new Set(lines.map((line) => JSON.parse(line).trail));
      expect(kinds).toEqual(
        new Set(['call', 'refusal', 'approval', 'denial', 'login', 'refresh', 'revocation']),
      );
      // A hash stands for each person, and nothing else does.
      for (const { sub, email } of gatehouse.users)
        for (const secret of [sub, email]) expect(lines.join()).not.toContain(secret);
      const ask = (name: string) => askTrail(gatehouse, lines, name);
      const user = userHash(gatehouse.users[0]?.sub ?? '');
      expect(ask('who called what')).toContainEqual(
        expect.objectContaining({
          user,
          mcpMethod: 'tools/call',
          definition: 'whoami',
          outcome: 'ok',
          profile: 'claude',
        }),
      );
      expect(ask('what one person did').map(({ trail }) => trail)).toEqual(
        expect.arrayContaining(['login', 'call', 'refresh']),
      );
      expect(ask('which tool fails')).toContainEqual(
        expect.objectContaining({ definition: '(unknown)', outcome: 'error' }),
      );
      expect(ask('calls and duration of each tool')).toContainEqual(
        expect.objectContaining({ definition: 'whoami', p95: expect.any(Number) }),
      );
      expect(ask('which client is new')[0]).toMatchObject({ profile: 'claude' });
      expect(ask('what was refused to whom').length).toBeGreaterThan(0);
      expect(ask('logins, operations and deployments').map(({ trail }) => trail)).toEqual(
        expect.arrayContaining(['approval', 'denial', 'login', 'revocation']),
      );
    });

    it('what an operator does with somebody by command stands in the audit trail, and in the query of that person', async () => {
      const [user] = gatehouse.users;
      const target = operatorOf(gatehouse);
      const users = { target, pool: userPoolOf(target.aws, target.userPool), now: new Date() };
      await userActions.block(users, user?.email ?? '');
      const lines = gatehouse.logs
        .filter(({ source }) => source === 'audit-trail')
        .map(({ line }) => line);
      for (const query of ['what one person did', 'logins, operations and deployments'])
        expect(
          askTrail(gatehouse, lines, query)
            .filter(({ trail }) => trail === 'operation')
            .map(({ command, operator, outcome }) => [command, operator, outcome]),
        ).toEqual(
          expect.arrayContaining([
            ['user block', 'local', undefined],
            ['user block', 'local', 'ok'],
          ]),
        );
    });
  },
);

describe('what tries to break out of a log line', () => {
  const hostile =
    '\r\n{"level":"ERROR","event":"Forged"}\u0000\u001b[2J\u009b31m\u202e\u2066\u2028\u200f';
  let gatehouse: Gatehouse;
  beforeAll(async () => {
    gatehouse = await startGatehouse();
  });
  afterAll(() => gatehouse?.stop());

  it('stays in one line of JSON, wherever it is put', async () => {
    const send = sender(gatehouse.port);
    const call = mcpCaller(gatehouse);
    const escaped = encodeURIComponent(hostile);
    // A header takes no control character, but any byte above them: C1 as it is, bidirectional
    // marks as their UTF-8.
    const latin = `\u009b31m\u0085${Buffer.from('\u202e\u2066').toString('latin1')}`;
    const json = { 'content-type': 'application/json' };
    const form = { 'content-type': 'application/x-www-form-urlencoded' };
    const token = await gatehouse.cognito.mint({ resource: gatehouse.mcpUrl });
    const rpc = (message: object) =>
      call({ token, body: JSON.stringify({ jsonrpc: '2.0', id: 1, ...message }) });

    const headers = {
      origin: `https://${latin}`,
      'user-agent': latin,
      referer: latin,
      cookie: latin,
      traceparent: latin,
      accept: latin,
    };
    for (const path of [
      '/health',
      '/authorize',
      '/callback',
      '/self-test',
      '/.well-known/openid-configuration',
      `/${escaped}`,
      `/mcp/${escaped}`,
    ])
      for (const query of [
        '',
        `?state=${escaped}`,
        `?${escaped}=1`,
        `?client_id=${escaped}&redirect_uri=${escaped}&scope=${escaped}`,
        '?code=1&code=2',
      ])
        await send({ path: `${path}${query}`, headers });
    for (const name of ['client_name', 'redirect_uris', 'scope', 'client_uri', hostile])
      await send({
        method: 'POST',
        path: '/register',
        headers: json,
        body: JSON.stringify({
          redirect_uris: [claudeRedirect],
          [name]: name === 'redirect_uris' ? [hostile] : hostile,
        }),
      });
    for (const path of ['/token', '/revoke', '/consent'])
      for (const name of [
        'grant_type',
        'client_id',
        'code',
        'refresh_token',
        'token',
        'resource',
        'csrf',
        hostile,
      ])
        await send({
          method: 'POST',
          path,
          headers: form,
          body: new URLSearchParams({
            client_id: 'claude',
            grant_type: 'refresh_token',
            [name]: hostile,
          }).toString(),
        });
    await rpc({ method: hostile });
    await rpc({ method: 'tools/call', params: { name: hostile, arguments: {} } });
    await rpc({
      method: 'tools/call',
      params: {
        name: 'whoami',
        arguments: { [hostile]: hostile },
        _meta: { traceparent: hostile },
      },
    });
    await rpc({
      method: 'initialize',
      params: {
        protocolVersion: hostile,
        capabilities: {},
        clientInfo: { name: hostile, version: hostile },
      },
    });
    await rpc({ method: 'resources/read', params: { uri: hostile } });
    for (const name of [
      'mcp-method',
      'mcp-name',
      'mcp-protocol-version',
      'origin',
      'authorization',
      'last-event-id',
    ])
      await call({ token, headers: { [name]: latin } });
    await call({
      token: await gatehouse.cognito.mint({
        resource: gatehouse.mcpUrl,
        claims: { sub: hostile, username: hostile, client_id: hostile },
      }),
    });

    const lines = gatehouse.logs.map(({ line }) => line);
    expect(lines.length).toBeGreaterThan(150);
    for (const line of lines) {
      expect(() => JSON.parse(line)).not.toThrow();
      expect(line).not.toMatch(/[\p{Cc}\p{Bidi_Control}\u2028\u2029]/u);
      expect(line).not.toMatch(/^\{"level":"ERROR","event":"Forged"/);
    }
  });
});
