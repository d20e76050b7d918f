import { aPool, aVerifier, callback, claimsOf, email } from './a-pool.ts';

let pool: Awaited<ReturnType<typeof aPool>>;
beforeAll(async () => {
  pool = await aPool();
});
afterAll(() => pool.cognito.stop());

const errorAt = async (response: Response) => ({
  status: response.status,
  location: response.headers.get('location'),
});

describe('/oauth2/authorize', () => {
  it('sends a browser without a session to the login page with the same parameters', async () => {
    const response = await pool.authorize({ resource: 'http://localhost:3000/mcp' });
    expect(response.status).toBe(302);
    expect(response.headers.get('location')).toBe(
      `/login?${pool.authorizeQuery({ resource: 'http://localhost:3000/mcp' })}`,
    );
  });

  it.each([
    ['a redirect URI with a trailing slash', { redirect_uri: `${callback}/` }],
    ['another port', { redirect_uri: 'http://localhost:3001/callback' }],
    ['127.0.0.1 for localhost', { redirect_uri: 'http://127.0.0.1:3000/callback' }],
    ['no redirect URI', { redirect_uri: undefined }],
  ])('keeps %s on its own error page', async (_name, query) => {
    const response = await pool.authorize(query);
    expect(await errorAt(response)).toEqual({
      status: 302,
      location: `/error?error=redirect_mismatch&client_id=${pool.client.clientId}`,
    });
    const page = await pool.get(response.headers.get('location') ?? '');
    expect(page.status).toBe(400);
    expect(await page.text()).toContain('redirect_mismatch');
  });

  it('keeps an unknown client on its own error page', async () => {
    expect(await errorAt(await pool.authorize({ client_id: 'nobody' }))).toEqual({
      status: 302,
      location: '/error?error=invalid_client&client_id=nobody',
    });
  });

  it.each([
    ['no response type', { response_type: undefined }, 'invalid_request'],
    ['the implicit flow', { response_type: 'token' }, 'unauthorized_client'],
    [
      'plain PKCE',
      { code_challenge: aVerifier().challenge, code_challenge_method: 'plain' },
      'invalid_request',
    ],
    ['a challenge without a method', { code_challenge: aVerifier().challenge }, 'invalid_request'],
    ['a method without a challenge', { code_challenge_method: 'S256' }, 'invalid_request'],
    [
      "a scope that is not the client's",
      { scope: 'gatehouse/tools.read offline_access' },
      'invalid_scope',
    ],
    ['a resource that is no URL', { resource: 'gatehouse' }, 'invalid_request'],
    [
      'a plain http resource elsewhere',
      { resource: 'http://127.0.0.1:3000/mcp' },
      'invalid_request',
    ],
    ['prompt=none without a session', { prompt: 'none' }, 'login_required'],
  ])('redirects back an error for %s, with state and without iss', async (_name, query, error) => {
    expect(await errorAt(await pool.authorize(query))).toEqual({
      status: 302,
      location: `${callback}?error=${error}&state=the-state`,
    });
  });

  it('refuses a repeated parameter', async () => {
    const response = await pool.get(`/oauth2/authorize?${pool.authorizeQuery()}&state=other`);
    expect(response.headers.get('location')).toMatch(/^\/error\?error=invalid_request/);
  });
});

describe('the login', () => {
  it('redirects to the callback with code and state only', async () => {
    const response = await pool.logIn();
    const location = new URL(response.headers.get('location') ?? '');
    expect(response.status).toBe(302);
    expect(`${location.origin}${location.pathname}`).toBe(callback);
    expect([...location.searchParams.keys()]).toEqual(['code', 'state']);
    expect(location.searchParams.get('state')).toBe('the-state');
  });

  it('shows a form that works without script, under a policy of its own', async () => {
    const response = await pool.get(`/login?${pool.authorizeQuery({ login_hint: '"><script>' })}`);
    const page = await response.text();
    expect(response.status).toBe(200);
    expect(response.headers.get('content-security-policy')).toMatch(
      /^default-src 'none'; style-src 'nonce-[^']+'; frame-ancestors 'none'; base-uri 'none'$/,
    );
    expect(page).toContain('<label for="username">');
    expect(page).toContain('<label for="password">');
    expect(page).toContain('value="&quot;&gt;&lt;script&gt;"');
    expect(page).not.toContain('<script');
  });

  it.each([
    ['a wrong password', { password: 'wrong' }],
    ['an unknown address', { username: 'nobody@example.com' }],
  ])('says one and the same for %s, and keeps the request', async (_name, typed) => {
    const response = await pool.logIn({ resource: 'https://mcp.example.com/mcp' }, typed);
    const page = await response.text();
    expect(response.status).toBe(400);
    expect(page).toContain('<p role="alert" id="problem">Incorrect username or password.</p>');
    expect(page).toContain(`resource=${encodeURIComponent('https://mcp.example.com/mcp')}`);
    expect(response.headers.get('set-cookie')).not.toContain('cognito=');
  });

  it('takes an address in another case', async () => {
    expect(pool.codeOf(await pool.logIn({}, { username: email.toUpperCase() }))).not.toBe('');
  });

  it('refuses a form that another site filled in', async () => {
    const response = await pool.post(`/login?${pool.authorizeQuery()}`, {
      username: email,
      password: pool.password,
      _csrf: 'x',
    });
    expect(response.status).toBe(400);
    expect(await response.text()).toContain('open for too long');
  });

  it('remembers the browser, unless prompt=login asks again, until an hour has passed', async () => {
    const cookie =
      /cognito=[^;]+/.exec((await pool.logIn()).headers.get('set-cookie') ?? '')?.[0] ?? '';
    expect(pool.codeOf(await pool.authorize({}, cookie))).not.toBe('');
    expect(pool.codeOf(await pool.authorize({ prompt: 'none' }, cookie))).not.toBe('');
    expect((await pool.authorize({ prompt: 'login' }, cookie)).headers.get('location')).toMatch(
      /^\/login\?/,
    );
    pool.clock.now += 3600 * 1000;
    expect((await pool.authorize({}, cookie)).headers.get('location')).toMatch(/^\/login\?/);
  });

  it('grants all of the client’s scopes when none is asked for', async () => {
    expect(claimsOf((await pool.tokens())['access_token'])['scope']).toBe(
      pool.client.scopes.join(' '),
    );
  });
});
