import { randomBytes } from 'node:crypto';
import { authorizer } from '../../../lambdas/authorizer/authorizer.ts';
import { InvalidToken, TemporarilyUnavailable } from '../../../lambdas/errors/errors.ts';
import { expected, now, pool, tokenWith } from '../access-token/pool.ts';
import { type Asked, authorizerEvent, lambdaContext, methodArn } from '../http/gateway-event.ts';
import { capture, eventsOf, metricsOf } from '../logging/log-lines.ts';

const settings = {
  ENVIRONMENT: 'production' as const,
  ALLOWED_ORIGINS: ['https://claude.ai'],
  LOG_SENSITIVE_DATA: false,
  TRUSTED_PROXY_HEADER: undefined,
  USAGE_PLAN_KEYS: { claude: ['planKeyOfClaude00000'] },
  USAGE_PLAN_SHARE_KEY: randomBytes(24).toString('hex'),
};

const scopes = {
  tools: {
    whoami: [],
    send_mail: ['gatehouse/tools.call'],
    größe: ['gatehouse/tools.call'],
    pay: ['gatehouse/tools.call'],
  },
  prompts: { review: ['gatehouse/tools.call'], audit: ['gatehouse/tools.call'] },
  resources: {
    'gatehouse://policy': [],
    'gatehouse://secret': ['gatehouse/tools.call'],
    'gatehouse://gr%C3%B6%C3%9Fe': ['gatehouse/tools.call'],
    'gatehouse://accounts': ['gatehouse/tools.call'],
  },
  resourceTemplates: [
    ['^gatehouse://mail/[^/]+$', ['gatehouse/tools.call'], 'gatehouse://mail/{id}'],
    ['^gatehouse://ledger/[^/]+$', ['gatehouse/tools.call'], 'gatehouse://ledger/{id}'],
  ],
} as const;
const finance = ['finance'];
const access = {
  tools: {
    whoami: 'everybody',
    send_mail: 'everybody',
    größe: 'everybody',
    pay: finance,
  },
  prompts: { review: 'everybody', audit: finance },
  resources: {
    'gatehouse://policy': 'everybody',
    'gatehouse://secret': 'everybody',
    'gatehouse://gr%C3%B6%C3%9Fe': 'everybody',
    'gatehouse://accounts': finance,
  },
  resourceTemplates: {
    'gatehouse://mail/{id}': 'everybody',
    'gatehouse://ledger/{id}': finance,
  },
} as const;
const definitions = { scopes, access };

const ask = async (asked: Asked, authenticate = pool().authenticate) => {
  const { result, ...written } = await capture(async () => {
    const call = authorizer({ settings, authenticate, definitions, clock: () => now });
    return Promise.resolve(call(authorizerEvent(asked), lambdaContext())).catch(
      (error: Error) => error.message,
    );
  });
  const isOfTrail = ({ trail }: Readonly<Record<string, unknown>>) => trail !== undefined;
  return {
    ...written,
    lines: written.lines.filter((line) => !isOfTrail(line)),
    trail: written.lines.filter(isOfTrail),
    result,
  };
};

const bearer = (claims: object = {}) => ({ Authorization: `Bearer ${tokenWith(claims)}` });
const reading = bearer({ scope: 'gatehouse/tools.read' });
const modern = (method: string, name: string) => ({
  'MCP-Protocol-Version': '2026-07-28',
  'Mcp-Method': method,
  'Mcp-Name': name,
});

it('allows this one request, and says who calls and which usage plan counts', async () => {
  const { result, raw } = await ask({ headers: bearer() });
  expect(result).toEqual({
    principalId: expect.stringMatching(/^[0-9a-f]{16}$/),
    policyDocument: {
      Version: '2012-10-17',
      Statement: [{ Action: 'execute-api:Invoke', Effect: 'Allow', Resource: methodArn }],
    },
    context: {
      sub: '0b7e3a5c-2f6f-4e0e-9a53-8a1f7f5e7d10',
      profile: 'claude',
      clientId: 'appclaude',
      scopes: 'gatehouse/tools.call gatehouse/tools.read',
    },
    usageIdentifierKey: 'planKeyOfClaude00000',
  });
  expect(raw).toBe('');
});

describe('throws exactly “Unauthorized”, of which the gateway makes the challenge', () => {
  it.each([
    ['without a token', {}, 'AuthenticationFailure', undefined],
    [
      'with another scheme',
      { Authorization: 'Basic YTpi' },
      'AuthenticationFailure',
      'another authorization scheme',
    ],
    [
      'with a bad token',
      { Authorization: 'Bearer a.b.c' },
      'InvalidToken',
      'not canonical base64url of UTF-8',
    ],
    [
      'with a token for another resource',
      bearer({ aud: 'https://other.example.com' }),
      'InvalidToken',
      'another audience',
    ],
    [
      'with two tokens',
      { Authorization: [bearer().Authorization, 'Bearer a.b.c'] },
      'InvalidToken',
      'two Authorization headers',
    ],
  ])('%s', async (_name, headers, event, detail) => {
    const written = await ask({ headers });
    expect(written.result).toBe('Unauthorized');
    expect(eventsOf(written)).toEqual([event]);
    expect(metricsOf(written)).toEqual([event]);
    const { lines } = written;
    expect(lines[0]).toMatchObject({ service: 'authorizer', endpoint: '/mcp', method: 'POST' });
    expect(lines[0]).toMatchObject({ sourceIp: '192.0.2.7', status: 401 });
    expect(lines[0]?.['detail']).toBe(detail);
    expect(lines[0]).not.toHaveProperty('origin');
    expect(lines[0]).not.toHaveProperty('cause');
    expect(lines[1]).toMatchObject({ endpoint: '/mcp' });
  });
});

describe('denies, with words for the answer’s body', () => {
  it.each([
    ['a foreign origin', { ...bearer(), Origin: 'https://evil.example' }],
    ['a foreign origin without a token', { Origin: 'https://evil.example' }],
    ['the origin null', { ...bearer(), Origin: 'null' }],
    [
      'a listed origin beside a foreign one',
      { ...bearer(), Origin: ['https://evil.example', 'https://claude.ai'] },
    ],
  ])('%s', async (_name, headers) => {
    const written = await ask({ headers });
    expect(written.result).toMatchObject({
      policyDocument: { Statement: [{ Effect: 'Deny', Resource: methodArn }] },
      context: { reason: 'foreign_origin', message: 'This origin is not allowed.' },
    });
    expect(written.result).toMatchObject({
      principalId: 'nobody',
      context: { requiredScope: '' },
    });
    expect(written.result).not.toHaveProperty('usageIdentifierKey');
    expect(eventsOf(written)).toEqual(['CorsViolation']);
    expect(written.lines[0]).toMatchObject({
      origin: [headers.Origin].flat().join(', '),
      detail: 'not on the list',
    });
  });

  it.each([
    ['a tool', 'tools/call', 'send_mail'],
    [
      'a tool, its name encoded',
      'tools/call',
      `=?base64?${Buffer.from('send_mail').toString('base64')}?=`,
    ],
    [
      'a tool with another alphabet',
      'tools/call',
      `=?base64?${Buffer.from('größe').toString('base64')}?=`,
    ],
    ['a prompt', 'prompts/get', 'review'],
    ['a resource', 'resources/read', 'gatehouse://secret'],
    ['a resource, percent-encoded', 'resources/read', 'gatehouse://gr%c3%b6%C3%9Fe'],
    [
      'a resource, not percent-encoded',
      'resources/read',
      `=?base64?${Buffer.from('gatehouse://größe').toString('base64')}?=`,
    ],
    ['a resource of a template', 'resources/read', 'gatehouse://mail/1'],
  ])('a scope that %s needs', async (_name, method, name) => {
    const written = await ask({ headers: { ...reading, ...modern(method, name) } });
    expect(written.result).toMatchObject({
      policyDocument: { Statement: [{ Effect: 'Deny' }] },
      context: {
        reason: 'insufficient_scope',
        requiredScope: 'gatehouse/tools.call',
        message: expect.stringContaining('gatehouse/tools.call'),
      },
    });
    expect(written.lines[0]).toMatchObject({ detail: 'lacks gatehouse/tools.call' });
    // The gateway response copies the words between quotes.
    expect(JSON.stringify(written.result)).not.toMatch(/\\"/);
    expect(await ask({ headers: { ...bearer(), ...modern(method, name) } })).toMatchObject({
      result: { policyDocument: { Statement: [{ Effect: 'Allow' }] } },
    });
  });

  it('the scope that every call needs, beside the tool’s own', async () => {
    const headers = bearer({ scope: 'openid' });
    expect(await ask({ headers })).toMatchObject({
      result: { context: { requiredScope: 'gatehouse/tools.read' } },
    });
    const written = await ask({ headers: { ...headers, ...modern('tools/call', 'send_mail') } });
    expect(written).toMatchObject({
      result: { context: { requiredScope: 'gatehouse/tools.read gatehouse/tools.call' } },
      lines: [{ detail: 'lacks gatehouse/tools.read gatehouse/tools.call' }, {}],
      // LOG-6: who it was, since no other function hears of it.
      trail: [
        {
          trail: 'refusal',
          outcome: 'refused',
          code: 'insufficient_scope',
          user: expect.stringMatching(/^[0-9a-f]{16}$/),
          clientId: 'appclaude',
          profile: 'claude',
          sourceIp: '192.0.2.7',
        },
      ],
    });
  });
});

describe('leaves to the handler', () => {
  it.each([
    [
      'what an older client’s headers say',
      { 'MCP-Protocol-Version': '2025-11-25', 'Mcp-Method': 'tools/call', 'Mcp-Name': 'send_mail' },
    ],
    ['a tool that nobody has heard of', modern('tools/call', 'nothing')],
    ['a tool named after a prototype', modern('tools/call', 'constructor')],
    ['a name that is badly encoded', modern('tools/call', '=?base64?!?=')],
    ['a URI that is badly encoded', modern('resources/read', '=?base64?!?=')],
    ['a method without names', modern('tools/list', 'send_mail')],
    ['a resource that nobody has heard of', modern('resources/read', 'gatehouse://nothing')],
  ])('%s', async (_name, headers) => {
    expect(await ask({ headers: { ...reading, ...headers } })).toMatchObject({
      result: { policyDocument: { Statement: [{ Effect: 'Allow' }] } },
    });
  });
});

describe('what is for a group (AUTH-12)', () => {
  it.each([
    ['a tool', 'tools/call', 'pay'],
    ['a prompt', 'prompts/get', 'audit'],
    ['a resource', 'resources/read', 'gatehouse://accounts'],
    ['a resource of a template', 'resources/read', 'gatehouse://ledger/1'],
  ])(
    '%s needs its scope of the group, and of others no more than what is not there',
    async (_name, method, name) => {
      const headers = modern(method, name);
      const others = await ask({ headers: { ...reading, ...headers } });
      const unknown = await ask({ headers: { ...reading, ...modern(method, 'gatehouse://no') } });
      expect(others).toEqual(unknown);
      expect(others).toMatchObject({
        result: { policyDocument: { Statement: [{ Effect: 'Allow' }] } },
      });
      const member = bearer({ scope: 'gatehouse/tools.read', 'cognito:groups': ['finance'] });
      expect(await ask({ headers: { ...member, ...headers } })).toMatchObject({
        result: { context: { requiredScope: 'gatehouse/tools.call' } },
      });
    },
  );
});

describe('lets nobody in and fails otherwise (503)', () => {
  it.each([
    [
      'when the keys cannot be had',
      async () => {
        throw new TemporarilyUnavailable({ detail: 'no keys' });
      },
      { detail: 'no keys' },
    ],
    [
      'when something breaks',
      async () => {
        throw new TypeError('x');
      },
      { cause: expect.stringMatching(/^TypeError: x/) },
    ],
    [
      'when a profile has no usage plan',
      async () => ({
        sub: 's',
        username: 'u',
        scopes: ['gatehouse/tools.read'],
        clientId: 'appx',
        profile: 'other',
      }),
      { cause: expect.stringMatching(/^Error: no usage plan key for the profile other/) },
    ],
  ])('%s', async (_name, authenticate, why) => {
    const written = await ask({ headers: bearer() }, authenticate);
    expect(written.result).toBe('AuthorizerFailure');
    expect(eventsOf(written)).toEqual(['AuthorizerFailure']);
    expect(metricsOf(written)).toEqual(['AuthorizerFailure']);
    expect(written.lines[0]).toMatchObject(why);
  });
});

it('goes by the clock when it is given none', async () => {
  const times: Date[] = [];
  const authenticate = async (_authorization: string | undefined, at: Date) => {
    times.push(at);
    throw new InvalidToken();
  };
  const before = Date.now();
  const call = authorizer({ settings, authenticate, definitions });
  await capture(() =>
    expect(async () => call(authorizerEvent({}), lambdaContext())).rejects.toThrow('Unauthorized'),
  );
  expect(times).toHaveLength(1);
  expect(times[0]?.getTime()).toBeGreaterThanOrEqual(before);
});

it('expects tokens of the pool that the deployment has', () => {
  expect(expected.issuer).toBe('https://cognito-idp.us-east-1.amazonaws.com/us-east-1_AbCdEfGhI');
});
