import { randomBytes } from 'node:crypto';
import {
  DeleteItemCommand,
  DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  ScanCommand,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import * as z from 'zod';
import { accessKeyOf } from '../../local/iam/permissions.ts';
import { type Gatehouse, startGatehouse } from '../../local/runtime.ts';
import { methodThrottles, userLimits } from '../../policy/limits.ts';
import { emailWords, ignoredScopes, scopes } from '../../policy/scopes.ts';
import { Browser } from './browser/browser-walk.ts';
import { callAsPerson, logIn } from './clients/call-as-person.ts';
import { loginSteps } from './runtime/login-steps.ts';
import { mcpCaller } from './runtime/mcp-calls.ts';

/** As Cognito writes of whom a provider sends. */
const identities = '[{"userId":"1","providerName":"Okta","providerType":"OIDC"}]';
/** One of the pool's group, one whose company's provider names it, and one of another. */
const people = {
  member: { groups: ['finance'] },
  federated: { attributes: { identities, 'custom:groups': '[Domain+Admins, finance]' } },
  other: { groups: ['sales'], attributes: { identities, 'custom:groups': 'financ' } },
};
const users = Object.entries(people).map(([name, more]) => ({
  email: `${name}@example.com`,
  password: randomBytes(12).toString('base64url'),
  emailVerified: true,
  ...more,
}));
const [member, federated, other] = users;

/** Another than the policy's, and more than these tests call, however fast they run. */
const throttle = { ratePerSecond: 70, burst: 140 };

let gatehouse: Gatehouse;
beforeAll(async () => {
  gatehouse = await startGatehouse({
    users,
    configuration: {
      access: { security_posture: { groups: ['finance'] }, policy: { groups: ['finance'] } },
      scopes: {
        'orders.read': { words: 'See your orders' },
        'orders.write': { words: 'Change your orders', implies: ['orders.read'] },
      },
      userLimits: { tools: { whoami: { perMinute: 2 } } },
      profiles: [{ name: 'chatgpt' }, { name: 'julius', enabled: false }],
      logRetentionDays: 90,
      methodThrottles: { ...methodThrottles, mcp: throttle },
      allowedOrigins: ['https://app.example.com'],
    },
  });
  gatehouse.clock.stop();
});
afterAll(() => gatehouse.stop());

describe('who may use what, by group (AUTH-12)', () => {
  /** What the official client shows somebody who has logged in, and how a call of theirs ends. */
  const seenBy = async (person: (typeof users)[number] | undefined) => {
    if (person === undefined) throw new Error('There is nobody.');
    const { client, close } = await logIn(gatehouse.mcpUrl, person);
    const call = (name: string) =>
      client.callTool({ name, arguments: {} }).then(
        () => 'called',
        (error: Error) => error.message,
      );
    try {
      return {
        tools: (await client.listTools()).tools.map(({ name }) => name),
        resources: (await client.listResources()).resources.map(({ name }) => name),
        posture: await call('security_posture'),
        absent: await call('insecurity_posture'),
      };
    } finally {
      await close();
    }
  };

  it('tells the policy that is deployed, and not the one that it could be', async () => {
    const { client, close } = await logIn(gatehouse.mcpUrl, member ?? { email: '', password: '' });
    try {
      const { structuredContent } = await client.callTool({
        name: 'security_posture',
        arguments: {},
      });
      const { sections } = z
        .object({ sections: z.record(z.string(), z.record(z.string(), z.unknown())) })
        .parse(structuredContent);
      expect(Object.keys(sections['clients'] ?? {}).sort()).toEqual([
        'chatgpt',
        'claude',
        'loopback',
      ]);
      expect(sections['lifetimes']).toMatchObject({ logRetentionDays: 90 });
      expect(sections['limits']).toMatchObject({
        methodThrottles: { mcp: throttle },
      });
      expect(sections['origins']?.['allowed']).toContain('https://app.example.com');
      expect(sections['scopes']).toHaveProperty(['gatehouse/orders.write']);
    } finally {
      await close();
    }
  });

  it('shows two people their own lists side by side, and opens a tool to one of them', async () => {
    const [ofMember, ofOther] = await Promise.all([seenBy(member), seenBy(other)]);
    expect(ofMember).toMatchObject({
      tools: ['my_usage', 'security_posture', 'whoami'],
      resources: ['policy'],
      posture: 'called',
    });
    expect(ofOther).toMatchObject({ tools: ['my_usage', 'whoami'], resources: [] });
    expect(ofOther.posture).toBe(ofOther.absent);
  });

  it('takes the groups that a company’s provider names, through Cognito and the token', async () => {
    expect(await seenBy(federated)).toMatchObject({
      tools: ['my_usage', 'security_posture', 'whoami'],
      posture: 'called',
    });
  });

  it('writes a line for the refusal, and names nobody in it', () => {
    const lines = gatehouse.logs
      .map(({ line }) => line)
      .filter((line) => line.includes('"event":"AccessRefused"'));
    expect(lines.map((line) => JSON.parse(line))).toMatchObject([
      {
        tool: 'security_posture',
        mcpMethod: 'tools/call',
        user: expect.stringMatching(/^[0-9a-f]{16}$/),
      },
    ]);
    expect(lines.join()).not.toContain(other?.email ?? '');
  });
});

/** What the consent page lists. */
const listIn = (body: string): readonly string[] =>
  Array.from(body.matchAll(/<li>([^<]*)<\/li>/g), ([, words = '']) => words);

const whoami = z.object({
  result: z.object({ structuredContent: z.object({ scopes: z.array(z.string()) }) }),
});

describe('scopes of one’s own (AUTH-8)', () => {
  const own = ['gatehouse/orders.read', 'gatehouse/orders.write'];

  it('stand in the challenge and in the metadata', async () => {
    const refused = await fetch(gatehouse.mcpUrl, { method: 'POST' });
    const challenge = refused.headers.get('www-authenticate') ?? '';
    const [, document = ''] = /resource_metadata="([^"]+)"/.exec(challenge) ?? [];
    const metadata = await (await fetch(document)).text();
    for (const scope of own) {
      expect(challenge).toContain(scope);
      expect(metadata).toContain(`"${scope}"`);
    }
  });

  const wordsOf = {
    'gatehouse/orders.write': 'Change your orders',
    'gatehouse/orders.read': 'See your orders',
    'gatehouse/tools.read': scopes['gatehouse/tools.read'].words,
  };

  it('are asked for in the words of their own, on the consent page, and in no others', async () => {
    const { body } = await consentFor('gatehouse/orders.read');
    expect(listIn(body)).toEqual([
      wordsOf['gatehouse/orders.read'],
      wordsOf['gatehouse/tools.read'],
      emailWords,
    ]);
  });

  it('bring what the consent page says, and nothing beside it: what is implied is written there', async () => {
    const steps = loginSteps(gatehouse, undefined, 'gatehouse/orders.write');
    const clientId = await steps.clientId();
    const { body } = await steps.authorize(clientId)();
    const { access } = await steps.tokens(clientId);
    const params = { name: 'whoami', arguments: {} };
    const called = await mcpCaller(gatehouse)({
      token: access,
      body: JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/call', params }),
    });
    const { scopes: held } = whoami.parse(JSON.parse(called.body)).result.structuredContent;
    // The profile of this client puts name and address into its tokens, by scopes of OpenID Connect.
    const ours = held.filter((scope) => !ignoredScopes.some((each) => each === scope));
    expect(ours.sort()).toEqual(Object.keys(wordsOf).sort());
    expect([...listIn(body)].sort()).toEqual([...Object.values(wordsOf), emailWords].sort());
  });

  it('reach a caller with all that they imply', async () => {
    if (member === undefined) throw new Error('There is nobody.');
    const { results } = await callAsPerson(gatehouse.mcpUrl, member, [['whoami', {}]]);
    expect(results[0]?.structuredContent).toMatchObject({
      scopes: expect.arrayContaining([...own, 'gatehouse/tools.read']),
      groups: ['finance'],
    });
  });

  it('are refused where nobody has named them', async () => {
    const { last } = await consentFor('gatehouse/orders.all');
    expect(last.headers.get('location')).toContain('error=invalid_scope');
  });

  /** The page that follows a request of a program on this computer. */
  const consentFor = async (scope: string) => {
    const url = new URL(`${gatehouse.publicUrl}/authorize`);
    url.search = new URLSearchParams({
      response_type: 'code',
      client_id: 'loopback',
      redirect_uri: 'http://127.0.0.1:49152/callback',
      code_challenge: 'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM',
      code_challenge_method: 'S256',
      scope,
    }).toString();
    const browser = new Browser({ person: { email: '', password: '' } });
    const last = await browser.visit({ method: 'GET', url });
    return { last, body: last.body };
  };
});

describe('a limit of one tool (RATE-5)', () => {
  it('refuses the call too many with 429 and says which limit it was; other tools go on', async () => {
    if (other === undefined) throw new Error('There is nobody.');
    const { client, close } = await logIn(gatehouse.mcpUrl, other);
    const call = (name: string) => client.callTool({ name, arguments: {} });
    try {
      for (let index = 0; index < 2; index += 1) await call('whoami');
      await expect(call('whoami')).rejects.toThrow(
        'Each user may make 2 calls of whoami a minute.',
      );
      expect((await call('my_usage')).structuredContent).toMatchObject({
        minute: { limit: userLimits.perMinute, of: 'user' },
        tools: { whoami: { minute: { used: 2, limit: 2 } } },
      });
    } finally {
      await close();
    }
  });
});

describe("the functions' roles, as the template gives them", () => {
  const clients: DynamoDBClient[] = [];
  afterAll(() => {
    for (const client of clients) client.destroy();
  });

  /** Asks the table as a function does, by the key of its role. */
  const as = (name: string): DynamoDBClient => {
    const named = gatehouse.stack.resources('AWS::Lambda::Function').find(({ properties }) => {
      const environment = properties['Environment'] as { Variables: Record<string, string> };
      return environment.Variables['POWERTOOLS_SERVICE_NAME'] === name;
    });
    const credentials = {
      accessKeyId: accessKeyOf(String(named?.properties['Role'])),
      secretAccessKey: 'made up for this test',
    };
    const client = new DynamoDBClient({
      region: 'eu-central-1',
      endpoint: gatehouse.table.endpoint,
      credentials,
      maxAttempts: 1,
    });
    clients.push(client);
    return client;
  };
  const tableName = () => {
    const [table] = ['AWS::DynamoDB::GlobalTable', 'AWS::DynamoDB::Table'].flatMap((type) =>
      gatehouse.stack.resources(type),
    );
    return gatehouse.stack.ref(table?.logicalId ?? '');
  };
  const get = (pk: string) =>
    new GetItemCommand({ TableName: tableName(), Key: { pk: { S: pk } } });
  const put = (pk: string) =>
    new PutItemCommand({ TableName: tableName(), Item: { pk: { S: pk } } });
  const update = (pk: string, attribute = 'expiresAt') =>
    new UpdateItemCommand({
      TableName: tableName(),
      Key: { pk: { S: pk } },
      UpdateExpression: 'SET #a = :a',
      ExpressionAttributeNames: { '#a': attribute },
      ExpressionAttributeValues: { ':a': { N: '1' } },
    });
  const remove = (pk: string) =>
    new DeleteItemCommand({ TableName: tableName(), Key: { pk: { S: pk } } });
  const denied = { name: 'AccessDeniedException' };

  it('let each function reach its own items', async () => {
    await expect(as('mcp').send(update('user#1'))).resolves.toBeDefined();
    await expect(as('token').send(update('code#1', 'claimed'))).resolves.toBeDefined();
    await expect(as('registration').send(put('client#1'))).resolves.toBeDefined();
    await expect(as('authorization').send(get('document#1'))).resolves.toBeDefined();
  });

  it("keep a tool that was taken over from a client's redirect URIs, from codes, and from reading everything", async () => {
    const mcp = as('mcp');
    for (const command of [update('client#1'), update('code#1'), update('xuser#1')])
      await expect(mcp.send(command)).rejects.toMatchObject(denied);
    await expect(mcp.send(get('client#1'))).rejects.toMatchObject(denied);
    await expect(mcp.send(new ScanCommand({ TableName: tableName() }))).rejects.toMatchObject(
      denied,
    );
    await expect(mcp.send(put('user#1'))).rejects.toMatchObject(denied);
  });

  it('are pairs: what a function may do with one kind of item it may not do with another', async () => {
    const authorization = as('authorization');
    await expect(authorization.send(get('client#1'))).resolves.toBeDefined();
    for (const pk of ['client#1', 'code#1'])
      await expect(authorization.send(remove(pk))).rejects.toMatchObject(denied);
    await expect(authorization.send(put('client#1'))).rejects.toMatchObject(denied);
    await expect(authorization.send(get('code#1'))).rejects.toMatchObject(denied);
  });

  it('let the token function change no attribute but its own', async () => {
    const token = as('token');
    await expect(token.send(update('client#1', 'expiresAt'))).resolves.toBeDefined();
    for (const command of [update('client#1', 'redirectUris'), update('code#1', 'cognitoCode')])
      await expect(token.send(command)).rejects.toMatchObject(denied);
  });

  it('give a function without a table nothing', async () => {
    await expect(as('authorizer').send(get('user#1'))).rejects.toMatchObject(denied);
    await expect(as('metadata').send(put('document#1'))).rejects.toMatchObject(denied);
  });
});
