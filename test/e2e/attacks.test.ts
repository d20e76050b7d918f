import { DynamoDBClient, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import { type Gatehouse, startGatehouse } from '../../local/runtime.ts';
import {
  hostileRedirectUris,
  refusedAuthorizations,
  refusedRedemptions,
  singleParameters,
  spoiledRefreshTokens,
  unknownClients,
} from '../attacks/oauth-requests.ts';
import {
  type AuthorizationServerDriver,
  authorizationServerDriver,
  challenge,
  claudeRedirect,
  jsonOf,
  type ReceivedResponse,
} from './attacks/authorization-server.ts';
import { bigDocumentBytes, type HostileHost, hostileHost } from './attacks/hostile-host.ts';
import type { Visit } from './browser/browser-walk.ts';
import { readPage } from './browser/html.ts';
import { refreshInProcesses } from './clients/refreshing-processes.ts';
import { alarmCount } from './runtime/alarm-count.ts';

/** Public addresses, as the guard must see them; nothing is sent there. */
const publicAddress = '160.79.104.10';
const localRedirect = 'http://localhost:51234/callback';

let gatehouse: Gatehouse;
let front: AuthorizationServerDriver;
let hostile: HostileHost;
let inside: HostileHost;
let clientId: string;

beforeAll(async () => {
  hostile = await hostileHost('claude.ai');
  inside = await hostileHost('vscode.dev');
  gatehouse = await startGatehouse({
    routes: [hostile.routeAs(publicAddress), inside.routeAs('169.254.169.254')],
  });
  front = authorizationServerDriver(gatehouse);
  clientId = await front.register();
});
afterAll(() => Promise.all([gatehouse.stop(), hostile.stop(), inside.stop()]));

/** Refused on a page of ours: no redirect, no refresh, a word on what to do next. */
const expectPage = async (attack: () => Promise<ReceivedResponse | Visit>, event: string) => {
  const { reply, events } = await front.watched(attack);
  expect(reply.status).toBeGreaterThanOrEqual(400);
  expect(reply.status).toBeLessThan(500);
  expect(reply.headers.get('location')).toBeNull();
  expect(reply.headers.get('content-type')).toContain('text/html');
  expect(readPage(reply.body).refresh).toBeUndefined();
  expect(events).toEqual([event]);
};

/**
 * Refused to the client at its own redirect URI, with `iss` and its state (RFC 9207), and never
 * with a code.
 */
const expectRedirect = async (
  attack: () => Promise<ReceivedResponse>,
  error: string,
  event: string,
) => {
  const { reply, events } = await front.watched(attack);
  const location = new URL(reply.headers.get('location') ?? 'about:blank');
  expect(`${location.origin}${location.pathname}`).toBe(claudeRedirect);
  expect(Object.fromEntries(location.searchParams)).toMatchObject({
    error,
    state: 'client-state',
    iss: gatehouse.publicUrl,
  });
  expect(location.searchParams.has('code')).toBe(false);
  expect(events).toEqual([event]);
};

const expectError = async (
  attack: () => Promise<ReceivedResponse>,
  status: number,
  error: string,
  event: string,
) => {
  const { reply, events } = await front.watched(attack);
  expect({ status: reply.status, error: jsonOf(reply)['error'], events }).toEqual({
    status,
    error,
    events: [event],
  });
};

const authorize = (more: Readonly<Record<string, string>>) => () =>
  front.authorize(front.requestFor(clientId, claudeRedirect, more));

const tokensOf = async (id = clientId) => {
  const { code } = await front.logIn(id);
  return jsonOf(await front.redeem(id, code));
};

const table = () => {
  const [definition] = gatehouse.stack.resources('AWS::DynamoDB::Table');
  return definition ? gatehouse.stack.ref(definition.logicalId) : '';
};

describe('codes', () => {
  it('a replay is refused and counted', async () => {
    const { code } = await front.logIn(clientId);
    expect((await front.redeem(clientId, code)).status).toBe(200);
    await expectError(() => front.redeem(clientId, code), 400, 'invalid_grant', 'CodeReplay');
  });

  it.each(refusedRedemptions(challenge))(
    'one %s is refused, and stays good for the right client',
    async (_, more, error, event) => {
      const { code } = await front.logIn(clientId);
      await expectError(() => front.redeem(clientId, code, more), 400, error, event);
      expect((await front.redeem(clientId, code)).status).toBe(200);
    },
  );

  it('one taken straight to Cognito’s token endpoint is refused there: only we know the app client’s secret', async () => {
    const { approved, upstream } = await front.approve(clientId);
    expect(approved.status).toBe(200);
    const { code } = await front.logIn(clientId);
    for (const each of [code, 'cognito-code']) {
      const form = new URLSearchParams({
        grant_type: 'authorization_code',
        client_id: upstream.searchParams.get('client_id') ?? '',
        code: each,
        redirect_uri: upstream.searchParams.get('redirect_uri') ?? '',
        code_verifier: 'x'.repeat(43),
      });
      const response = await fetch(`${gatehouse.cognito.domainUrl}/oauth2/token`, {
        method: 'POST',
        body: form,
      });
      expect(await response.json()).toEqual({ error: 'invalid_client' });
    }
  });

  it('ours is none of Cognito’s: Cognito’s own means nothing to us', async () => {
    await expectError(
      () => front.redeem(clientId, crypto.randomUUID()),
      400,
      'invalid_grant',
      'AuthenticationFailure',
    );
  });
});

describe('authorization requests', () => {
  it('that are malformed are refused to the client, each for its reason', async () => {
    for (const [, more, error] of refusedAuthorizations(gatehouse.publicUrl))
      await expectRedirect(authorize(more), error, 'InputValidationFailure');
  });

  it.each(hostileRedirectUris(claudeRedirect))(
    'with a redirect URI with %s get a page, never a redirect',
    (_, redirect_uri) => expectPage(authorize({ redirect_uri }), 'InputValidationFailure'),
  );

  it.each(unknownClients)('of the client %s get a page, never a redirect', (client_id) =>
    expectPage(authorize({ client_id }), 'AuthenticationFailure'),
  );

  it.each([
    ['an unknown client', { client_id: 'unknown' }, 'AuthenticationFailure'],
    ['no client', { client_id: '' }, 'InputValidationFailure'],
    [
      'every error at once',
      { client_id: 'x', response_type: 'y', code_challenge: 'z', scope: 'w' },
      'AuthenticationFailure',
    ],
  ])('an error path is no open redirect: %s', (_, more, event) =>
    expectPage(authorize({ redirect_uri: 'https://evil.example/callback', ...more }), event),
  );

  it.each(singleParameters)('a repeated %s is refused', async (name) => {
    const query = new URLSearchParams(
      front.requestFor(clientId, claudeRedirect, { resource: gatehouse.mcpUrl }),
    );
    query.append(name, 'https://evil.example');
    await expectPage(() => front.authorize(query), 'InputValidationFailure');
  });

  it('the answer names its issuer, so that a client can tell a mix-up', async () => {
    const { location } = await front.logIn(clientId);
    expect(location.searchParams.get('iss')).toBe(gatehouse.publicUrl);
    const metadata = await front.send('/.well-known/oauth-authorization-server', { method: 'GET' });
    expect(JSON.parse(metadata.body)).toMatchObject({
      issuer: gatehouse.publicUrl,
      authorization_response_iss_parameter_supported: true,
    });
  });
});

describe('consent and callback', () => {
  it('a form without its CSRF cookie is refused', async () => {
    const { fields } = await front.consent(clientId);
    await expectPage(
      () => front.post('/consent', { ...fields, decision: 'approve' }),
      'AuthenticationFailure',
    );
  });

  it('a form without its CSRF token is refused', async () => {
    const { browser, page, fields } = await front.consent(clientId);
    const { csrf: _, ...rest } = fields;
    await expectPage(() => front.decide(browser, page, rest), 'AuthenticationFailure');
  });

  it('a form whose contents were exchanged is refused', async () => {
    const { browser, page, fields } = await front.consent(clientId);
    const exchanged = {
      ...fields,
      redirect_uri: 'https://claude.com/api/mcp/auth_callback',
      client_id: 'claude',
    };
    await expectPage(() => front.decide(browser, page, exchanged), 'AuthenticationFailure');
  });

  it('the page cannot be framed', async () => {
    const { page } = await front.consent(clientId);
    expect(page.headers.get('content-security-policy')).toContain("frame-ancestors 'none'");
    expect(page.headers.get('x-frame-options')).toBe('DENY');
  });

  it('the state of another browser is refused (login CSRF), and the right browser can still go on', async () => {
    const { browser, state, upstream } = await front.approve(clientId);
    const stolen = `/callback?${new URLSearchParams({ code: 'attackers-code', state })}`;
    await expectPage(() => front.send(stolen, { method: 'GET' }), 'AuthenticationFailure');
    const { last } = await browser.walk(upstream);
    expect(last.url.searchParams.has('code')).toBe(true);
  });

  it('a transaction that nobody approved is refused', async () => {
    const { browser } = await front.consent(clientId);
    const url = new URL(
      `${gatehouse.publicUrl}/callback?${new URLSearchParams({ code: 'c', state: 'x'.repeat(43) })}`,
    );
    await expectPage(() => browser.visit({ method: 'GET', url }), 'AuthenticationFailure');
  });

  it('a callback is taken once', async () => {
    const { browser, upstream } = await front.approve(clientId);
    const { visits } = await browser.walk(upstream);
    const callback = visits.find(({ url }) => url.pathname === '/callback');
    await expectPage(
      () => browser.visit({ method: 'GET', url: callback?.url ?? upstream }),
      'AuthenticationFailure',
    );
  });

  it('a second local program meets consent and login again, though the browser has a session', async () => {
    const browser = front.newBrowser();
    const first = await browser.walk(
      front.authorizeUrl(front.requestFor(clientId, claudeRedirect)),
    );
    expect(first.last.url.searchParams.has('code')).toBe(true);
    const { page, fields } = await front.consent('loopback', localRedirect, browser);
    expect(readPage(page.body).text).toContain('This app runs on your own computer.');
    const approved = await front.decide(browser, page, fields);
    const upstream = new URL(readPage(approved.body).refresh ?? 'about:blank');
    expect(upstream.searchParams.get('prompt')).toBe('login');
    const login = await browser.visit({ method: 'GET', url: upstream });
    const next =
      login.status === 302
        ? await browser.visit({
            method: 'GET',
            url: new URL(login.headers.get('location') ?? '', upstream),
          })
        : login;
    expect(
      readPage(next.body).forms.flatMap(({ fields }) => fields.map(({ type }) => type)),
    ).toContain('password');
  });
});

describe('refresh tokens', () => {
  it('one that was rotated is refused after the grace that Cognito gives', async () => {
    const { refresh_token: first = '' } = await tokensOf();
    expect((await front.refresh(clientId, first)).status).toBe(200);
    gatehouse.clock.advance(61_000);
    await expectError(
      () => front.refresh(clientId, first),
      400,
      'invalid_grant',
      'RefreshTokenReuse',
    );
  });

  it('five processes with one stored login refresh at the same moment by the official client: all stay in, until a thief comes after the grace, and the alarm counts one', async () => {
    const { refresh_token: stored = '' } = await tokensOf();
    const login = { server: gatehouse.publicUrl, resource: gatehouse.mcpUrl, clientId };
    const processes = await refreshInProcesses(5, { ...login, refreshToken: stored });
    const call = (token: string) =>
      fetch(gatehouse.mcpUrl, {
        method: 'POST',
        headers: {
          authorization: `Bearer ${token}`,
          'content-type': 'application/json',
          accept: 'application/json, text/event-stream',
        },
        body: JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'ping' }),
      });
    for (const { access_token: token } of processes) expect((await call(token)).status).toBe(200);
    // Each of them goes on with the token that it was given.
    const next: Record<string, string>[] = [];
    for (const { refresh_token: token } of processes)
      next.push(jsonOf(await front.refresh(clientId, token)));
    gatehouse.clock.advance(61_000);
    const before = alarmCount(gatehouse, 'RefreshTokenReuse');
    await expectError(
      () => front.refresh(clientId, stored),
      400,
      'invalid_grant',
      'RefreshTokenReuse',
    );
    expect(alarmCount(gatehouse, 'RefreshTokenReuse') - before).toBe(1);
    for (const { access_token: token = '', refresh_token: own = '' } of next) {
      expect((await call(token)).status).toBe(401);
      expect((await front.refresh(clientId, own)).status).toBe(400);
    }
  });

  it('one that was revoked is refused', async () => {
    const { refresh_token: token = '' } = await tokensOf();
    expect((await front.post('/revoke', { client_id: clientId, token })).status).toBe(200);
    await expectError(
      () => front.refresh(clientId, token),
      400,
      'invalid_grant',
      'AuthenticationFailure',
    );
  });

  it('one of another client of the same profile is refused, for refresh and for revocation', async () => {
    const { refresh_token: token = '' } = await tokensOf();
    await expectError(
      () => front.refresh('claude', token),
      400,
      'invalid_grant',
      'AuthenticationFailure',
    );
    await expectError(
      () => front.post('/revoke', { client_id: 'claude', token }),
      400,
      'invalid_grant',
      'AuthenticationFailure',
    );
    expect((await front.refresh(clientId, token)).status).toBe(200);
  });

  it.each(spoiledRefreshTokens)('one that was %s is refused', async (_, spoil) => {
    const { refresh_token: token = '' } = await tokensOf();
    await expectError(
      () => front.refresh(clientId, spoil(token)),
      400,
      'invalid_grant',
      'AuthenticationFailure',
    );
  });

  it('a rotation of the app client’s secret logs nobody out', async () => {
    const { upstream } = await front.approve(clientId);
    const appClient = upstream.searchParams.get('client_id') ?? '';
    const { refresh_token: first = '' } = await tokensOf();
    gatehouse.cognito.rotateClientSecret(appClient);
    const { refresh_token: second = '' } = jsonOf(await front.refresh(clientId, first));
    gatehouse.cognito.dropPreviousClientSecret(appClient);
    gatehouse.clock.advance(61_000);
    const { refresh_token: third = '' } = jsonOf(await front.refresh(clientId, second));
    expect((await front.refresh(clientId, third)).status).toBe(200);
  });

  it('a blocked user gets no more tokens (kill switch)', async () => {
    const { refresh_token: token = '', access_token = '' } = await tokensOf();
    const { sub } = JSON.parse(
      Buffer.from(access_token.split('.')[1] ?? '', 'base64url').toString(),
    );
    const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };
    const client = new DynamoDBClient({
      endpoint: gatehouse.table.endpoint,
      region: 'us-east-1',
      credentials,
    });
    const item = { TableName: table(), Key: { pk: { S: `user#${sub}` } } };
    const block = {
      UpdateExpression: 'SET blocked = :true REMOVE expiresAt',
      ExpressionAttributeValues: { ':true': { BOOL: true } },
    };
    await client.send(new UpdateItemCommand({ ...item, ...block }));
    await expectError(() => front.refresh(clientId, token), 400, 'invalid_grant', 'BlockedUser');
    await client.send(new UpdateItemCommand({ ...item, UpdateExpression: 'REMOVE blocked' }));
    expect((await front.refresh(clientId, token)).status).toBe(200);
    client.destroy();
  });
});

describe('registration', () => {
  it('a flood is cut off with 429 and Retry-After, whatever else it sends', async () => {
    gatehouse.clock.stop();
    const address = front.nextAddress();
    const body = JSON.stringify({ redirect_uris: [claudeRedirect] });
    const statuses: number[] = [];
    for (let count = 0; count < 14; count += 1) {
      const headers = {
        'content-type': 'application/json',
        'x-forwarded-for': `198.51.100.${count}`,
      };
      const response = await front.send('/register', { method: 'POST', headers, body }, address);
      // Slow enough for the method throttle, which all clients share: what stops this is the limit
      // by address.
      gatehouse.clock.advance(1000);
      statuses.push(response.status);
      if (response.status === 429) expect(response.headers.get('retry-after')).toMatch(/^\d+$/);
    }
    expect(statuses.filter((status) => status === 201).length).toBeLessThanOrEqual(10);
    expect(statuses.at(-1)).toBe(429);
  });

  it('redirect URIs that no profile takes are refused', async () => {
    const body = JSON.stringify({
      client_name: 'Claude',
      redirect_uris: ['https://evil.example/callback'],
    });
    const register = () =>
      front.send('/register', {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body,
      });
    await expectError(register, 400, 'invalid_redirect_uri', 'RegistrationRefused');
  });
});

describe('the gateway', () => {
  it('HEAD without a token gets the challenge, as some clients begin with it', async () => {
    const response = await fetch(gatehouse.mcpUrl, { method: 'HEAD' });
    expect(response.status).toBe(401);
    expect(response.headers.get('www-authenticate')).toMatch(/^Bearer resource_metadata="/);
  });

  it('what the gateway itself refuses is a page for a browser, and JSON with an OAuth error for a program', async () => {
    const nothing = `${gatehouse.publicUrl}/nothing`;
    const page = await fetch(nothing, { headers: { accept: 'text/html,*/*;q=0.8' } });
    expect(page.headers.get('content-type')).toContain('text/html');
    expect(await page.text()).toContain('<h1>There is nothing at this address.</h1>');
    const json = await fetch(nothing, { headers: { accept: 'application/json' } });
    expect(await json.json()).toMatchObject({ status: 403, error: 'access_denied' });
  });
});

describe('client metadata documents', () => {
  const ask = (url: string) => () => front.authorize(front.requestFor(url, localRedirect));

  it('an honest one is taken, so that the others are refused for what they are', async () => {
    const page = await ask('https://claude.ai/good')();
    expect(page.status).toBe(200);
    expect(readPage(page.body).text).toContain('A client');
  });

  it.each([
    ['on the instance metadata address', 'https://169.254.169.254/latest/meta-data'],
    ['on loopback', 'https://127.0.0.1/client.json'],
    ['on IPv6 loopback', 'https://[::1]/client.json'],
    ['on a name that does not resolve', 'https://evil.invalid/client.json'],
  ])('one %s is not fetched', (_, url) => expectPage(ask(url), 'AuthenticationFailure'));

  it('one on a host that no profile lists is not fetched for an https redirect URI', () =>
    expectPage(
      () => front.authorize(front.requestFor('https://other.invalid/client.json', claudeRedirect)),
      'AuthenticationFailure',
    ));

  it('one on a name that resolves to the instance metadata address is not fetched', async () => {
    await expectPage(ask('https://vscode.dev/client.json'), 'AuthenticationFailure');
    expect(inside.requests).toEqual([]);
  });

  // A name whose answer changes between check and connection is
  // test/lambdas/oauth/metadata-document.test.ts and test/lambdas/http/outbound-request.test.ts: the
  // local runtime routes names from outside and could only pretend to resolve twice.

  it('one of 10 MB is cut off: most of it is never sent', async () => {
    await expectPage(ask('https://claude.ai/big'), 'AuthenticationFailure');
    expect(await hostile.sentOfBigDocument()).toBeLessThan(bigDocumentBytes / 2);
  });

  it.each([
    ['that redirects', '/redirects'],
    ['of another client id', '/mismatch'],
    ['that is not JSON', '/html'],
  ])('one %s is refused', async (_, path) => {
    const before = hostile.requests.length;
    await expectPage(ask(`https://claude.ai${path}`), 'AuthenticationFailure');
    expect(hostile.requests.slice(before)).toEqual([path]);
  });

  it('one that never ends is given up in time', async () => {
    await expectPage(ask('https://claude.ai/slow'), 'AuthenticationFailure');
  });
});

describe('table accesses', () => {
  it('are at most two a step, and three where an approval is kept or looked up', async () => {
    const counted: Record<string, number> = {};
    const step = async <T>(name: string, action: () => Promise<T>): Promise<T> => {
      gatehouse.table.resetCounts();
      const result = await action();
      counted[name] = Object.values(gatehouse.table.counts()).reduce(
        (sum, count) => sum + count,
        0,
      );
      return result;
    };
    const id = await step('/register', () => front.register(claudeRedirect, 'Counted'));
    const { browser, page, fields } = await step('/authorize', () => front.consent(id));
    const approved = await step('/consent', () => front.decide(browser, page, fields));
    const { visits } = await step('/callback', () =>
      browser.walk(readPage(approved.body).refresh ?? ''),
    );
    const code = visits.at(-1)?.url.searchParams.get('code') ?? '';
    await step('/authorize, remembered', () =>
      browser.visit({
        method: 'GET',
        url: front.authorizeUrl(front.requestFor(id, claudeRedirect)),
      }),
    );
    await step('/authorize, new metadata document', () =>
      front.authorize(front.requestFor('https://claude.ai/counted', localRedirect)),
    );
    const tokens = jsonOf(await step('/token, code', () => front.redeem(id, code)));
    const refreshed = jsonOf(
      await step('/token, first refresh', () => front.refresh(id, tokens['refresh_token'] ?? '')),
    );
    const again = jsonOf(
      await step('/token, refresh', () => front.refresh(id, refreshed['refresh_token'] ?? '')),
    );
    await step('/revoke', () =>
      front.post('/revoke', { client_id: id, token: again['refresh_token'] ?? '' }),
    );
    const lines = Object.entries(counted).map(([name, count]) => `${name.padEnd(36)}${count}`);
    process.stdout.write(`Table accesses of each step:\n${lines.join('\n')}\n`);
    expect(counted).toEqual({
      '/register': 1,
      '/authorize': 1,
      // The client, the transaction, the approval.
      '/consent': 3,
      '/callback': 2,
      '/authorize, remembered': 2,
      '/authorize, new metadata document': 2,
      '/token, code': 2,
      '/token, first refresh': 2,
      '/token, refresh': 2,
      '/revoke': 1,
    });
  });
});
