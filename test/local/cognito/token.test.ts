import { aClient, aPool, aVerifier, basic, callback, claimsOf, email, jsonOf } from './a-pool.ts';

const other = aClient({ clientId: 'julius0000000000000000000b', clientName: 'julius' });
const rotating = aClient();
let pool: Awaited<ReturnType<typeof aPool>>;
beforeAll(async () => {
  pool = await aPool({ clients: [rotating, other] });
});
afterAll(() => pool.cognito.stop());

const errorOf = async (response: Response): Promise<Record<string, unknown>> => ({
  status: response.status,
  ...(await jsonOf(response)),
});
const resource = 'http://localhost:3000/mcp';

describe('redeeming a code', () => {
  it('answers expires_in but no scope, and no ID token without openid', async () => {
    const response = await pool.redeem(await pool.code({ scope: 'gatehouse/tools.read' }));
    const received = await jsonOf(response);
    expect(response.status).toBe(200);
    expect(response.headers.get('cache-control')).toBe('no-store');
    expect(Object.keys(received).sort()).toEqual([
      'access_token',
      'expires_in',
      'refresh_token',
      'token_type',
    ]);
    expect(received['expires_in']).toBe(900);
    expect(received['token_type']).toBe('Bearer');
  });

  it('puts Cognito’s claims into the access token, and aud only for a bound resource', async () => {
    const now = Math.floor(pool.clock.now / 1000);
    const claims = claimsOf((await pool.tokens({ scope: 'gatehouse/tools.read' }))['access_token']);
    expect(claims).toEqual({
      sub: expect.stringMatching(/^[0-9a-f-]{36}$/),
      iss: 'https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_AbCdEf123',
      version: 2,
      client_id: pool.client.clientId,
      origin_jti: expect.any(String),
      event_id: expect.any(String),
      token_use: 'access',
      scope: 'gatehouse/tools.read',
      auth_time: now,
      exp: now + 900,
      iat: now,
      jti: expect.any(String),
      username: claims['sub'],
    });
    expect(claimsOf((await pool.tokens({ resource }))['access_token'])['aud']).toBe(resource);
  });

  it('puts the nonce, the address and the client into the ID token', async () => {
    const claims = claimsOf(
      (await pool.tokens({ nonce: 'n-1', scope: 'openid email' }))['id_token'],
    );
    expect(claims).toMatchObject({
      token_use: 'id',
      aud: pool.client.clientId,
      nonce: 'n-1',
      email,
      email_verified: true,
    });
  });

  it('takes a code once', async () => {
    const code = await pool.code();
    expect((await pool.redeem(code)).status).toBe(200);
    expect(await errorOf(await pool.redeem(code))).toEqual({ status: 400, error: 'invalid_grant' });
  });

  it('takes a code for five minutes', async () => {
    const code = await pool.code();
    pool.clock.now += 300_000;
    const late = await errorOf(await pool.redeem(code));
    pool.clock.now -= 300_000;
    expect(late).toEqual({ status: 400, error: 'invalid_grant' });
  });

  it('takes no code of another client', async () => {
    const code = await pool.code();
    const response = await pool.token(
      { grant_type: 'authorization_code', code, redirect_uri: callback },
      { authorization: basic(other) },
    );
    expect(await errorOf(response)).toEqual({ status: 400, error: 'invalid_grant' });
  });

  it.each([
    ['registered but another', 'http://localhost:3000/callback', 'invalid_grant'],
    ['not registered', 'https://mcp.example.com/callback/', 'unauthorized_client'],
  ])('wants the very redirect URI (%s)', async (_name, redirect_uri, error) => {
    expect(await errorOf(await pool.redeem(await pool.code(), { redirect_uri }))).toEqual({
      status: 400,
      error,
    });
  });

  it('wants the verifier once a challenge was sent, and not otherwise', async () => {
    const { verifier, challenge } = aVerifier();
    const pkce = { code_challenge: challenge, code_challenge_method: 'S256' };
    expect((await pool.redeem(await pool.code(pkce), { code_verifier: verifier })).status).toBe(
      200,
    );
    expect(await errorOf(await pool.redeem(await pool.code(pkce)))).toEqual({
      status: 400,
      error: 'invalid_grant',
    });
    expect(
      await errorOf(
        await pool.redeem(await pool.code(pkce), { code_verifier: aVerifier().verifier }),
      ),
    ).toEqual({
      status: 400,
      error: 'invalid_grant',
    });
    expect((await pool.redeem(await pool.code())).status).toBe(200);
  });
});

describe('client authentication', () => {
  const form = { grant_type: 'refresh_token', refresh_token: 'x' };

  it('takes the secret by Basic or in the body', async () => {
    const { clientId, clientSecret } = pool.client;
    expect(await errorOf(await pool.token(form))).toEqual({ status: 400, error: 'invalid_grant' });
    const inBody = await pool.token(
      { ...form, client_id: clientId, client_secret: clientSecret },
      {},
    );
    expect(await errorOf(inBody)).toEqual({ status: 400, error: 'invalid_grant' });
  });

  it.each([
    ['no secret', {}, { client_id: rotating.clientId }],
    ['a wrong secret', { authorization: basic(rotating, 'wrong') }, {}],
    ['an unknown client', { authorization: basic(aClient({ clientId: 'nobody' })) }, {}],
    ['two clients', { authorization: basic(rotating) }, { client_id: other.clientId }],
    ['a header that is not Basic', { authorization: 'Bearer x' }, { client_id: rotating.clientId }],
  ])('refuses %s', async (_name, headers, more) => {
    expect(await errorOf(await pool.token({ ...form, ...more }, headers))).toEqual({
      status: 400,
      error: 'invalid_client',
    });
  });

  it('takes two secrets during a rotation', async () => {
    const running = await aPool();
    const fresh = running.cognito.rotateClientSecret(running.client.clientId);
    const as = (secret: string | undefined) =>
      running.token(form, { authorization: basic(running.client, secret) });
    expect((await errorOf(await as(fresh)))['error']).toBe('invalid_grant');
    expect((await errorOf(await as(running.client.clientSecret)))['error']).toBe('invalid_grant');
    running.cognito.dropPreviousClientSecret(running.client.clientId);
    expect((await errorOf(await as(running.client.clientSecret)))['error']).toBe('invalid_client');
    await running.cognito.stop();
  });

  it.each([
    ['no grant type', {}, 'invalid_request'],
    ['client credentials', { grant_type: 'client_credentials' }, 'unauthorized_client'],
    ['passwords', { grant_type: 'password' }, 'unsupported_grant_type'],
    [
      'a code without a redirect URI',
      { grant_type: 'authorization_code', code: 'x' },
      'invalid_request',
    ],
    ['a refresh without a token', { grant_type: 'refresh_token' }, 'invalid_request'],
  ])('refuses %s', async (_name, body, error) => {
    expect(await errorOf(await pool.token(body))).toEqual({ status: 400, error });
  });

  it('refuses JSON, a repeated parameter and GET', async () => {
    const url = `${pool.cognito.domainUrl}/oauth2/token`;
    const headers = { authorization: basic(pool.client) };
    const json = await fetch(url, {
      method: 'POST',
      body: JSON.stringify(form),
      headers: { ...headers, 'content-type': 'application/json' },
    });
    expect(await errorOf(json)).toEqual({ status: 400, error: 'invalid_request' });
    const twice = await fetch(url, {
      method: 'POST',
      headers,
      body: new URLSearchParams([
        ['grant_type', 'refresh_token'],
        ['grant_type', 'x'],
      ]),
    });
    expect(await errorOf(twice)).toEqual({ status: 400, error: 'invalid_request' });
    expect((await fetch(url)).status).toBe(405);
  });
});

describe('refreshing', () => {
  it('keeps scope, resource, sub and origin, whatever the form says', async () => {
    const first = await pool.tokens({ resource, scope: 'gatehouse/tools.read' });
    const second = await jsonOf(
      await pool.refresh(first['refresh_token'] ?? '', {
        resource: 'https://evil.example',
        scope: 'openid',
      }),
    );
    const [before, after] = [claimsOf(first['access_token']), claimsOf(second['access_token'])];
    for (const claim of ['aud', 'scope', 'sub', 'origin_jti', 'auth_time'])
      expect(after[claim]).toEqual(before[claim]);
    expect(after['jti']).not.toBe(before['jti']);
    expect(second['scope']).toBeUndefined();
  });

  it('rotates, and refuses the token that was replaced', async () => {
    const { refresh_token: first = '' } = await pool.tokens();
    const { refresh_token: second = '' } = await jsonOf(await pool.refresh(first));
    expect(second).not.toBe(first);
    expect(await errorOf(await pool.refresh(first))).toEqual({
      status: 400,
      error: 'invalid_grant',
    });
    expect((await pool.refresh(second)).status).toBe(200);
  });

  it('lets a rotated token live no longer than the first', async () => {
    const { refresh_token: first = '' } = await pool.tokens();
    pool.clock.now += 29 * 24 * 3600_000;
    const { refresh_token: second = '' } = await jsonOf(await pool.refresh(first));
    pool.clock.now += 24 * 3600_000;
    const late = await errorOf(await pool.refresh(second));
    pool.clock.now -= 30 * 24 * 3600_000;
    expect(late).toEqual({ status: 400, error: 'invalid_grant' });
  });

  it('gives a token of the size of Cognito’s', async () => {
    const { refresh_token: token = '' } = await pool.tokens();
    expect(token.split('.')).toHaveLength(5);
    expect(token.length).toBeGreaterThan(1700);
  });

  it('takes no token of another client', async () => {
    const { refresh_token: token = '' } = await pool.tokens();
    const response = await pool.token(
      { grant_type: 'refresh_token', refresh_token: token },
      { authorization: basic(other) },
    );
    expect(await errorOf(response)).toEqual({ status: 400, error: 'invalid_grant' });
  });

  it('keeps one token, or honours a grace period, where the client is set so', async () => {
    const { refreshRotation: _none, ...still } = aClient();
    const lasting = await aPool({ clients: [still] });
    const { refresh_token: token = '' } = await lasting.tokens();
    expect(await jsonOf(await lasting.refresh(token))).not.toHaveProperty('refresh_token');
    expect((await lasting.refresh(token)).status).toBe(200);
    await lasting.cognito.stop();

    const graceful = await aPool({ clients: [aClient({ refreshRotation: { graceSeconds: 30 } })] });
    const { refresh_token: first = '' } = await graceful.tokens();
    expect((await graceful.refresh(first)).status).toBe(200);
    graceful.clock.now += 29_000;
    expect((await graceful.refresh(first)).status).toBe(200);
    graceful.clock.now += 1000;
    expect((await graceful.refresh(first)).status).toBe(400);
    await graceful.cognito.stop();
  });
});

describe('/oauth2/revoke', () => {
  const revoke = (token: string | undefined, client = pool.client) =>
    pool.post('/oauth2/revoke', { token }, { authorization: basic(client) });

  it('ends every refresh token of the sign-in', async () => {
    const first = await pool.tokens();
    const second = await jsonOf(await pool.refresh(first['refresh_token'] ?? ''));
    const response = await revoke(first['refresh_token']);
    expect([response.status, await response.text()]).toEqual([200, '']);
    expect(await errorOf(await pool.refresh(second['refresh_token'] ?? ''))).toEqual({
      status: 400,
      error: 'invalid_grant',
    });
  });

  it('answers alike for a token that it does not know, and leaves another client’s alone', async () => {
    expect((await revoke('x')).status).toBe(200);
    const { refresh_token: token = '' } = await pool.tokens();
    expect((await revoke(token, other)).status).toBe(200);
    expect((await pool.refresh(token)).status).toBe(200);
  });

  it('refuses an access token, a missing token and a wrong secret', async () => {
    const { access_token } = await pool.tokens();
    expect(await errorOf(await revoke(access_token))).toEqual({
      status: 400,
      error: 'unsupported_token_type',
    });
    expect(await errorOf(await revoke(undefined))).toEqual({
      status: 400,
      error: 'invalid_request',
    });
    const wrong = await pool.post(
      '/oauth2/revoke',
      { token: 'x' },
      { authorization: basic(pool.client, 'wrong') },
    );
    expect(await errorOf(wrong)).toEqual({ status: 401, error: 'invalid_client' });
  });
});
