import { hashOf } from '../../../lambdas/oauth/secret.ts';
import { clientProfiles } from '../../../policy/clients.ts';
import { type FakeCognito, fakeCognito } from './fake-cognito.ts';
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

beforeEach(async () => {
  cognito = await fakeCognito();
  gatehouse = front({ cognito });
});
afterEach(() => cognito.stop());

const body = (text: string) => JSON.parse(text);

const asksAnew = '<h1>Allow an app to connect?</h1>';

describe('a login', () => {
  it('goes from registration to refresh and revocation in at most two table accesses a step', async () => {
    const registered = await gatehouse.register({
      client_name: 'An app',
      redirect_uris: [localRedirect],
    });
    const clientId = body(registered.body).client_id;
    const login = await logIn(gatehouse, clientId, localRedirect);
    const redeemed = await gatehouse.token(redemption(clientId, localRedirect, login.code));
    const refreshed = await gatehouse.token({
      grant_type: 'refresh_token',
      client_id: clientId,
      refresh_token: body(redeemed.body).refresh_token,
    });
    const again = await gatehouse.token({
      grant_type: 'refresh_token',
      client_id: clientId,
      refresh_token: body(refreshed.body).refresh_token,
    });
    const revoked = await gatehouse.revoke({
      client_id: clientId,
      token: body(again.body).refresh_token,
    });

    const steps = {
      '/register': registered,
      '/authorize': login.consent,
      '/consent': login.approved,
      '/callback': login.called,
      '/token (code)': redeemed,
      '/token (first refresh of a registration)': refreshed,
      '/token (refresh)': again,
      '/revoke': revoked,
    };
    expect(
      Object.fromEntries(Object.entries(steps).map(([step, { accesses }]) => [step, accesses])),
    ).toEqual({
      '/register': ['put client#'],
      '/authorize': ['get client#'],
      '/consent': ['get client#', 'put transaction#'],
      '/callback': ['delete transaction#', 'put code#'],
      '/token (code)': ['update code#', 'update user#'],
      '/token (first refresh of a registration)': ['update user#', 'update client#'],
      '/token (refresh)': ['get user#', 'update user#'],
      '/revoke': ['update user#'],
    });
    expect(Object.values(steps).map(({ status }) => status)).toEqual([
      201, 200, 200, 302, 200, 200, 200, 200,
    ]);
    expect(Object.values(steps).flatMap(({ events }) => events)).toEqual([]);
  });

  it('hands Cognito the profile’s app client, our callback, the canonical resource and the client’s own challenge', async () => {
    const clientId = await registerClient(gatehouse, claudeRedirect);
    const { upstream } = await logIn(gatehouse, clientId, claudeRedirect, {
      resource: `${resource}/`,
    });
    expect(`${upstream.origin}${upstream.pathname}`).toBe(`${cognito.url}/oauth2/authorize`);
    expect(Object.fromEntries(upstream.searchParams)).toEqual({
      response_type: 'code',
      client_id: 'appclaude',
      redirect_uri: `${issuer}/callback`,
      scope: 'gatehouse/tools.read gatehouse/tools.call openid email',
      state: expect.stringMatching(/^[\w-]{43}$/),
      code_challenge: requestFor('', '').code_challenge,
      code_challenge_method: 'S256',
      resource,
    });
  });

  it('forwards the verifier to Cognito with the app client’s secret and gives the client its scope and a encrypted refresh token', async () => {
    const clientId = await registerClient(gatehouse, claudeRedirect);
    const { code } = await logIn(gatehouse, clientId, claudeRedirect);
    const response = await gatehouse.token(redemption(clientId, claudeRedirect, code));
    const [request] = cognito.requests;
    expect(request?.authorization).toBe(
      `Basic ${Buffer.from(`appclaude:${gatehouse.secrets.get('claude')?.[0]}`).toString('base64')}`,
    );
    expect(Object.fromEntries(request?.form ?? [])).toEqual({
      grant_type: 'authorization_code',
      code: 'cognito-code',
      redirect_uri: `${issuer}/callback`,
      code_verifier: redemption('', '', '').code_verifier,
      client_id: 'appclaude',
    });
    expect(body(response.body)).toEqual({
      access_token: expect.any(String),
      token_type: 'Bearer',
      expires_in: 900,
      refresh_token: expect.stringMatching(/^claude\.[\w-]+$/),
      scope: 'gatehouse/tools.read',
    });
    expect(response.body).not.toContain('cognito-refresh');
    expect(response.headers['cache-control']).toContain('no-store');
  });

  it('answers the client with code, state and iss, and takes the cookie back', async () => {
    const clientId = await registerClient(gatehouse, claudeRedirect);
    const { called, location } = await logIn(gatehouse, clientId, claudeRedirect);
    expect(called.status).toBe(302);
    expect(`${location.origin}${location.pathname}`).toBe(claudeRedirect);
    expect(Object.fromEntries(location.searchParams)).toEqual({
      code: expect.stringMatching(/^[\w-]{43}$/),
      state: 'client-state',
      iss: issuer,
    });
    expect(called.cookies).toEqual([
      expect.stringMatching(/^__Host-gatehouse-login-[0-9a-f]{16}=; Max-Age=0; /),
    ]);
  });

  it('stores no code, state or cookie as it is', async () => {
    const clientId = await registerClient(gatehouse, claudeRedirect);
    const { state, approved, code } = await logIn(gatehouse, clientId, claudeRedirect);
    const stored = JSON.stringify([...gatehouse.table.items]);
    const cookie = approved.cookies[0]?.split(/[=;]/)[1] ?? 'none';
    for (const secret of [state, code, cookie]) expect(stored).not.toContain(secret);
  });

  it('sets cookies that only this host can set, that scripts cannot read and that are short-lived', async () => {
    const clientId = await registerClient(gatehouse, claudeRedirect);
    const { consent, approved } = await logIn(gatehouse, clientId, claudeRedirect);
    for (const cookie of [...consent.cookies, ...approved.cookies])
      expect(cookie).toMatch(
        /^__Host-gatehouse-(consent|login|approved)-[0-9a-f]{16}=[\w-]+; Max-Age=\d+; Path=\/; Secure; HttpOnly; SameSite=Lax$/,
      );
    expect(approved.cookies[0]).toContain('Max-Age=600;');
  });

  it('lives on after its first refresh: a registration that was used does not expire, one that was not does', async () => {
    const used = await registerClient(gatehouse, claudeRedirect, 'used');
    const unused = await registerClient(gatehouse, claudeRedirect, 'unused');
    const { code } = await logIn(gatehouse, used, claudeRedirect);
    const redeemed = await gatehouse.token(redemption(used, claudeRedirect, code));
    await gatehouse.token({
      grant_type: 'refresh_token',
      client_id: used,
      refresh_token: body(redeemed.body).refresh_token,
    });
    gatehouse.later(25 * 60 * 60);
    expect((await gatehouse.authorize(requestFor(used, claudeRedirect))).status).toBe(200);
    expect((await gatehouse.authorize(requestFor(unused, claudeRedirect))).status).toBe(401);
    await registerClient(gatehouse, claudeRedirect, 'used');
    gatehouse.later(25 * 60 * 60);
    expect((await gatehouse.authorize(requestFor(used, claudeRedirect))).status).toBe(200);
  });

  it('works for a client id that a person typed: the name of a profile', async () => {
    for (const [profile, redirectUri] of [
      ['claude', claudeRedirect],
      ['loopback', localRedirect],
    ] as const) {
      const { code } = await logIn(gatehouse, profile, redirectUri);
      expect((await gatehouse.token(redemption(profile, redirectUri, code))).status).toBe(200);
    }
  });
});

describe('the consent page', () => {
  it('says who asks, for what, and where the response goes, under a strict policy', async () => {
    const clientId = await registerClient(gatehouse, claudeRedirect, 'Claude <b>&\u202e');
    const page = await gatehouse.authorize(requestFor(clientId, claudeRedirect));
    expect(page.body).toContain('<blockquote dir="auto">Claude &#60;b&#62;&#38;</blockquote>');
    expect(page.body).toContain('<strong>claude.ai</strong>');
    expect(page.body).toContain('Use tools that act on your behalf');
    expect(page.body).toContain('See your name and email address');
    expect(page.body).not.toContain('<script');
    expect(page.body).not.toContain('runs on your own computer');
    expect(page.headers['content-security-policy']).toMatch(
      /^default-src 'none'; style-src 'nonce-[^']+'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'$/,
    );
    expect(page.headers['x-frame-options']).toBe('DENY');
  });

  it('warns about programs on the person’s own computer', async () => {
    const page = await gatehouse.authorize(requestFor('loopback', localRedirect));
    expect(page.body).toContain('This app runs on your own computer.');
    expect(page.body).toContain('<strong>localhost:33418</strong>');
    expect(page.body).toContain('See your name and email address');
  });

  it('says nothing of an address that the profile does not grant (AUTH-10)', async () => {
    const quiet = front({
      cognito,
      profiles: clientProfiles.map((each) => ({ ...each, grantsEmail: false })),
    });
    const page = await quiet.authorize(requestFor('loopback', localRedirect));
    expect(page.body).not.toContain('email');
  });

  it('is remembered for the same client, redirect and scopes, and for nothing else', async () => {
    const clientId = await registerClient(gatehouse, claudeRedirect);
    const { approved } = await logIn(gatehouse, clientId, claudeRedirect);
    const headers = cookieHeader(approved.cookies);
    const again = await gatehouse.authorize(requestFor(clientId, claudeRedirect), { headers });
    expect(again.status).toBe(200);
    expect(again.body).toContain('<h1>Connect this app again?</h1>');
    expect(again.body).toContain('keeps that until <strong>24 Dec 2026</strong>');
    expect(again.accesses).toEqual(['get client#', 'get approval#']);
    expect(again.cookies.join()).not.toContain('approved');
    const others = [
      requestFor(clientId, claudeRedirect, { scope: 'gatehouse/tools.read' }),
      requestFor('claude', claudeRedirect),
      requestFor(clientId, claudeRedirect, { prompt: 'consent' }),
    ];
    for (const other of others)
      expect((await gatehouse.authorize(other, { headers })).body).toContain(asksAnew);
  });

  it('that is kept goes on by a click, which needs the approval itself and does not prolong it', async () => {
    const clientId = await registerClient(gatehouse, claudeRedirect);
    const { approved } = await logIn(gatehouse, clientId, claudeRedirect);
    const request = requestFor(clientId, claudeRedirect);
    const kept = await gatehouse.authorize(request, { headers: cookieHeader(approved.cookies) });
    const goOn = (cookies: readonly string[]) =>
      gatehouse.consent(
        { ...formOf(kept.body), decision: 'continue' },
        { headers: cookieHeader(kept.cookies, cookies) },
      );
    const went = await goOn(approved.cookies);
    expect(refreshOf(went.body).href).toContain(`${cognito.url}/oauth2/authorize?`);
    expect(went.accesses).toEqual(['get client#', 'get approval#', 'put transaction#']);
    expect(went.cookies.join()).not.toContain('approved');
    // The same click where the browser holds no approval asks.
    const other = await gatehouse.authorize(request);
    const anew = await gatehouse.consent(
      { ...formOf(other.body), decision: 'continue' },
      { headers: cookieHeader(other.cookies) },
    );
    expect(anew.body).toContain(asksAnew);
    expect(anew.accesses).toEqual(['get client#']);
  });

  it('that is kept is forgotten by a click of this browser, in the table and here', async () => {
    const { approved } = await logIn(gatehouse, 'claude', claudeRedirect);
    const headers = cookieHeader(approved.cookies);
    const request = requestFor('claude', claudeRedirect);
    const kept = await gatehouse.authorize(request, { headers });
    const form = { ...formOf(kept.body), decision: 'forget' };
    // Another site has no cookie of the form, and a browser says where a form came from.
    const foreign = await gatehouse.consent(form, { headers });
    expect(foreign.status).toBe(400);
    const elsewhere = await gatehouse.consent(form, {
      headers: { ...cookieHeader(kept.cookies, approved.cookies), origin: 'https://evil.example' },
    });
    expect(elsewhere.status).toBe(400);
    expect((await gatehouse.authorize(request, { headers })).body).not.toContain(asksAnew);

    const forgotten = await gatehouse.consent(form, {
      headers: cookieHeader(kept.cookies, approved.cookies),
    });
    expect(forgotten.body).toContain('Your approval is forgotten');
    expect(forgotten.body).toContain(asksAnew);
    expect(forgotten.cookies.join()).toMatch(/-approved-[0-9a-f]{16}=; Max-Age=0/);
    expect([...gatehouse.table.items.keys()].join()).not.toContain('approval#');
    // A copy of the cookie opens nothing either.
    expect((await gatehouse.authorize(request, { headers })).body).toContain(asksAnew);
  });

  it('is remembered by a random cookie, of which the table holds the hash: nobody can compute one', async () => {
    const clientId = 'claude';
    const { approved } = await logIn(gatehouse, clientId, claudeRedirect);
    const cookie = approved.cookies.find((each) => each.includes('-approved-')) ?? '';
    const [, name = '', value = ''] = /^([^=]+)=([\w-]{43});/.exec(cookie) ?? [];
    expect(Buffer.from(value, 'base64url')).toHaveLength(32);
    const [key = '', stored] =
      [...gatehouse.table.items].find(([pk]) => pk.startsWith('approval#')) ?? [];
    expect(stored).toMatchObject({ clientId, redirectUri: claudeRedirect });
    expect(JSON.stringify(stored)).not.toContain(value);
    const request = requestFor(clientId, claudeRedirect);
    const visit = async (held: string) =>
      (await gatehouse.authorize(request, { headers: { cookie: `${name}=${held}` } })).body;
    expect(await visit(value)).not.toContain(asksAnew);
    // What a stranger can compute: hashes of public values, the name's hash among them.
    const guesses = [
      hashOf(clientId, claudeRedirect),
      hashOf(clientId, claudeRedirect, 'true', 'gatehouse/tools.read', 'gatehouse/tools.call'),
      key.replace('approval#', ''),
      '',
    ];
    for (const guess of guesses) expect(await visit(guess)).toContain(asksAnew);
    // Another client's approval opens nothing here.
    const other = await registerClient(gatehouse, claudeRedirect, 'Another');
    const foreign = (await logIn(gatehouse, other, claudeRedirect)).approved.cookies
      .find((each) => each.includes('-approved-'))
      ?.split(/[=;]/)[1];
    expect(await visit(foreign ?? '')).toContain(asksAnew);
    gatehouse.later(30 * 24 * 60 * 60);
    expect(await visit(value)).toContain(asksAnew);
  });

  it.each([
    ['consent', null],
    ['login', 'login'],
    ['login consent', 'login'],
    ['select_account', 'login'],
  ])(
    'is shown for prompt=%s, and Cognito is told to ask again only where that asks for a login',
    async (prompt, upstreamPrompt) => {
      const { approved } = await logIn(gatehouse, 'claude', claudeRedirect);
      const request = requestFor('claude', claudeRedirect, { prompt });
      const page = await gatehouse.authorize(request, { headers: cookieHeader(approved.cookies) });
      expect(page.body).toContain(asksAnew);
      const again = await gatehouse.consent(
        { ...formOf(page.body), decision: 'approve' },
        { headers: cookieHeader(page.cookies) },
      );
      expect(refreshOf(again.body).searchParams.get('prompt')).toBe(upstreamPrompt);
    },
  );

  it('is never remembered for a loopback client, who also has to log in anew', async () => {
    const { approved, upstream } = await logIn(gatehouse, 'loopback', localRedirect);
    expect(approved.cookies.join()).not.toContain('approved');
    expect(upstream.searchParams.get('prompt')).toBe('login');
    const again = await gatehouse.authorize(requestFor('loopback', localRedirect), {
      headers: cookieHeader(approved.cookies),
    });
    expect(again.body).toContain(asksAnew);
  });

  it('goes on by refresh and by a visible link, without a redirect that form-action would stop', async () => {
    const page = await gatehouse.authorize(requestFor('claude', claudeRedirect));
    const approved = await gatehouse.consent(
      { ...formOf(page.body), decision: 'approve' },
      { headers: cookieHeader(page.cookies) },
    );
    expect(approved.status).toBe(200);
    const url = refreshOf(approved.body);
    expect(approved.body).toContain(`href="${url.href.replaceAll('&', '&#38;')}"`);
  });

  it('tells the client of a denial, with iss and state', async () => {
    const page = await gatehouse.authorize(requestFor('claude', claudeRedirect));
    const denied = await gatehouse.consent(
      { ...formOf(page.body), decision: 'deny' },
      { headers: cookieHeader(page.cookies) },
    );
    expect(Object.fromEntries(refreshOf(denied.body).searchParams)).toEqual({
      error: 'access_denied',
      error_description: 'The user denied the request.',
      state: 'client-state',
      iss: issuer,
    });
    expect(denied.cookies).toEqual([
      expect.stringMatching(/^__Host-gatehouse-consent-[0-9a-f]{16}=spent; /),
    ]);
    expect(gatehouse.table.items.size).toBe(0);
  });

  const decide = (page: ReceivedResponse, decision: string, cookies = page.cookies) =>
    gatehouse.consent({ ...formOf(page.body), decision }, { headers: cookieHeader(cookies) });

  it.each(['deny', 'approve'])('is spent by %s: Back and Approve say so', async (decision) => {
    const page = await gatehouse.authorize(requestFor('claude', claudeRedirect));
    const first = await decide(page, decision);
    const spent = first.cookies.filter((cookie) => cookie.includes('-consent-'));
    expect(spent.map((cookie) => cookie.split('=')[0])).toEqual(
      page.cookies.map((cookie) => cookie.split('=')[0]),
    );
    gatehouse.later(6);
    for (const again of ['approve', 'deny']) {
      const refused = await decide(page, again, spent);
      expect(refused.status).toBe(400);
      expect(refused.body).toContain('<h1>You have answered this page already</h1>');
      expect(refused.events).toEqual(['AuthenticationFailure']);
      expect(refused.accesses).toEqual([]);
    }
  });

  it('takes the second click of a double click after the approval’s cookie came', async () => {
    const page = await gatehouse.authorize(requestFor('claude', claudeRedirect));
    const first = await decide(page, 'approve');
    gatehouse.later(1);
    expect((await decide(page, 'approve', first.cookies)).status).toBe(200);
    const denied = await decide(page, 'deny');
    expect((await decide(page, 'approve', denied.cookies)).status).toBe(400);
  });

  it('says cookies where the browser sends none back, and that it is too old where it is', async () => {
    const page = await gatehouse.authorize(requestFor('claude', claudeRedirect));
    expect((await decide(page, 'approve', [])).body).toContain('Allow cookies for this site');
    gatehouse.later(601);
    for (const cookies of [[], page.cookies]) {
      const late = await decide(page, 'approve', cookies);
      expect(late.status).toBe(400);
      expect(late.body).toContain('open for too long');
    }
  });

  it.each([
    'Claude" to connect? Verified by Anthropic \u2713',
    'Claude\u201d to connect? Verified by \u201cAnthropic',
    "Claude' is safe: allow",
    'Allow an app to connect?',
    '\u202eedualC',
  ])('holds the client’s words %j in a box of its own and nowhere else', async (name) => {
    const clientId = await registerClient(gatehouse, claudeRedirect, name);
    const page = await gatehouse.authorize(requestFor(clientId, claudeRedirect));
    const box =
      /<figure class="own-words">\n<figcaption>The app calls itself \(nobody has checked it\):<\/figcaption>\n<blockquote dir="auto">([^<]*)<\/blockquote>\n<\/figure>\n/;
    const [whole = '', words = ''] = box.exec(page.body) ?? [];
    expect(words).not.toBe('');
    const other = await gatehouse.authorize(
      requestFor(await registerClient(gatehouse, claudeRedirect, 'x'), claudeRedirect),
    );
    const [otherBox = ''] = box.exec(other.body) ?? [];
    const fixed = (html: string, own: string) =>
      html
        .replace(own, '')
        .replace(/<input[^>]*>/g, '')
        .replace(/nonce="[^"]*"/, '');
    expect(fixed(page.body, whole)).toBe(fixed(other.body, otherBox));
  });

  it('takes a double click and a second tab', async () => {
    const first = await gatehouse.authorize(
      requestFor('claude', claudeRedirect, { state: 'first' }),
    );
    const second = await gatehouse.authorize(
      requestFor('claude', claudeRedirect, { state: 'second' }),
    );
    const headers = cookieHeader(first.cookies, second.cookies);
    const click = () =>
      gatehouse.consent({ ...formOf(first.body), decision: 'approve' }, { headers });
    const [, twice] = [await click(), await click()];
    const other = await gatehouse.consent(
      { ...formOf(second.body), decision: 'approve' },
      { headers },
    );
    for (const [approved, state] of [[twice, 'first'] as const, [other, 'second'] as const]) {
      const upstream = refreshOf(approved.body).searchParams.get('state') ?? '';
      const called = await gatehouse.callback(
        { code: 'c', state: upstream },
        { headers: cookieHeader(approved.cookies) },
      );
      expect(new URL(called.headers['location'] ?? '').searchParams.get('state')).toBe(state);
    }
  });
});

describe('a login_hint', () => {
  const upstreamOf = async (login_hint: string) => {
    const { client_id } = body(
      (await gatehouse.register({ client_name: 'An app', redirect_uris: [localRedirect] })).body,
    );
    const { upstream } = await logIn(gatehouse, client_id, localRedirect, { login_hint });
    return ['login_hint', 'idp_identifier'].map((name) => upstream.searchParams.get(name));
  };

  it.each([
    ['of a company’s domain goes straight to its provider', 'Ann@Example.com', 'example.com'],
    ['of another domain goes to the login page', 'ann@example.org', null],
    ['of a subdomain goes to the login page', 'ann@sub.example.com', null],
  ])('%s', async (_, hint, identifier) => {
    expect(await upstreamOf(hint)).toEqual([hint, identifier]);
  });

  it.each(['ann', 'ann@example.com@example.org', '"><b>@example.com', 'ann@example.com '])(
    'that is no address is left out: %s',
    async (hint) => {
      expect(await upstreamOf(hint)).toEqual([null, null]);
    },
  );
});
