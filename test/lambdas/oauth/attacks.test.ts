import { randomBytes } from 'node:crypto';
import { sizes } from '../../../policy/limits.ts';
import {
  hostileRedirectUris,
  refusedAuthorizations,
  refusedRedemptions,
  singleParameters,
  unknownClients,
} from '../../attacks/oauth-requests.ts';
import { type FakeCognito, fakeCognito, json } from './fake-cognito.ts';
import {
  claudeRedirect,
  cookieHeader,
  type Front,
  formOf,
  front,
  issuer,
  localRedirect,
  logIn,
  type ReceivedResponse,
  redemption,
  refreshOf,
  registerClient,
  requestFor,
  resource,
} from './front.ts';

let cognito: FakeCognito;
let gatehouse: Front;
let clientId: string;

beforeEach(async () => {
  cognito = await fakeCognito();
  gatehouse = front({ cognito });
  clientId = await registerClient(gatehouse, claudeRedirect);
});
afterEach(() => cognito.stop());

/** Refused on a page, and never sent anywhere. */
const expectPage = (response: ReceivedResponse, event: string) => {
  expect(response.status).toBeGreaterThanOrEqual(400);
  expect(response.status).toBeLessThan(500);
  expect(response.headers['location']).toBeUndefined();
  expect(response.headers['content-type']).toContain('text/html');
  expect(response.body).not.toContain('http-equiv="refresh"');
  expect(response.events).toEqual([event]);
};

/** Refused to the client, at its own redirect URI, with iss and state. */
const expectRedirect = (response: ReceivedResponse, error: string, event: string) => {
  expect(response.status).toBe(302);
  const location = new URL(response.headers['location'] ?? '');
  expect(`${location.origin}${location.pathname}`).toBe(claudeRedirect);
  expect(Object.fromEntries(location.searchParams)).toMatchObject({
    error,
    state: 'client-state',
    iss: issuer,
  });
  expect(location.searchParams.has('code')).toBe(false);
  expect(response.events).toEqual([event]);
};

const expectError = (response: ReceivedResponse, status: number, error: string, event: string) => {
  expect({
    status: response.status,
    error: JSON.parse(response.body).error,
    events: response.events,
  }).toEqual({ status, error, events: [event] });
};

const authorizeWith = (more: Readonly<Record<string, string>>) =>
  gatehouse.authorize(requestFor(clientId, claudeRedirect, more));

describe('/authorize refuses', () => {
  it.each(hostileRedirectUris(claudeRedirect))(
    'a redirect URI with %s, on a page',
    async (_, redirect_uri) =>
      expectPage(await authorizeWith({ redirect_uri }), 'InputValidationFailure'),
  );

  it.each(unknownClients)('the client %s, on a page', async (client_id) =>
    expectPage(await authorizeWith({ client_id }), 'AuthenticationFailure'),
  );

  it.each(['client_id', 'redirect_uri'])('a request without %s, on a page', async (name) =>
    expectPage(await authorizeWith({ [name]: '' }), 'InputValidationFailure'),
  );

  it.each(singleParameters)('a repeated %s, on a page', async (name) => {
    const query = new URLSearchParams(requestFor(clientId, claudeRedirect));
    query.append(name, query.get(name) ?? '');
    expectPage(await gatehouse.authorize(query), 'InputValidationFailure');
  });

  it.each(refusedAuthorizations(issuer))('%s, to the client', async (_, more, error) =>
    expectRedirect(await authorizeWith(more), error, 'InputValidationFailure'),
  );

  it('a foreign resource beside ours, to the client; ours named twice is taken (RFC 8707)', async () => {
    const query = new URLSearchParams(requestFor(clientId, claudeRedirect));
    query.append('resource', query.get('resource') ?? '');
    expect((await gatehouse.authorize(query)).status).toBe(200);
    query.append('resource', 'https://evil.example/mcp');
    expectRedirect(await gatehouse.authorize(query), 'invalid_target', 'InputValidationFailure');
  });

  it.each([
    ['too long', 's'.repeat(2049)],
    ['of control characters', 'a\u0007\r\nb'],
    ['not ASCII', 'zustand-\u00e4'],
  ])('a state that is %s, which goes back as it came', async (_, state) => {
    const location = new URL((await authorizeWith({ state })).headers['location'] ?? '');
    expect(Object.fromEntries(location.searchParams)).toMatchObject({
      error: 'invalid_request',
      state,
      iss: issuer,
    });
  });

  it('a state that no header could take back, which is left out', async () => {
    const response = await authorizeWith({ state: "'".repeat(9000) });
    expect(response.headers['location']?.length).toBeLessThan(8192);
    expect(new URL(response.headers['location'] ?? '').searchParams.get('error')).toBe(
      'invalid_request',
    );
  });

  it.each([
    ['cursor://anysphere.cursor-mcp/oauth/callback', true],
    [`https://evil.example/${'x'.repeat(200)}`, false],
    ['https://evil.example/ Your account is locked, call us', false],
    ['Your account is locked', false],
  ])('the redirect URI %s, which a page names where it is one: %s', async (redirect_uri, named) => {
    const page = await authorizeWith({ redirect_uri });
    expectPage(page, 'InputValidationFailure');
    expect(page.body.includes(redirect_uri)).toBe(named);
    expect(page.body).not.toContain('Your account');
  });

  it('nobody’s session: it stores and forwards nothing before a person approved', async () => {
    const before = gatehouse.table.items.size;
    await authorizeWith({});
    expect(gatehouse.table.items.size).toBe(before);
    expect(cognito.requests).toEqual([]);
  });

  it('framing', async () => {
    const page = await authorizeWith({});
    expect(page.headers['content-security-policy']).toContain("frame-ancestors 'none'");
    expect(page.headers['x-frame-options']).toBe('DENY');
  });
});

describe('/consent refuses', () => {
  const page = () => authorizeWith({});
  const approve = { decision: 'approve' };

  it('a form without its cookie: another site posted it, or another browser', async () => {
    const { body } = await page();
    expectPage(await gatehouse.consent({ ...formOf(body), ...approve }), 'AuthenticationFailure');
  });

  it('a form without a CSRF token', async () => {
    const { body, cookies } = await page();
    const { csrf: _, ...form } = formOf(body);
    expectPage(
      await gatehouse.consent({ ...form, ...approve }, { headers: cookieHeader(cookies) }),
      'AuthenticationFailure',
    );
  });

  it('the token of another page', async () => {
    const [mine, other] = [await page(), await page()];
    const form = { ...formOf(mine.body), csrf: formOf(other.body)['csrf'] ?? '', ...approve };
    expectPage(
      await gatehouse.consent(form, { headers: cookieHeader(mine.cookies) }),
      'AuthenticationFailure',
    );
  });

  it.each([
    ['client_id', 'claude'],
    ['redirect_uri', 'https://claude.com/api/mcp/auth_callback'],
    ['scope', 'gatehouse/tools.read'],
    ['state', 'another'],
    ['code_challenge', randomBytes(32).toString('base64url')],
    ['more', 'than the page had'],
  ])('a form whose %s is not what the person saw', async (name, value) => {
    const { body, cookies } = await page();
    const form = { ...formOf(body), [name]: value, ...approve };
    expectPage(
      await gatehouse.consent(form, { headers: cookieHeader(cookies) }),
      'AuthenticationFailure',
    );
  });

  it.each(['https://evil.example', 'null', 'http://mcp.example.com'])(
    'a form from the origin %s',
    async (origin) => {
      const { body, cookies } = await page();
      const response = await gatehouse.consent(
        { ...formOf(body), ...approve },
        { headers: { ...cookieHeader(cookies), origin } },
      );
      expectPage(response, 'AuthenticationFailure');
    },
  );

  it('a form without a decision', async () => {
    const { body, cookies } = await page();
    expectPage(
      await gatehouse.consent(formOf(body), { headers: cookieHeader(cookies) }),
      'InputValidationFailure',
    );
  });

  it('repeated parameters', async () => {
    const { body, cookies } = await page();
    const form = new URLSearchParams({ ...formOf(body), decision: 'deny' });
    form.append('decision', 'approve');
    expectPage(
      await gatehouse.consent(form, { headers: cookieHeader(cookies) }),
      'InputValidationFailure',
    );
  });
});

it('a page that opens our window again and again cannot fill the browser’s cookies beyond what API Gateway takes', async () => {
  const held = Array.from(
    { length: 103 },
    (_, index) => `__Host-gatehouse-consent-${index.toString(16).padStart(16, '0')}=x`,
  );
  const page = await gatehouse.authorize(requestFor(clientId, claudeRedirect), {
    headers: cookieHeader(held),
  });
  const dropped = page.cookies.filter((cookie) => cookie.includes('=; Max-Age=0;'));
  expect(page.cookies.length - dropped.length).toBe(1);
  expect(dropped).toHaveLength(sizes.loginCookies);
  expect(dropped[0]).toContain(held[0]?.split('=')[0]);
});

describe('/callback refuses', () => {
  const approved = async () => {
    const page = await authorizeWith({});
    const response = await gatehouse.consent(
      { ...formOf(page.body), decision: 'approve' },
      { headers: cookieHeader(page.cookies) },
    );
    return { page, response, state: refreshOf(response.body).searchParams.get('state') ?? '' };
  };

  it('another browser (login CSRF), and the right one can still go on', async () => {
    const { response, state } = await approved();
    const refused = await gatehouse.callback({ code: 'c', state });
    expectPage(refused, 'AuthenticationFailure');
    expect(refused.accesses).toEqual([]);
    expect(refused.body).toContain('connect again');
    const guessed =
      response.cookies[0]?.replace(/=[\w-]+/, `=${randomBytes(32).toString('base64url')}`) ?? '';
    expectPage(
      await gatehouse.callback({ code: 'c', state }, { headers: cookieHeader([guessed]) }),
      'AuthenticationFailure',
    );
    expect(
      (await gatehouse.callback({ code: 'c', state }, { headers: cookieHeader(response.cookies) }))
        .status,
    ).toBe(302);
  });

  it('a state of another transaction of the same browser', async () => {
    const [first, second] = [await approved(), await approved()];
    const response = await gatehouse.callback(
      { code: 'c', state: second.state },
      { headers: cookieHeader(first.response.cookies) },
    );
    expectPage(response, 'AuthenticationFailure');
  });

  it('a transaction that nobody approved', async () => {
    const page = await authorizeWith({});
    const state = randomBytes(32).toString('base64url');
    expectPage(
      await gatehouse.callback({ code: 'c', state }, { headers: cookieHeader(page.cookies) }),
      'AuthenticationFailure',
    );
    const forged = `__Host-gatehouse-login-${'0'.repeat(16)}=x`;
    expectPage(
      await gatehouse.callback({ code: 'c', state }, { headers: { cookie: forged } }),
      'AuthenticationFailure',
    );
  });

  it('a replay', async () => {
    const { response, state } = await approved();
    const headers = cookieHeader(response.cookies);
    expect((await gatehouse.callback({ code: 'c', state }, { headers })).status).toBe(302);
    expectPage(
      await gatehouse.callback({ code: 'c', state }, { headers }),
      'AuthenticationFailure',
    );
  });

  it('a transaction that has expired, though the table still holds it', async () => {
    const { response, state } = await approved();
    gatehouse.later(601);
    expectPage(
      await gatehouse.callback({ code: 'c', state }, { headers: cookieHeader(response.cookies) }),
      'AuthenticationFailure',
    );
  });

  it.each([{ code: 'c' }, { state: 's' }, { state: 's', code: 'c', error: 'e' }])(
    '%j',
    async (query) => expectPage(await gatehouse.callback(query), 'InputValidationFailure'),
  );

  it('no error of Cognito’s: it goes to the client as one of OAuth’s, without Cognito’s words', async () => {
    for (const [theirs, ours] of [
      ['access_denied', 'access_denied'],
      ['invalid_scope', 'server_error'],
    ] as const) {
      const { response, state } = await approved();
      const called = await gatehouse.callback(
        { error: theirs, error_description: 'internal words', state },
        { headers: cookieHeader(response.cookies) },
      );
      const location = new URL(called.headers['location'] ?? '');
      expect(Object.fromEntries(location.searchParams)).toEqual({
        error: ours,
        state: 'client-state',
        iss: issuer,
      });
    }
  });
});

describe('/token refuses', () => {
  const login = () => logIn(gatehouse, clientId, claudeRedirect);
  const redeem = (code: string, more: Readonly<Record<string, string>> = {}) =>
    gatehouse.token(redemption(clientId, claudeRedirect, code, more));

  it('a code that was already redeemed, now and after it expired', async () => {
    const { code } = await login();
    expect((await redeem(code)).status).toBe(200);
    expectError(await redeem(code), 400, 'invalid_grant', 'CodeReplay');
    gatehouse.later(3600);
    expectError(await redeem(code), 400, 'invalid_grant', 'CodeReplay');
    expect(cognito.requests).toHaveLength(1);
  });

  it('a replay with a word on who tried: the client, as the runbook promises', async () => {
    const { code } = await login();
    expect((await redeem(code)).log).toMatch(
      new RegExp(`"trail":"login".*"clientId":"${clientId}".*"user":"[0-9a-f]{16}"`),
    );
    const replay = await redeem(code);
    expect(replay.log).toMatch(new RegExp(`"event":"CodeReplay".*"clientId":"${clientId}"`));
    expect(replay.log).not.toContain(code);
  });

  it('the second of two redemptions at the same time', async () => {
    const { code } = await login();
    const replies = await Promise.all([redeem(code), redeem(code)]);
    expect(replies.map(({ status }) => status).sort()).toEqual([200, 400]);
  });

  it('a code that has expired, though the table still holds it', async () => {
    const { code } = await login();
    gatehouse.later(60);
    expectError(await redeem(code), 400, 'invalid_grant', 'AuthenticationFailure');
  });

  it.each(refusedRedemptions(requestFor('', '').code_challenge))(
    'a code %s, and the right client can still redeem it',
    async (_, more, error, event) => {
      const { code } = await login();
      const refused = await redeem(code, more);
      expectError(refused, 400, error, event);
      expect(cognito.requests).toEqual([]);
      expect((await redeem(code)).status).toBe(200);
    },
  );

  it('nothing for a redirect URI that is left out: the verifier binds the code', async () => {
    const { code } = await login();
    const more = { redirect_uri: '', code_verifier: 'a'.repeat(43) };
    expectError(await redeem(code, more), 400, 'invalid_grant', 'AuthenticationFailure');
    expect((await redeem(code, { redirect_uri: '' })).status).toBe(200);
    expectError(await redeem(code, { redirect_uri: '' }), 400, 'invalid_grant', 'CodeReplay');
  });

  it('a code of a blocked user, and what Cognito gave for it is revoked', async () => {
    const { code } = await login();
    gatehouse.table.items.set('user#subject-1', { pk: 'user#subject-1', blocked: true });
    const response = await redeem(code);
    expectError(response, 400, 'invalid_grant', 'BlockedUser');
    expect(response.accesses).toEqual(['update code#', 'update user#']);
    expect(response.log).toMatch(/"event":"BlockedUser".*"user":"[0-9a-f]{16}"/);
    expect(response.body).not.toContain('token');
    expect(cognito.requests.map(({ path }) => path)).toEqual(['/oauth2/token', '/oauth2/revoke']);
  });

  it('an unknown code', async () =>
    expectError(await redeem('unknown'), 400, 'invalid_grant', 'AuthenticationFailure'));

  it('a foreign resource beside ours; ours named twice is taken', async () => {
    const { code } = await login();
    const form = new URLSearchParams(redemption(clientId, claudeRedirect, code));
    form.append('resource', resource);
    form.append('resource', 'https://evil.example/mcp');
    expectError(await gatehouse.token(form), 400, 'invalid_target', 'InputValidationFailure');
    form.delete('resource', 'https://evil.example/mcp');
    form.append('resource', resource);
    expect((await gatehouse.token(form)).status).toBe(200);
  });

  it.each(['client_id', 'code', 'code_verifier', 'redirect_uri', 'grant_type'])(
    'a repeated %s',
    async (name) => {
      const { code } = await login();
      const form = new URLSearchParams(redemption(clientId, claudeRedirect, code));
      form.append(name, form.get(name) ?? '');
      expectError(await gatehouse.token(form), 400, 'invalid_request', 'InputValidationFailure');
    },
  );

  it.each([
    'password',
    'client_credentials',
    'urn:ietf:params:oauth:grant-type:jwt-bearer',
    'implicit',
  ])('the grant %s', async (grant_type) =>
    expectError(
      await gatehouse.token({ grant_type, client_id: clientId }),
      400,
      'unsupported_grant_type',
      'InputValidationFailure',
    ),
  );

  it('clients that authenticate by anything but their id', async () => {
    const { code } = await login();
    expectError(
      await redeem(code, { client_secret: 'x' }),
      401,
      'invalid_client',
      'AuthenticationFailure',
    );
    const basic = { authorization: `Basic ${Buffer.from('claude:x').toString('base64')}` };
    const response = await gatehouse.token(redemption(clientId, claudeRedirect, code), {
      headers: basic,
    });
    expectError(response, 401, 'invalid_client', 'AuthenticationFailure');
    expect(response.headers['www-authenticate']).toBe('Basic realm="Gatehouse"');
    expectError(
      await redeem(code, { client_id: '' }),
      401,
      'invalid_client',
      'AuthenticationFailure',
    );
  });

  it('a code that Cognito refuses', async () => {
    const { code } = await login();
    cognito.replies.push(json(400, { error: 'invalid_grant' }));
    expectError(await redeem(code), 400, 'invalid_grant', 'AuthenticationFailure');
  });

  it('Cognito’s own code', async () => {
    await login();
    expectError(await redeem('cognito-code'), 400, 'invalid_grant', 'AuthenticationFailure');
  });
});

describe('a refresh token is refused', () => {
  const encrypted = async (id = clientId, redirectUri = claudeRedirect): Promise<string> => {
    const { code } = await logIn(gatehouse, id, redirectUri);
    return JSON.parse((await gatehouse.token(redemption(id, redirectUri, code))).body)
      .refresh_token;
  };
  const refresh = (refresh_token: string, more: Readonly<Record<string, string>> = {}) =>
    gatehouse.token({ grant_type: 'refresh_token', client_id: clientId, refresh_token, ...more });

  it('when another client of the same profile uses it', async () =>
    expectError(
      await refresh(await encrypted(), { client_id: 'claude' }),
      400,
      'invalid_grant',
      'AuthenticationFailure',
    ));

  it('when it was cut, altered or spelt differently, at any place', async () => {
    const token = await encrypted();
    const spoilt = [
      token.slice(0, -1),
      token.slice(0, 40),
      `${token}A`,
      `${token}=`,
      `${token}.x`,
      token.replace(/^claude/, 'julius'),
      token.replace(/^claude/, 'unknown'),
      ...[10, 30, 60, token.length - 5].map(
        (at) => token.slice(0, at) + (token[at] === 'A' ? 'B' : 'A') + token.slice(at + 1),
      ),
    ];
    for (const each of spoilt)
      expectError(await refresh(each), 400, 'invalid_grant', 'AuthenticationFailure');
  });

  it('when it is Cognito’s own', async () =>
    expectError(
      await refresh('cognito-refresh-token'),
      400,
      'invalid_grant',
      'AuthenticationFailure',
    ));

  it('after its rotation, and when it was revoked: Cognito says so', async () => {
    const token = await encrypted();
    const first = await refresh(token);
    expect(JSON.parse(first.body).refresh_token).not.toBe(token);
    cognito.replies.push(json(400, { error: 'invalid_grant' }));
    expectError(await refresh(token), 400, 'invalid_grant', 'AuthenticationFailure');
  });

  it('for a foreign resource, or for more scopes than were granted', async () => {
    const token = await encrypted();
    expectError(
      await refresh(token, { resource: 'https://evil.example' }),
      400,
      'invalid_target',
      'InputValidationFailure',
    );
    expectError(
      await refresh(token, { scope: 'gatehouse/admin' }),
      400,
      'invalid_scope',
      'InputValidationFailure',
    );
  });

  it('when its user is blocked, without asking Cognito', async () => {
    const { refresh_token: token } = JSON.parse((await refresh(await encrypted())).body);
    gatehouse.table.items.set('user#subject-1', { pk: 'user#subject-1', blocked: true });
    const requested = cognito.requests.length;
    const response = await refresh(token);
    expectError(response, 400, 'invalid_grant', 'BlockedUser');
    expect(response.log).toMatch(/"event":"BlockedUser".*"user":"[0-9a-f]{16}"/);
    expect(response.accesses).toEqual(['get user#']);
    expect(cognito.requests).toHaveLength(requested);
  });

  it('when its user is blocked before the first refresh: what Cognito gave is revoked', async () => {
    const token = await encrypted();
    gatehouse.table.items.set('user#subject-1', { pk: 'user#subject-1', blocked: true });
    const response = await refresh(token);
    expectError(response, 400, 'invalid_grant', 'BlockedUser');
    expect(cognito.requests.at(-1)?.path).toBe('/oauth2/revoke');
  });

  it('by /revoke when another client asks, and the owner keeps it', async () => {
    const token = await encrypted();
    expectError(
      await gatehouse.revoke({ client_id: 'claude', token }),
      400,
      'invalid_grant',
      'AuthenticationFailure',
    );
    expect((await refresh(token)).status).toBe(200);
  });
});

describe('silent single sign-on by a second local program', () => {
  it('meets the consent page again and, behind it, the login', async () => {
    const { approved } = await logIn(gatehouse, 'loopback', localRedirect);
    const second = await registerClient(
      gatehouse,
      'http://localhost:50000/other',
      'A second program',
    );
    for (const [id, redirect] of [
      [second, 'http://localhost:50000/other'],
      ['loopback', 'http://localhost:50001/callback'],
    ] as const) {
      const page = await gatehouse.authorize(requestFor(id, redirect, { prompt: 'none' }), {
        headers: cookieHeader(approved.cookies),
      });
      expect(page.status).toBe(200);
      expect(page.body).toContain('runs on your own computer');
      const next = await gatehouse.consent(
        { ...formOf(page.body), decision: 'approve' },
        { headers: cookieHeader(page.cookies) },
      );
      expect(refreshOf(next.body).searchParams.get('prompt')).toBe('login');
    }
  });
});

describe('the worst input for whatever matches, normalizes or parses', () => {
  const units = ['\u0301', ' ', '/', '%2e', ';', '.', 'a-', '\u{1f600}', 'https://'];

  /** How long the texts were that patterns, normalizing and URL parsing looked at. */
  const lookedAt = async (action: () => Promise<unknown>): Promise<number> => {
    const lengths = [0];
    const { normalize } = String.prototype;
    const { exec } = RegExp.prototype;
    const { parse } = URL;
    const spies = [
      jest.spyOn(String.prototype, 'normalize').mockImplementation(function (this: string, form) {
        lengths.push(this.length);
        return Reflect.apply(normalize, this, [form]);
      }),
      jest.spyOn(RegExp.prototype, 'exec').mockImplementation(function (this: RegExp, value) {
        lengths.push(String(value).length);
        return Reflect.apply(exec, this, [value]);
      }),
      jest.spyOn(URL, 'parse').mockImplementation((value, base) => {
        lengths.push(String(value).length);
        return parse(value, base);
      }),
    ];
    try {
      await action();
    } finally {
      for (const spy of spies) spy.mockRestore();
    }
    return Math.max(...lengths);
  };

  it.each(Object.keys(requestFor('', '')))(
    'at /authorize in %s is looked at to its bound',
    async (name) => {
      for (const unit of units) {
        const worst = unit.repeat(20_000);
        const looked = await lookedAt(() => authorizeWith({ [name]: worst }));
        expect(looked).toBeLessThanOrEqual(sizes.oauthParameterCharacters);
      }
    },
  );

  it.each([...Object.keys(redemption('', '', '')), 'refresh_token', 'scope', 'resource'])(
    'at /token in %s is looked at to its bound',
    async (name) => {
      for (const unit of units) {
        const worst = unit.repeat(10_000);
        for (const grant_type of ['authorization_code', 'refresh_token']) {
          const form = {
            ...redemption(clientId, claudeRedirect, 'code'),
            refresh_token: 'claude.x',
          };
          const looked = await lookedAt(() =>
            gatehouse.token({ ...form, grant_type, [name]: worst }),
          );
          expect(looked).toBeLessThanOrEqual(sizes.tokenBytes);
        }
      }
    },
  );
});
