import { createHash, randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { type Gatehouse, startGatehouse } from '../../local/runtime.ts';
import { lifetimes } from '../../policy/lifetimes.ts';
import { accessibilityViolations, launch, screenshot } from './chromium.ts';

/** A login as a person goes through it, in a real browser; pages.test.ts has how each page looks. */

const axeSource = readFileSync(
  createRequire(import.meta.url).resolve('axe-core/axe.min.js'),
  'utf8',
);
const person = {
  email: 'dev@example.com',
  password: `Pw-${randomBytes(9).toString('base64url')}`,
  emailVerified: true,
};

let gatehouse: Gatehouse;
let browser: Browser;
let client: Server;
let redirectUri: string;
let received: URL[];
let context: BrowserContext;
let page: Page;

beforeAll(async () => {
  gatehouse = await startGatehouse({ users: [person] });
  browser = await launch();
  client = createServer((request, response) => {
    const url = new URL(request.url ?? '/', redirectUri);
    if (url.pathname === '/cb') received.push(url);
    response
      .setHeader('content-type', 'text/html')
      .end('<!doctype html><title>Client</title><h1>Back at the client</h1>');
  });
  await new Promise<void>((resolve) => client.listen(0, '127.0.0.1', resolve));
  redirectUri = `http://127.0.0.1:${(client.address() as AddressInfo).port}/cb`;
});

afterAll(async () => {
  await browser?.close();
  client?.close();
  await gatehouse?.stop();
});

beforeEach(async () => {
  received = [];
  // Each test is a new minute for the rate limits and a new browser.
  gatehouse.clock.advance(121_000);
  context = await browser.newContext({ viewport: { width: 1024, height: 768 } });
  page = await context.newPage();
});

afterEach(async () => context.close());

const register = async (metadata: Record<string, unknown> = {}): Promise<string> => {
  const response = await fetch(`${gatehouse.publicUrl}/register`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({
      client_name: 'Browser test',
      redirect_uris: [redirectUri],
      ...metadata,
    }),
  });
  expect(response.status).toBe(201);
  return ((await response.json()) as { client_id: string }).client_id;
};

const authorizeUrl = async (overrides: Record<string, string> = {}): Promise<string> => {
  const verifier = randomBytes(32).toString('base64url');
  const url = new URL(`${gatehouse.publicUrl}/authorize`);
  url.search = new URLSearchParams({
    response_type: 'code',
    client_id: overrides['client_id'] ?? (await register()),
    redirect_uri: redirectUri,
    code_challenge: createHash('sha256').update(verifier).digest('base64url'),
    code_challenge_method: 'S256',
    state: 'a state',
    resource: gatehouse.mcpUrl,
    ...overrides,
  }).toString();
  return url.href;
};

const approve = () => page.getByRole('button', { name: 'Approve' }).click();

const signIn = async (password = person.password): Promise<void> => {
  await page.getByLabel('Email address').fill(person.email);
  await page.getByLabel('Password').fill(password);
  await page.getByRole('button', { name: 'Sign in' }).click();
};

const atClient = () => page.getByRole('heading', { name: 'Back at the client' }).waitFor();

describe('the consent page', () => {
  test('says who asks, for what, where the answer goes, and warns about a local program', async () => {
    const response = await page.goto(await authorizeUrl());
    expect(response?.status()).toBe(200);
    const text = await page.getByRole('main').innerText();
    expect(text).toContain('Browser test');
    expect(text).toContain('Use tools that act on your behalf');
    expect(text).toContain('runs on your own computer');
    expect(await page.locator('strong', { hasText: new URL(redirectUri).host }).count()).toBe(1);
    await screenshot(page, 'consent');
  });

  test('has its own strict policy, runs no script and cannot be framed', async () => {
    const response = await page.goto(await authorizeUrl());
    const policy = response?.headers()['content-security-policy'] ?? '';
    expect(policy).toMatch(
      /^default-src 'none'; style-src 'nonce-[^']+'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'$/,
    );
    expect(await page.locator('script').count()).toBe(0);
    // Framed by another site: the browser refuses to show it.
    const url = page.url();
    await page.goto(redirectUri.replace('/cb', '/frame'));
    await page.setContent(`<iframe src="${url}"></iframe>`);
    const frame = page.frames()[1];
    await page.waitForTimeout(500);
    expect(await frame?.locator('button').count()).toBe(0);
  });

  test('can be answered by keyboard alone, approve before deny', async () => {
    await page.goto(await authorizeUrl());
    await page.keyboard.press('Tab');
    expect(await page.evaluate('document.activeElement.textContent')).toBe('Approve');
    await page.keyboard.press('Tab');
    expect(await page.evaluate('document.activeElement.textContent')).toBe('Deny');
    await page.keyboard.press('Enter');
    await atClient();
    expect(received[0]?.searchParams.get('error')).toBe('access_denied');
  });

  test('shows a hostile client name as harmless text', async () => {
    const id = await register({ client_name: '<img src=x onerror=alert(1)>\u202eAnthropic\u0000' });
    await page.goto(await authorizeUrl({ client_id: id }));
    expect(await page.locator('img').count()).toBe(0);
    const words = await page.getByRole('blockquote').innerText();
    expect(words).toContain('<img src=x onerror=alert(1)>Anthropic');
    await screenshot(page, 'consent-hostile-name');
  });
});

describe('a login', () => {
  test('approve, sign in, and the client gets a code with state and issuer', async () => {
    await page.goto(await authorizeUrl());
    await approve();
    await page.getByLabel('Password').waitFor();
    await screenshot(page, 'login');
    await signIn();
    await atClient();
    expect(Object.fromEntries(received[0]?.searchParams ?? [])).toEqual({
      code: expect.any(String),
      state: 'a state',
      iss: gatehouse.publicUrl,
    });
    // The transaction's cookie is gone; the form's own stays until it expires, so that a second
    // click or the back button still finds it.
    expect(
      (await context.cookies(gatehouse.publicUrl)).filter(({ name }) =>
        /^__Host-(?!gatehouse-consent-)/.test(name),
      ),
    ).toEqual([]);
  });

  test('deny goes back to the client with access_denied, state and issuer', async () => {
    await page.goto(await authorizeUrl());
    await page.getByRole('button', { name: 'Deny' }).click();
    await atClient();
    expect(Object.fromEntries(received[0]?.searchParams ?? [])).toMatchObject({
      error: 'access_denied',
      state: 'a state',
      iss: gatehouse.publicUrl,
    });
  });

  test('the login page is accessible, and a wrong password is said and can be mended', async () => {
    await page.goto(await authorizeUrl());
    await approve();
    await page.getByLabel('Password').waitFor();
    expect(await accessibilityViolations(page, axeSource)).toEqual([]);
    await signIn('not the password');
    await page.getByRole('alert').waitFor();
    expect(await page.getByRole('alert').innerText()).toBe('Incorrect username or password.');
    expect(await accessibilityViolations(page, axeSource)).toEqual([]);
    await screenshot(page, 'login-wrong-password');
    await signIn();
    await atClient();
    expect(received[0]?.searchParams.get('code')).toBeTruthy();
  });

  test('back button after the approval, then approve again: one login, one code', async () => {
    await page.goto(await authorizeUrl());
    await approve();
    await page.getByLabel('Password').waitFor();
    await page.goBack();
    if ((await page.getByRole('button', { name: 'Approve' }).count()) === 0) await page.goBack();
    await page.getByRole('button', { name: 'Approve' }).waitFor();
    await approve();
    // Either the form still holds, or a page says what to do; never a crash, never a silent loop.
    await page
      .getByLabel('Password')
      .or(page.getByRole('heading', { level: 1 }))
      .first()
      .waitFor();
    if ((await page.getByLabel('Password').count()) > 0) {
      await signIn();
      await atClient();
      expect(received.filter((url) => url.searchParams.has('code'))).toHaveLength(1);
    } else {
      await screenshot(page, 'back-button');
      expect(await page.getByRole('main').innerText()).toMatch(/again|new/i);
    }
  });

  test('back to the callback after the login: a page, no second code', async () => {
    await page.goto(await authorizeUrl());
    await approve();
    await page.getByLabel('Password').waitFor();
    const callbacks: string[] = [];
    page.on('request', (request) => {
      if (request.url().startsWith(`${gatehouse.publicUrl}/callback`))
        callbacks.push(request.url());
    });
    await signIn();
    await atClient();
    const [callback = ''] = callbacks;
    const response = await page.goto(callback);
    expect(response?.status()).toBe(400);
    expect(await page.getByRole('main').innerText()).toMatch(/again|start/i);
    expect(await accessibilityViolations(page, axeSource)).toEqual([]);
    await screenshot(page, 'callback-replayed');
    expect(received.filter((url) => url.searchParams.has('code'))).toHaveLength(1);
  });

  test('double click on Approve: one transaction goes on', async () => {
    await page.goto(await authorizeUrl());
    await page.getByRole('button', { name: 'Approve' }).dblclick();
    await page.getByLabel('Password').waitFor();
    await signIn();
    await atClient();
    expect(received.filter((url) => url.searchParams.has('code'))).toHaveLength(1);
  });

  test('a consent page whose cookie is gone says so and what to do', async () => {
    await page.goto(await authorizeUrl());
    // What the browser does itself when the cookie's Max-Age is over; its clock cannot be moved
    // from here.
    const [cookie] = (await context.cookies(gatehouse.publicUrl)).filter(({ name }) =>
      name.startsWith('__Host-gatehouse-consent-'),
    );
    expect((cookie?.expires ?? 0) - Date.now() / 1000).toBeLessThanOrEqual(
      lifetimes.transactionSeconds,
    );
    await context.clearCookies();
    await approve();
    await page.getByText('connect again').waitFor();
    expect(await page.getByRole('main').innerText()).toContain('Allow cookies for this site');
    expect(await accessibilityViolations(page, axeSource)).toEqual([]);
    await screenshot(page, 'consent-without-cookies');
    expect(received).toEqual([]);
  });

  test('a login left open too long ends on a page that says what to do', async () => {
    await page.goto(await authorizeUrl());
    await approve();
    await page.getByLabel('Password').waitFor();
    gatehouse.clock.advance((lifetimes.transactionSeconds + 60) * 1000);
    await signIn();
    await page.getByRole('heading', { level: 1 }).waitFor();
    expect(await page.getByRole('main').innerText()).toMatch(/again|start/i);
    await screenshot(page, 'login-after-expiry');
    expect(received).toEqual([]);
  });

  test('two tabs, two clients: each login ends where it began', async () => {
    const second = await context.newPage();
    await page.goto(await authorizeUrl({ state: 'first' }));
    await second.goto(await authorizeUrl({ state: 'second' }));
    await approve();
    await second.getByRole('button', { name: 'Approve' }).click();
    await page.getByLabel('Password').waitFor();
    await second.getByLabel('Password').waitFor();
    await second.getByLabel('Email address').fill(person.email);
    await second.getByLabel('Password').fill(person.password);
    await second.getByRole('button', { name: 'Sign in' }).click();
    await second.getByRole('heading', { name: 'Back at the client' }).waitFor();
    // The first tab's form was made before the second tab's login changed the hosted session: it
    // may have to be sent again.
    await signIn();
    if ((await page.getByRole('alert').count()) > 0) await signIn();
    await atClient();
    expect(received.map((url) => url.searchParams.get('state')).sort()).toEqual([
      'first',
      'second',
    ]);
  });

  test('another browser cannot finish a login that this one approved', async () => {
    await page.goto(await authorizeUrl());
    await approve();
    await page.getByLabel('Password').waitFor();
    const other = await (await browser.newContext()).newPage();
    await other.goto(page.url());
    await other.getByLabel('Email address').fill(person.email);
    await other.getByLabel('Password').fill(person.password);
    await other.getByRole('button', { name: 'Sign in' }).click();
    await other.getByRole('heading', { level: 1 }).waitFor();
    expect(await other.getByRole('main').innerText()).toMatch(/another browser/i);
    await screenshot(other, 'foreign-browser');
    await other.context().close();
    expect(received).toEqual([]);
  });

  test('a second local program does not ride the session: the password is asked again', async () => {
    await page.goto(await authorizeUrl());
    await approve();
    await page.getByLabel('Password').waitFor();
    await signIn();
    await atClient();
    await page.goto(
      await authorizeUrl({ client_id: await register({ client_name: 'Another program' }) }),
    );
    await page.getByRole('button', { name: 'Approve' }).waitFor();
    await approve();
    await page.getByLabel('Password').waitFor();
    expect(received).toHaveLength(1);
  });
});

describe('an error before the client is known good', () => {
  test.each([
    ['unknown client', { client_id: 'client_unknown' }],
    ['redirect that is not registered', { redirect_uri: 'https://evil.example/cb' }],
  ])('%s: an accessible page, never a redirect', async (name, overrides) => {
    const response = await page.goto(await authorizeUrl(overrides));
    expect(response?.status()).toBeGreaterThanOrEqual(400);
    expect(new URL(page.url()).origin).toBe(gatehouse.origin);
    expect(await accessibilityViolations(page, axeSource)).toEqual([]);
    await screenshot(page, `error-${name.replaceAll(' ', '-')}`);
  });
});
