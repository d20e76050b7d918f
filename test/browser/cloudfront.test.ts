import { randomBytes } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import type { Browser } from 'playwright-core';
import * as z from 'zod';
import { type Gatehouse, startGatehouse } from '../../local/runtime.ts';
import { launch, screenshot } from './chromium.ts';

/**
 * One login in a real browser with a distribution between: cookies, forms and redirects survive it.
 * The pages have login.test.ts.
 */

const person = {
  email: 'dev@example.com',
  password: `Pw-${randomBytes(9).toString('base64url')}`,
  emailVerified: true,
};

let gatehouse: Gatehouse;
let browser: Browser;
let client: Server;
let redirectUri: string;
const received: URL[] = [];

beforeAll(async () => {
  gatehouse = await startGatehouse({ urlMode: 'cloudfront', users: [person] });
  browser = await launch();
  client = createServer((request, response) => {
    const url = new URL(request.url ?? '/', redirectUri);
    if (url.pathname === '/cb') received.push(url);
    response
      .setHeader('content-type', 'text/html')
      .end('<!doctype html><title>Client</title><h1>Back at the client</h1>');
  });
  await new Promise<void>((resolve) => client.listen(0, '127.0.0.1', resolve));
  const address = client.address();
  redirectUri = `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}/cb`;
});

afterAll(async () => {
  await browser?.close();
  client?.close();
  await gatehouse?.stop();
});

const register = async (): Promise<string> => {
  const response = await fetch(`${gatehouse.publicUrl}/register`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ client_name: 'Browser test', redirect_uris: [redirectUri] }),
  });
  return z.object({ client_id: z.string() }).parse(await response.json()).client_id;
};

test('a login through the distribution: approve, sign in, and the client gets a code with state and issuer', async () => {
  const url = new URL(`${gatehouse.publicUrl}/authorize`);
  url.search = new URLSearchParams({
    response_type: 'code',
    client_id: await register(),
    redirect_uri: redirectUri,
    state: 'a state',
    resource: gatehouse.mcpUrl,
    code_challenge: randomBytes(32).toString('base64url'),
    code_challenge_method: 'S256',
  }).toString();
  const context = await browser.newContext();
  const page = await context.newPage();
  const response = await page.goto(url.href);
  const headers = response?.headers() ?? {};
  expect(headers['x-cache']).toBe('Miss from cloudfront');
  // The distribution's own header table never replaces the page's stricter policy.
  expect(headers['content-security-policy']).toMatch(/^default-src 'none'/);
  await screenshot(page, 'consent-cloudfront');
  await page.getByRole('button', { name: 'Approve' }).click();
  await page.getByLabel('Email address').fill(person.email);
  await page.getByLabel('Password').fill(person.password);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByRole('heading', { name: 'Back at the client' }).waitFor();
  expect(received.map(({ searchParams }) => Object.fromEntries(searchParams))).toEqual([
    { code: expect.any(String), state: 'a state', iss: gatehouse.publicUrl },
  ]);
  await context.close();
});
