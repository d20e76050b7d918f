import { randomBytes } from 'node:crypto';
import { userActions } from '../../bin/user/actions.ts';
import { userPoolOf } from '../../bin/user/cognito.ts';
import type { Mail } from '../../local/cognito/mail.ts';
import { type Gatehouse, startGatehouse } from '../../local/runtime.ts';
import { readPage } from './browser/html.ts';
import { logIn } from './clients/call-as-person.ts';
import { operatorOf } from './runtime/operator.ts';

const mails: Mail[] = [];
const password = `Sign-up-${randomBytes(9).toString('base64url')}-1a`;
let gatehouse: Gatehouse;
beforeAll(async () => {
  gatehouse = await startGatehouse({
    configuration: { identity: { signUp: ['example.org'] }, audit: { subject: 'plain' } },
    onMail: (mail) => mails.push(mail),
  });
});
afterAll(() => gatehouse?.stop());
beforeEach(() => {
  mails.length = 0;
});

/** A page of the pool, in a browser that has its cookies. */
const visit = async (path: string, form?: Readonly<Record<string, string>>, cookie = '') => {
  const response = await fetch(new URL(path, gatehouse.cognito.domainUrl), {
    redirect: 'manual',
    headers: { cookie },
    ...(form && { method: 'POST', body: new URLSearchParams(form) }),
  });
  return {
    status: response.status,
    location: response.headers.get('location') ?? '',
    cookie: response.headers.getSetCookie()[0]?.split(';')[0] ?? '',
    ...readPage(await response.text()),
  };
};

/** The login page of one of our app clients. */
const loginPage = () => {
  const client = gatehouse.stack
    .resources('AWS::Cognito::UserPoolClient')
    .find(({ properties }) => properties['ClientName'] === 'loopback');
  const query = new URLSearchParams({
    response_type: 'code',
    client_id: gatehouse.stack.ref(client?.logicalId ?? ''),
    redirect_uri: `${gatehouse.publicUrl}/callback`,
  });
  return visit(`/login?${query}`);
};

/** Fills in the sign-up form that the login page links to. */
const signsUp = async (email: string, typed: Readonly<Record<string, string>> = {}) => {
  const { links } = await loginPage();
  const href = links.find(({ text }) => text === 'Sign up')?.href ?? '';
  const page = await visit(href);
  const [form] = page.forms;
  const token = form?.fields.find(({ name }) => name === '_csrf')?.value ?? '';
  return visit(
    form?.action ?? '',
    { _csrf: token, email, password, confirmation: password, ...typed },
    page.cookie,
  );
};

const types = (page: Awaited<ReturnType<typeof visit>>, code: string) => {
  const [form] = page.forms;
  const step = form?.fields.find(({ name }) => name === 'step')?.value ?? '';
  return visit(form?.action ?? '', { step, code });
};
const codeIn = (mail: Mail | undefined) => mail?.text.split(' ').at(-1) ?? '';

describe('people of a listed mail domain sign up by themselves', () => {
  it('with a code that is mailed, and then log in by a client, with a verified address', async () => {
    const page = await signsUp('grace@example.org');
    expect([page.status, page.title]).toEqual([200, 'Confirm your address']);
    expect(mails).toEqual([
      {
        to: 'grace@example.org',
        subject: expect.any(String),
        text: expect.stringMatching(/\d{6}$/),
      },
    ]);
    const wrong = await types(page, 'wrong');
    expect([wrong.status, wrong.text]).toEqual([400, expect.stringContaining('Invalid')]);
    const done = await types(page, codeIn(mails[0]));
    expect(done.location).toMatch(/\/callback\?code=/);
    const { client, close } = await logIn(gatehouse.mcpUrl, {
      email: 'grace@example.org',
      password,
    });
    try {
      const { structuredContent } = await client.callTool({ name: 'whoami', arguments: {} });
      expect(structuredContent).toMatchObject({ email: 'grace@example.org' });
    } finally {
      await close();
    }
  });

  it('and get nowhere before the address is confirmed: the login asks for a code anew', async () => {
    await signsUp('late@example.org');
    const page = await loginPage();
    const [form] = page.forms;
    const token = form?.fields.find(({ name }) => name === '_csrf')?.value ?? '';
    const codePage = await visit(
      form?.action ?? '',
      { _csrf: token, username: 'late@example.org', password },
      page.cookie,
    );
    expect([codePage.status, codePage.title, codePage.location]).toEqual([
      200,
      'Confirm your address',
      '',
    ]);
    expect((await types(codePage, codeIn(mails[0]))).status).toBe(400);
    expect((await types(codePage, codeIn(mails[1]))).location).toMatch(/\/callback\?code=/);
  });

  it.each([
    ['of another domain', 'eve@example.net', {}, 'this address may not sign up'],
    ['of a subdomain', 'eve@mail.example.org', {}, 'this address may not sign up'],
    ['with two addresses in one', 'eve@example.net,a@example.org', {}, 'Invalid email address'],
    [
      'with a weak password',
      'eve@example.org',
      { password: 'weak', confirmation: 'weak' },
      'Password not long enough',
    ],
    ['with two passwords', 'eve@example.org', { confirmation: 'other' }, 'not the same'],
    ['from another page', 'eve@example.org', { _csrf: 'forged' }, 'open for too long'],
    ['who are there already', 'dev@example.com', {}, 'already exists'],
  ])('but nobody %s', async (_, email, typed, words) => {
    const page = await signsUp(email, typed);
    expect([page.status, page.text]).toEqual([400, expect.stringContaining(words)]);
    expect(mails).toEqual([]);
    expect(gatehouse.logs.map(({ line }) => line).join()).not.toContain('eve@');
  });
});

it('what an operator does with somebody names them in the trail as their own calls do', async () => {
  const target = operatorOf(gatehouse);
  const users = { target, pool: userPoolOf(target.aws, target.userPool), now: new Date() };
  await userActions.block(users, 'dev@example.com');
  const operations = gatehouse.logs
    .filter(({ source }) => source === 'audit-trail')
    .map(({ line }) => JSON.parse(line))
    .filter(({ command }) => command === 'user block');
  const [{ sub } = { sub: '' }] = gatehouse.users;
  expect(operations.map(({ subject }) => subject)).toEqual([sub, sub]);
});
