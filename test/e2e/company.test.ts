import {
  Client,
  ClientCredentialsProvider,
  StreamableHTTPClientTransport,
} from '@modelcontextprotocol/client';
import { type Gatehouse, startGatehouse } from '../../local/runtime.ts';
import { synthesize } from '../../local/synthesis/synthesize.ts';
import { Browser } from './browser/browser-walk.ts';
import { readPage } from './browser/html.ts';
import { fetchFrom } from './browser/request-from.ts';
import { logIn } from './clients/call-as-person.ts';
import { type Company, startCompany } from './company/company.ts';
import { type ChangedAssembly, changedAssembly, type Loose } from './runtime/changed-assembly.ts';
import { freshAddress } from './runtime/send.ts';

const secret = 'gatehouse/example-company';
const staff = {
  ann: {
    email: 'ann@example.com',
    email_verified: true,
    name: 'Ann Lee',
    groups: ['finance', 'Domain Admins'],
  },
  bob: { email: 'bob@example.com', email_verified: false, name: 'Bob', groups: ['sales'] },
  nameless: { email_verified: true },
};
const configuration = {
  identity: {
    passwords: false,
    providers: [
      {
        type: 'oidc',
        name: 'ExampleCompany',
        issuer: 'https://login.example.com',
        clientId: 'gatehouse-at-the-company',
        secret,
        scopes: ['openid', 'email', 'profile', 'groups'],
        groups: 'groups',
        domains: ['example.com'],
      },
    ],
  },
  access: { security_posture: { groups: ['finance'] } },
  machines: [{ name: 'nightly', groups: ['finance'] }, { name: 'other' }],
};

let company: Company;
let gatehouse: Gatehouse;
const running: ChangedAssembly[] = [];

/** A Gatehouse whose company is on this computer. */
const startWith = async (chosen: object): Promise<Gatehouse> => {
  const changed = changedAssembly(
    await synthesize({ urlMode: 'domain', configuration: { ...chosen } }),
    ({ Resources }) => {
      for (const { Type, Properties } of Object.values<Loose>(Resources))
        if (Type === 'AWS::Cognito::UserPoolIdentityProvider')
          Properties.ProviderDetails.oidc_issuer = company.issuer;
    },
  );
  running.push(changed);
  const started = await startGatehouse({
    assembly: changed.folder,
    secrets: () => ({ [secret]: company.clientSecret }),
  });
  company.register(`${started.cognito.domainUrl}/oauth2/idpresponse`);
  return started;
};

beforeAll(async () => {
  company = await startCompany(staff);
  gatehouse = await startWith(configuration);
});
afterAll(async () => {
  await gatehouse?.stop();
  for (const changed of running) changed.remove();
  await company?.stop();
});

const person = (name: string) => ({ email: `${name}@example.com`, password: 'none of ours' });

/** What the official client sees for somebody who logs in at the company. */
const seenBy = async (name: string) => {
  const { client, close } = await logIn(gatehouse.mcpUrl, person(name));
  try {
    const who = await client.callTool({ name: 'whoami', arguments: {} });
    const posture = await client.callTool({ name: 'security_posture', arguments: {} }).then(
      () => 'called',
      (error: Error) => error.message,
    );
    const { tools } = await client.listTools();
    return { whoami: who.structuredContent, posture, tools: tools.map((tool) => tool.name) };
  } finally {
    await close();
  }
};

describe("a login through the company's own provider", () => {
  it('goes from the consent page over our pool to the company and back, and a group opens a tool', async () => {
    const [ann, bob] = await Promise.all([seenBy('ann'), seenBy('bob')]);
    const pool = gatehouse.cognito.issuer.split('/').at(-1);
    expect(ann).toMatchObject({
      tools: ['my_usage', 'security_posture', 'whoami'],
      posture: 'called',
      whoami: {
        username: 'ExampleCompany_ann',
        email: 'ann@example.com',
        name: 'Ann Lee',
        groups: [`${pool}_ExampleCompany`, 'finance', 'Domain Admins'],
        profile: 'loopback',
      },
    });
    expect(bob).toMatchObject({
      tools: ['my_usage', 'whoami'],
      whoami: {
        username: 'ExampleCompany_bob',
        name: 'Bob',
        groups: [`${pool}_ExampleCompany`, 'sales'],
      },
    });
    expect(bob.posture).not.toBe('called');
    // Nobody has verified it.
    expect(bob.whoami).not.toHaveProperty('email');
  });

  it('finds the same person again, with what the company says now', async () => {
    const first = await seenBy('ann');
    Object.assign(staff.ann, { groups: ['sales'] });
    const second = await seenBy('ann');
    Object.assign(staff.ann, { groups: ['finance', 'Domain Admins'] });
    expect(second.whoami).toMatchObject({
      sub: (first.whoami as { sub: string }).sub,
      groups: [expect.any(String), 'sales'],
    });
    expect(second.tools).toEqual(['my_usage', 'whoami']);
  });

  it.each([
    ['somebody whom the company does not know', 'eve', /access_denied/],
    ['somebody of whom it gives no address, which the pool demands', 'nameless', /server_error/],
  ])('ends for %s', async (_, name, error) => {
    await expect(seenBy(name)).rejects.toThrow(error);
  });
});

/** Cognito's own login, as our callback would ask for it. */
const authorizeAt = (
  { stack, publicUrl, cognito }: Gatehouse,
  more: Readonly<Record<string, string>>,
): string => {
  const [client] = stack.resources('AWS::Cognito::UserPoolClient');
  const query = new URLSearchParams({
    response_type: 'code',
    client_id: stack.ref(client?.logicalId ?? ''),
    redirect_uri: `${publicUrl}/callback`,
    ...more,
  });
  return `${cognito.domainUrl}/oauth2/authorize?${query}`;
};

describe('our pool, as the company’s client', () => {
  const authorize = (more: Readonly<Record<string, string>>) => authorizeAt(gatehouse, more);
  const get = (url: string, cookie = '') => fetch(url, { redirect: 'manual', headers: { cookie } });

  it('shows the company alone where nobody has a password here', async () => {
    const page = await get(authorize({}));
    const login = await get(`${gatehouse.cognito.domainUrl}${page.headers.get('location')}`);
    const { forms } = readPage(await login.text());
    expect(forms.map(({ buttons }) => buttons.map(({ text }) => text))).toEqual([
      ['Continue with ExampleCompany'],
    ]);
  });

  it('sends a mail domain of the company straight there, with the address', async () => {
    const response = await get(
      authorize({ idp_identifier: 'example.com', login_hint: 'ann@example.com' }),
    );
    const location = new URL(response.headers.get('location') ?? '');
    expect(location.origin).toBe(company.issuer);
    expect(Object.fromEntries(location.searchParams)).toEqual({
      client_id: company.clientId,
      redirect_uri: `${gatehouse.cognito.domainUrl}/oauth2/idpresponse`,
      response_type: 'code',
      scope: 'openid email profile groups',
      state: expect.any(String),
      login_hint: 'ann@example.com',
    });
  });

  it('takes an answer once, and only from the browser that was sent there', async () => {
    const browser = new Browser({ person: person('ann'), address: freshAddress() });
    const { visits, last } = await browser.walk(authorize({ idp_identifier: 'example.com' }));
    const returned =
      visits.find(({ url }) => url.pathname === '/oauth2/idpresponse')?.url.href ?? '';
    expect(last.url.pathname).toBe('/callback');
    const again = await get(returned, `csrf-state=${new URL(returned).searchParams.get('state')}`);
    expect([again.status, await again.text()]).toEqual([400, expect.stringContaining('state')]);
    const elsewhere = await get(
      authorize({ idp_identifier: 'example.com' }).replace('localhost', '127.0.0.1'),
    );
    const state = new URL(elsewhere.headers.get('location') ?? '').searchParams.get('state');
    const forged = `${gatehouse.cognito.domainUrl}/oauth2/idpresponse?code=a&state=${state}`;
    expect((await get(forged)).status).toBe(400);
  });

  it('lets no function log its secret at the company', () => {
    const lines = gatehouse.logs.map(({ line }) => line).join('\n');
    expect(lines).not.toContain(company.clientSecret);
  });
});

it('lets somebody in whom the company sends, of whatever mail domain people may sign up', async () => {
  const { identity } = configuration;
  const open = await startWith({
    identity: { providers: identity.providers, signUp: ['example.org'] },
  });
  try {
    const browser = new Browser({ person: person('ann'), address: freshAddress() });
    const { last } = await browser.walk(authorizeAt(open, { idp_identifier: 'example.com' }));
    expect(last.url.pathname).toBe('/callback');
    expect(last.url.searchParams.get('code')).toEqual(expect.any(String));
    const invoked = open.invocations.map(({ functionName }) => functionName);
    expect(invoked.filter((name) => name === 'pre-sign-up')).toHaveLength(1);
  } finally {
    await open.stop();
  }
});

describe('a machine, by the official client', () => {
  const idOf = (name: string): string => {
    const client = gatehouse.stack
      .resources('AWS::Cognito::UserPoolClient')
      .find(({ properties }) => properties['ClientName'] === `machine-${name}`);
    return gatehouse.stack.ref(client?.logicalId ?? '');
  };
  const connect = async (name: string, clientSecret: string) => {
    const transport = new StreamableHTTPClientTransport(new URL(gatehouse.mcpUrl), {
      authProvider: new ClientCredentialsProvider({
        clientId: idOf(name),
        clientSecret,
        expectedIssuer: gatehouse.publicUrl,
      }),
      fetch: fetchFrom(freshAddress()),
    });
    const client = new Client(
      { name: 'nightly', version: '1.0.0' },
      { versionNegotiation: { mode: 'auto' } },
    );
    await client.connect(transport);
    return client;
  };
  const toolsOf = async (client: Client) =>
    (await client.listTools()).tools.map(({ name }) => name);

  it('calls as itself, with the groups of the template, and with either of two secrets', async () => {
    const first = gatehouse.cognito.rotateClientSecret(idOf('nightly'));
    const second = gatehouse.cognito.rotateClientSecret(idOf('nightly'));
    for (const secret of [first, second]) {
      const client = await connect('nightly', secret);
      expect(await toolsOf(client)).toEqual(['my_usage', 'security_posture', 'whoami']);
      const { structuredContent } = await client.callTool({ name: 'whoami', arguments: {} });
      expect(structuredContent).toMatchObject({
        sub: 'machine:nightly',
        groups: ['finance'],
        scopes: ['gatehouse/tools.read'],
        profile: 'machine-nightly',
        clientId: idOf('nightly'),
      });
      expect(structuredContent).not.toHaveProperty('email');
      await client.close();
    }
    gatehouse.cognito.dropPreviousClientSecret(idOf('nightly'));
    await expect(connect('nightly', first)).rejects.toThrow();
    const lines = gatehouse.logs.map(({ line }) => line).join('\n');
    expect(lines).not.toContain(first);
    expect(lines).not.toContain(second);
  });

  it('sees its own list: another one is in no group', async () => {
    const client = await connect('other', gatehouse.cognito.rotateClientSecret(idOf('other')));
    expect(await toolsOf(client)).toEqual(['my_usage', 'whoami']);
    await client.close();
  });

  it('cannot be logged in as by a person, nor log in as one', async () => {
    const query = new URLSearchParams({
      response_type: 'code',
      client_id: idOf('nightly'),
      redirect_uri: `${gatehouse.publicUrl}/callback`,
    });
    const page = await fetch(`${gatehouse.cognito.domainUrl}/oauth2/authorize?${query}`, {
      redirect: 'manual',
    });
    expect(page.headers.get('location')).toMatch(/^\/error\?error=unauthorized_client/);
  });
});
