import { createHash, randomBytes } from 'node:crypto';
import { join } from 'node:path';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { type Gatehouse, startGatehouse } from '../../local/runtime.ts';
import { endpoints } from '../../policy/endpoints.ts';
import { launch } from './chromium.ts';
import { inEveryLook } from './looks.ts';

/** Every page of ours, with and without a brand, as a person meets it: light, dark, wide, narrow. */

const claudeRedirect = 'https://claude.ai/api/mcp/auth_callback';
const localRedirect = 'http://localhost:33418/callback';

const brand = {
  name: 'Example Orders',
  logo: join(import.meta.dirname, '../judges/logo.svg'),
  contact: 'help@example.com',
  privacyUrl: 'https://example.com/privacy',
  accent: '#00695c',
};

describe.each([
  ['without a brand', {}],
  ['with a brand', { brand }],
])('%s', (name, configuration) => {
  const hasBrand = 'brand' in configuration;
  let gatehouse: Gatehouse;
  let browser: Browser;
  let context: BrowserContext;
  let page: Page;

  beforeAll(async () => {
    gatehouse = await startGatehouse({ configuration });
    gatehouse.clock.stop();
    browser = await launch();
  });

  afterAll(async () => {
    await browser?.close();
    await gatehouse?.stop();
  });

  beforeEach(async () => {
    gatehouse.clock.advance(121_000);
    context = await browser.newContext();
    page = await context.newPage();
    // Where a page goes on to by itself: it stays, so that it can be looked at.
    const elsewhere = (url: URL) => url.origin !== gatehouse.origin || /oauth2/.test(url.pathname);
    await context.route(elsewhere, (route) => route.abort('aborted'));
  });

  afterEach(() => context.close());

  const authorizeUrl = async (redirectUri: string): Promise<string> => {
    const response = await fetch(`${gatehouse.publicUrl}${endpoints.register.path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ client_name: 'An app of yours', redirect_uris: [redirectUri] }),
    });
    const { client_id: id } = JSON.parse(await response.text());
    const url = new URL(`${gatehouse.publicUrl}${endpoints.authorize.path}`);
    url.search = new URLSearchParams({
      response_type: 'code',
      client_id: id,
      redirect_uri: redirectUri,
      code_challenge: createHash('sha256').update(randomBytes(32)).digest('base64url'),
      code_challenge_method: 'S256',
      state: 'a state',
      resource: gatehouse.mcpUrl,
    }).toString();
    return url.href;
  };

  const press = (words: string) => page.getByRole('button', { name: words }).click();
  const heading = (words: string) => page.getByRole('heading', { level: 1, name: words }).waitFor();

  /** The page as it stands, in every look and in our words. */
  const look = async (shot: string): Promise<void> => {
    await inEveryLook(page, `${shot}-${name.replaceAll(' ', '-')}`);
    const text = await page.locator('body').innerText();
    expect(text).not.toMatch(/\b(applications?|clients?)\b/i);
    expect(text.includes(brand.name)).toBe(hasBrand);
  };

  /** The logo stands in the page and was drawn. */
  const drawnLogos = () =>
    page
      .locator('img')
      .evaluateAll(
        (images) => images.filter((image) => Number(Reflect.get(image, 'naturalWidth')) > 0).length,
      );

  test('the consent page, and what follows a denial', async () => {
    await page.goto(await authorizeUrl(localRedirect));
    await heading('Allow an app to connect?');
    expect(await drawnLogos()).toBe(hasBrand ? 1 : 0);
    await look('page-consent');
    await press('Deny');
    await heading('You denied access');
    await look('page-denied');
  });

  test('the page of an approval that is kept, which is forgotten by a click', async () => {
    const url = await authorizeUrl(claudeRedirect);
    await page.goto(url);
    await press('Approve');
    await heading('Sign in to go on');
    await look('page-sign-in');
    await page.goto(url);
    await heading('Connect this app again?');
    await look('page-kept');
    await press('Continue');
    await heading('Sign in to go on');
    await page.goto(url);
    await press('Forget this approval');
    await heading('Allow an app to connect?');
    expect(await page.getByRole('status').innerText()).toContain('forgotten');
    await look('page-forgotten');
    await page.goto(url);
    await heading('Allow an app to connect?');
  });

  test('an error page says whom to ask', async () => {
    const unknown = `${gatehouse.publicUrl}${endpoints.authorize.path}?client_id=client_unknown&redirect_uri=${encodeURIComponent(localRedirect)}`;
    await page.goto(unknown);
    await heading('The app is not known here');
    const contacts = page.getByRole('main').getByRole('link', { name: brand.contact });
    expect(await contacts.count()).toBe(hasBrand ? 1 : 0);
    await look('page-error');
  });

  test('the server in a browser says how to connect, and its own address leads there', async () => {
    const response = await page.goto(gatehouse.mcpUrl);
    expect(response?.status()).toBe(401);
    expect(response?.headers()['www-authenticate']).toMatch(/^Bearer resource_metadata=/);
    await heading('This is the address of an MCP server');
    await look('page-mcp');
    await page.getByRole('link', { name: 'How to connect yours' }).click();
    const title = hasBrand ? brand.name : 'Gatehouse';
    await heading(`Connect ${title}`);
    expect(await page.getByRole('main').innerText()).toContain(gatehouse.mcpUrl);
    await look('page-connect');
  });

  test('an address over its limit, and one where nothing is, get pages too', async () => {
    const url = await authorizeUrl(localRedirect);
    const statuses: (number | undefined)[] = [];
    for (let request = 0; request < 12; request += 1)
      statuses.push((await page.goto(url))?.status());
    expect(statuses.at(0)).toBe(200);
    expect(statuses.at(-1)).toBe(429);
    await heading('Too many requests.');
    await look('page-429');
    await page.goto(`${gatehouse.publicUrl}/nothing`);
    await heading('There is nothing at this address.');
    await look('page-nothing');
  });
});
