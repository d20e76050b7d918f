import { randomBytes } from 'node:crypto';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { userPoolOf } from '../../bin/user/cognito.ts';
import type { Mail } from '../../local/cognito/mail.ts';
import { type Gatehouse, startGatehouse } from '../../local/runtime.ts';
import { operatorOf } from '../e2e/runtime/operator.ts';
import { launch } from './chromium.ts';
import { inEveryLook } from './looks.ts';

/** The pages that stand for Cognito's managed login, as a person meets them on their computer. */

const password = `Managed-${randomBytes(9).toString('base64url')}-1a`;
const mails: Mail[] = [];
let gatehouse: Gatehouse;
let browser: Browser;
let context: BrowserContext;
let page: Page;

beforeAll(async () => {
  gatehouse = await startGatehouse({
    configuration: {
      identity: {
        signUp: ['example.org'],
        providers: [
          {
            type: 'oidc',
            name: 'Example-Sign-On',
            issuer: 'https://sign-on.example.com',
            clientId: 'gatehouse',
            secret: { name: 'gatehouse/sign-on' },
          },
          { type: 'saml', name: 'Entra', metadataUrl: 'https://login.example.com/saml.xml' },
        ],
      },
    },
    secrets: () => ({ 'gatehouse/sign-on': 'a secret that somebody gave' }),
    onMail: (mail) => mails.push(mail),
  });
  browser = await launch();
});

afterAll(async () => {
  await browser?.close();
  await gatehouse?.stop();
});

beforeEach(async () => {
  mails.length = 0;
  // Each test is a new minute for the pool's web ACL.
  gatehouse.clock.advance(121_000);
  context = await browser.newContext({ ignoreHTTPSErrors: true });
  page = await context.newPage();
});
afterEach(() => context.close());

const userPool = () => {
  const { aws, userPool: id } = operatorOf(gatehouse);
  return userPoolOf(aws, id);
};

const toLogin = async (): Promise<void> => {
  const client = gatehouse.stack
    .resources('AWS::Cognito::UserPoolClient')
    .find(({ properties }) => properties['ClientName'] === 'loopback');
  const url = new URL('/login', gatehouse.cognito.domainUrl);
  url.search = new URLSearchParams({
    response_type: 'code',
    client_id: gatehouse.stack.ref(client?.logicalId ?? ''),
    redirect_uri: `${gatehouse.publicUrl}/callback`,
  }).toString();
  await page.goto(url.href);
  await heading('Sign in');
};

const heading = (words: string) => page.getByRole('heading', { level: 1, name: words }).waitFor();
const type = (label: string, text: string) => page.getByLabel(label, { exact: true }).fill(text);
const press = (words: string) => page.getByRole('button', { name: words }).click();
const said = () => page.getByRole('alert').innerText();
const lastWord = (): string => mails.at(-1)?.text.split(' ').at(-1) ?? '';

const signIn = async (email: string, typed: string): Promise<void> => {
  await toLogin();
  await type('Email address', email);
  await type('Password', typed);
  await press('Sign in');
};

test('sign in, with a provider of the company, one that is not emulated, and the way to sign up', async () => {
  await toLogin();
  expect(await page.getByRole('main').innerText()).toContain('Entra is not reached from here');
  expect(await page.getByRole('button', { name: 'Continue with Example-Sign-On' }).count()).toBe(1);
  await inEveryLook(page, 'managed-login-sign-in');
});

test('sign up: whom the trigger refuses, a code that is wrong, and the one that was mailed', async () => {
  await toLogin();
  await page.getByRole('link', { name: 'Sign up' }).click();
  await heading('Sign up');
  await inEveryLook(page, 'managed-login-sign-up');
  const signUp = async (email: string) => {
    await type('Email address', email);
    await type('Password', password);
    await type('Password again', password);
    await press('Sign up');
  };
  await signUp('eve@example.net');
  expect(await said()).toContain('this address may not sign up');
  await inEveryLook(page, 'managed-login-sign-up-refused');
  await signUp('grace@example.org');
  await heading('Confirm your address');
  await inEveryLook(page, 'managed-login-confirm');
  await type('Code from the mail', 'wrong');
  await press('Confirm');
  expect(await said()).toContain('Invalid verification code');
  await inEveryLook(page, 'managed-login-confirm-refused');
  await type('Code from the mail', lastWord());
  await press('Confirm');
  // Nobody began this login at our endpoint, so it ends on our page.
  await page.waitForURL(`${gatehouse.publicUrl}/callback?**`);
});

test('an invitation: a new password is chosen, and one that is too weak is refused in words', async () => {
  await userPool().create('ann@example.com', false);
  await signIn('ann@example.com', lastWord());
  await heading('Choose a new password');
  await inEveryLook(page, 'managed-login-new-password');
  await type('New password', 'weak');
  await type('New password again', 'weak');
  await press('Change password');
  expect(await said()).toContain('Password not long enough');
  await inEveryLook(page, 'managed-login-new-password-refused');
});

test('a password that was reset: the code of the mail beside the new one', async () => {
  const pool = userPool();
  await pool.resetPassword(await pool.find('dev@example.com'));
  await signIn('dev@example.com', gatehouse.users[0]?.password ?? '');
  await heading('Choose a new password');
  await page.getByLabel('Code from the mail').waitFor();
  await inEveryLook(page, 'managed-login-reset');
});

test('a wrong password, and a request that Cognito does not know', async () => {
  await signIn('dev@example.com', 'wrong');
  expect(await said()).toBe('Incorrect username or password.');
  await inEveryLook(page, 'managed-login-refused');
  await page.goto(new URL('/oauth2/authorize?client_id=unknown', gatehouse.cognito.domainUrl).href);
  await heading('An error was encountered with the requested page');
  await inEveryLook(page, 'managed-login-error');
});
