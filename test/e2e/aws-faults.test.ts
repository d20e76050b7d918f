import { decodeJwt } from 'jose';
import { type Gatehouse, type GatehouseOptions, startGatehouse } from '../../local/runtime.ts';
import { synthesize } from '../../local/synthesis/synthesize.ts';
import { type ChangedAssembly, changedAssembly, type Loose } from './runtime/changed-assembly.ts';
import { loginSteps } from './runtime/login-steps.ts';
import { header, sender } from './runtime/send.ts';

/**
 * What AWS refuses, blocks or never delivers: each fault is put into the template, and the local
 * runtime must show it as AWS would, at the start, in a login or in a call. Without a fault all of
 * it works, or nothing would be shown.
 */
const loopback = 'http://localhost:43133/callback';
const log4j = '{"jsonrpc":"2.0","id":1,"method":"ping","params":{"q":"what is ${jndi:ldap://x}?"}}';
type Fault = (template: Loose) => void;

const changed: ChangedAssembly[] = [];
const running: Gatehouse[] = [];
afterEach(async () => {
  await Promise.all(running.splice(0).map((gatehouse) => gatehouse.stop()));
  for (const assembly of changed.splice(0)) assembly.remove();
});

const start = async (fault: Fault, options: GatehouseOptions = {}): Promise<Gatehouse> => {
  const assembly = changedAssembly(await synthesize({ urlMode: 'domain' }), fault);
  changed.push(assembly);
  const gatehouse = await startGatehouse({ ...options, assembly: assembly.folder });
  running.push(gatehouse);
  return gatehouse;
};

const noFault: Fault = () => {};

const resources = ({ Resources }: Loose, type: string): readonly [string, Loose][] => {
  const all: readonly [string, Loose][] = Object.entries(Resources);
  return all.filter(([, { Type }]) => Type === type);
};

/** Takes an override of a managed rule out of every web ACL. */
const withoutException =
  (rule: string): Fault =>
  (template) => {
    let removed = 0;
    for (const [, { Properties }] of resources(template, 'AWS::WAFv2::WebACL'))
      for (const { Statement } of Properties.Rules) {
        const group = Statement.ManagedRuleGroupStatement;
        const kept = group?.RuleActionOverrides?.filter(({ Name }: Loose) => Name !== rule);
        if (kept === undefined || kept.length === group.RuleActionOverrides.length) continue;
        group.RuleActionOverrides = kept;
        removed += 1;
      }
    expect(removed).toBe(1);
  };

const withoutPermission =
  (isMeant: (properties: string) => boolean): Fault =>
  (template) => {
    const meant = resources(template, 'AWS::Lambda::Permission').filter(([, { Properties }]) =>
      isMeant(JSON.stringify(Properties)),
    );
    expect(meant.length).toBeGreaterThan(0);
    for (const [logicalId] of meant) delete template.Resources[logicalId];
  };

const eachClient =
  (properties: object): Fault =>
  (template) => {
    for (const [, client] of resources(template, 'AWS::Cognito::UserPoolClient'))
      Object.assign(client.Properties, properties);
  };

const authorizeStatus = async (gatehouse: Gatehouse): Promise<number> => {
  const steps = loginSteps(gatehouse, loopback);
  return (await steps.authorize(await steps.clientId())()).status;
};

const logIn = async (gatehouse: Gatehouse) => {
  const steps = loginSteps(gatehouse);
  return steps.tokens(await steps.clientId());
};

/** A login that ended somewhere before its tokens. */
const noTokens = { access: undefined, refresh: undefined };

const call = async (gatehouse: Gatehouse, body: string, headers: Record<string, string> = {}) => {
  const token = await gatehouse.cognito.mint({ resource: gatehouse.mcpUrl });
  return sender(gatehouse.port)({
    method: 'POST',
    path: '/mcp',
    headers: {
      authorization: `Bearer ${token}`,
      'content-type': 'application/json',
      accept: 'application/json, text/event-stream',
      'user-agent': 'a client',
      ...headers,
    },
    body,
  });
};

describe('the template as it is', () => {
  it('lets a loopback client log in, takes a question about Log4j, and gives the address in the token', async () => {
    const gatehouse = await start(noFault);
    expect(await authorizeStatus(gatehouse)).toBe(200);
    expect((await call(gatehouse, log4j)).status).toBe(200);
    const { access } = await logIn(gatehouse);
    expect(decodeJwt(access)).toMatchObject({ email: 'dev@example.com' });
  });

  it('stays within Cognito’s quota through cold starts, whatever the machine’s speed', async () => {
    const stopped = Date.now();
    const gatehouse = await start(noFault, { quotaClock: () => stopped });
    const first = loginSteps(gatehouse);
    const clientId = await first.clientId();
    const { refresh } = await first.tokens(clientId);
    await gatehouse.functions.get('token')?.retire();
    expect((await first.refreshment(clientId, refresh)()).status).toBe(200);
  });
});

describe('web ACLs', () => {
  it('EC2MetaDataSSRF_QUERYARGUMENTS, without our exception, refuses the login of a loopback client', async () => {
    const gatehouse = await start(withoutException('EC2MetaDataSSRF_QUERYARGUMENTS'));
    expect(await authorizeStatus(gatehouse)).toBe(403);
  });

  it('Log4JRCE_BODY, without our exception, refuses a question about Log4j', async () => {
    const gatehouse = await start(withoutException('Log4JRCE_BODY'));
    expect((await call(gatehouse, log4j)).status).toBe(403);
  });

  it('the one before the user pool, if it counts our token function, locks everybody out of managed login', async () => {
    const gatehouse = await start((template) => {
      const rates = resources(template, 'AWS::WAFv2::WebACL')
        .flatMap(([, { Properties }]) => Properties.Rules)
        .filter(({ Name }: Loose) => Name === 'login-pages-per-window')
        .map(({ Statement }: Loose) => Statement.RateBasedStatement);
      expect(rates).toHaveLength(1);
      for (const rate of rates) {
        delete rate.ScopeDownStatement;
        rate.Limit = 10;
      }
    });
    const { domainUrl } = gatehouse.cognito;
    for (let calls = 0; calls < 10; calls += 1)
      await fetch(`${domainUrl}/oauth2/token`, { method: 'POST' });
    expect(await logIn(gatehouse)).toEqual(noTokens);
    expect((await fetch(`${domainUrl}/login`)).status).toBe(403);
  });
});

describe('Cognito', () => {
  it('with custom authentication as the clients’ only flow shows an error instead of a form', async () => {
    const gatehouse = await start(eachClient({ ExplicitAuthFlows: ['ALLOW_CUSTOM_AUTH'] }));
    await expect(logIn(gatehouse)).rejects.toThrow();
    const client = gatehouse.stack.resources('AWS::Cognito::UserPoolClient')[0]?.logicalId ?? '';
    const query = new URLSearchParams({ client_id: gatehouse.stack.ref(client) });
    const { status, headers } = await fetch(
      `${gatehouse.cognito.domainUrl}/oauth2/authorize?${query}`,
      { redirect: 'manual' },
    );
    expect([status, headers.get('location')]).toEqual([
      302,
      expect.stringContaining('Invalid+parameter+in+request'),
    ]);
  });

  it('has no callback at http://127.0.0.1', async () => {
    const callback = 'http://127.0.0.1:65535/callback';
    await expect(
      start(eachClient({ CallbackURLs: [callback], DefaultRedirectURI: callback })),
    ).rejects.toThrow(/callback URL that Cognito refuses: http:\/\/127\.0\.0\.1/);
  });

  it('gives no address of a user whom an administrator made without saying that it is verified', async () => {
    const users = [{ email: 'new@example.com', password: 'An-Example-1' }];
    const { access } = await logIn(await start(noFault, { users }));
    expect(decodeJwt(access)).not.toHaveProperty('email');
  });

  it('that may not invoke its trigger ends the login', async () => {
    const gatehouse = await start(withoutPermission((text) => text.includes('cognito-idp')));
    expect(await logIn(gatehouse)).toEqual(noTokens);
  });
});

describe('permissions, alarms and sizes', () => {
  it('a method whose function API Gateway may not invoke is 500', async () => {
    const gatehouse = await start(
      withoutPermission(
        (text) => text.includes('FunctionsmcpFunction') && text.includes('apigateway'),
      ),
    );
    const response = await call(gatehouse, log4j);
    expect([response.status, header(response, 'content-type')]).toEqual([
      500,
      expect.stringContaining('json'),
    ]);
  });

  it('an authorizer that API Gateway may not invoke lets nobody in', async () => {
    const gatehouse = await start(withoutPermission((text) => text.includes('/authorizers/')));
    // Worded by the template's own gateway response.
    expect((await call(gatehouse, log4j)).status).toBe(503);
  });

  it('alarms that CloudWatch may not publish stop the start', async () => {
    const silent: Fault = (template) => {
      for (const [, { Properties }] of resources(template, 'AWS::SNS::TopicPolicy'))
        Properties.PolicyDocument.Statement = Properties.PolicyDocument.Statement.filter(
          ({ Effect }: Loose) => Effect === 'Deny',
        );
    };
    await expect(start(silent)).rejects.toThrow(/alarms would reach nobody/);
  });

  it('a key that CloudWatch may not use stops the start, as the topic is encrypted with it', async () => {
    const silent: Fault = (template) => {
      for (const [, { Properties }] of resources(template, 'AWS::KMS::Key'))
        Properties.KeyPolicy.Statement = Properties.KeyPolicy.Statement.filter(
          ({ Principal }: Loose) => !JSON.stringify(Principal).includes('cloudwatch'),
        );
    };
    await expect(start(silent)).rejects.toThrow(/of the key that encrypts it/);
  });

  it('an environment over 4 KB stops the start', async () => {
    const long: Fault = (template) => {
      for (const [, { Properties }] of resources(template, 'AWS::Lambda::Function'))
        if (Properties.Environment) Properties.Environment.Variables['LONG'] = 'x'.repeat(4096);
    };
    await expect(start(long)).rejects.toThrow(/has \d{4} bytes, and Lambda takes 4096/);
  });
});
