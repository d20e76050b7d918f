import { breaches } from '../../../lib/breaking/compare.ts';
import type { Promises } from '../../../lib/breaking/promises.ts';
import { breakingChanges } from '../../../policy/deployment.ts';

const before: Promises = {
  url: 'https://mcp.example.com/mcp',
  issuer: 'https://mcp.example.com',
  userPool: '<Pool> [["email"]]',
  userAttributes: { email: '{"required":true}' },
  loginDomain: 'Domain',
  resourceServer: 'Server gatehouse',
  scopes: ['tools.call', 'tools.read'],
  clients: {
    claude: 'ClientClaude true',
    loopback: 'ClientLoopback true',
    'machine-nightly': 'M true',
  },
  providers: ['COGNITO', 'Okta'],
  table: 'Table [[{"attributeName":"pk"}]]',
};

const changed = (change: Partial<Promises>) =>
  breaches(before, { ...before, ...change }).map(({ kind, reason }) => [kind, reason]);

describe('a change that cuts somebody off is found', () => {
  const { email: _, ...noEmail } = before.userAttributes;
  const { claude: __, ...noClaude } = before.clients;
  const table: readonly (readonly [string, Partial<Promises>, string])[] = [
    ['url', { url: 'https://other.example.com/mcp' }, 'https://mcp.example.com/mcp becomes'],
    ['issuer', { issuer: 'https://mcp.example.com/' }, 'becomes https://mcp.example.com/:'],
    ['userPool', { userPool: '<Other> [["email"]]' }, 'becomes <Other>'],
    ['userAttributes', { userAttributes: noEmail }, 'email is gone'],
    [
      'userAttributes',
      { userAttributes: { email: '{"required":false}' } },
      'email was {"required":true} and is {"required":false}',
    ],
    ['loginDomain', { loginDomain: 'Another' }, 'Domain becomes Another'],
    ['resourceServer', { resourceServer: 'Server orders' }, 'becomes Server orders'],
    ['scopes', { scopes: ['tools.read'] }, 'tools.call is gone'],
    ['clients', { clients: noClaude }, 'claude is gone'],
    [
      'clients',
      { clients: { ...before.clients, claude: 'ClientClaude false' } },
      'claude was ClientClaude true and is ClientClaude false',
    ],
    [
      'clients',
      { clients: { claude: 'ClientClaude true', loopback: 'ClientLoopback true' } },
      'machine-nightly is gone',
    ],
    ['providers', { providers: ['COGNITO'] }, 'Okta is gone'],
    ['providers', { providers: ['Okta'] }, 'COGNITO is gone'],
    ['table', { table: 'Other' }, 'becomes Other'],
  ];

  test.each(table)('%s: %j', (kind, change, words) => {
    expect(changed(change)).toEqual([[kind, expect.stringContaining(words)]]);
  });

  test('of every kind', () => {
    expect([...new Set(table.map(([kind]) => kind))].sort()).toEqual(
      Object.keys(breakingChanges).sort(),
    );
  });

  test('once: another pool has other attributes, of course', () => {
    expect(changed({ userPool: 'ours', userAttributes: {} })).toHaveLength(1);
  });
});

test.each<[string, Partial<Promises>]>([
  ['a scope more', { scopes: ['orders.write', ...before.scopes] }],
  ['a client profile more', { clients: { ...before.clients, chatgpt: 'ClientChatgpt true' } }],
  ['an attribute more', { userAttributes: { ...before.userAttributes, groups: '{}' } }],
  ['a provider more', { providers: ['COGNITO', 'Entra', 'Okta'] }],
  ['nothing', {}],
])('%s cuts nobody off', (_, change) => {
  expect(changed(change)).toEqual([]);
});
