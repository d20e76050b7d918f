import { readConfiguration } from '../../../lib/configuration.ts';
import { properties, synthesized, withDomain } from '../synthesized.ts';

const machines = [
  { name: 'nightly', scopes: ['gatehouse/tools.read'], groups: ['finance'] },
  { name: 'reports' },
];
const template = synthesized({ ...withDomain, machines });
const clients = properties(template, 'AWS::Cognito::UserPoolClient');
const variablesOf = (made = template): Readonly<Record<string, Record<string, unknown>>> =>
  Object.fromEntries(
    properties(made, 'AWS::Lambda::Function').map(({ Environment }) => [
      Environment?.Variables.POWERTOOLS_SERVICE_NAME,
      Environment?.Variables ?? {},
    ]),
  );

describe('a machine', () => {
  test('is an app client of its own, with its own grant and nothing else', () => {
    const own = clients.filter(({ ClientName }) => ClientName.startsWith('machine-'));
    expect(own.map(({ ClientName }) => ClientName)).toEqual(['machine-nightly', 'machine-reports']);
    for (const client of own) {
      expect(client).toMatchObject({
        GenerateSecret: true,
        AllowedOAuthFlows: ['client_credentials'],
        AllowedOAuthScopes: ['gatehouse/tools.read'],
        ExplicitAuthFlows: ['ALLOW_CUSTOM_AUTH'],
        AccessTokenValidity: 15,
      });
      expect(client).not.toHaveProperty('CallbackURLs');
      expect(client).not.toHaveProperty('SupportedIdentityProviders');
    }
  });

  test('leaves the app clients of people as they are', () => {
    const people = (from: typeof clients) =>
      from.filter(({ AllowedOAuthFlows }) => AllowedOAuthFlows.includes('code'));
    expect(people(clients)).toEqual(
      people(properties(synthesized(), 'AWS::Cognito::UserPoolClient')),
    );
  });

  test('has a usage plan of one share', () => {
    const plans = properties(template, 'AWS::ApiGateway::UsagePlan');
    const plan = plans.find(({ Description }) => Description.includes('the machine nightly'));
    expect(plan?.['Throttle']).toEqual({ RateLimit: 10, BurstLimit: 20 });
    const keys = properties(template, 'AWS::ApiGateway::ApiKey').filter(({ Description }) =>
      Description.includes('machine-nightly'),
    );
    expect(keys).toHaveLength(1);
  });

  test('is known to the functions that issue and verify its tokens, and to no other', () => {
    const told = Object.entries(variablesOf())
      .filter(([, variables]) => variables['COGNITO_MACHINE_ID'] !== undefined)
      .map(([name]) => name);
    expect(told.sort()).toEqual(['authorizer', 'mcp', 'token']);
  });
});

test('without machines nothing is there of them', () => {
  expect(JSON.stringify(synthesized().toJSON())).not.toMatch(/MACHINE|client_credentials|machine-/);
});

test.each([
  ['a name with a space', { name: 'my machine' }, /1 to 31/],
  ['no scope', { name: 'a', scopes: [] }, /empty/],
  ['a group that is none', { name: 'a', groups: [' '] }, /not the name of a group/],
  ['a key that is not known', { name: 'a', secret: 'x' }, /has no key secret/],
])('%s is refused', (_, machine, message) => {
  expect(() => readConfiguration({ ...withDomain, machines: [machine] })).toThrow(message);
});

test('a name twice, too many, an unknown scope and a profile of their name are refused', () => {
  const many = Array.from({ length: 21 }, (_, index) => ({ name: `m${index}` }));
  const read = (given: object) => readConfiguration({ ...withDomain, ...given });
  expect(() => read({ machines: [{ name: 'a' }, { name: 'a' }] })).toThrow(/a name twice/);
  expect(() => read({ machines: many })).toThrow(/over 20/);
  expect(() =>
    synthesized({ ...withDomain, machines: [{ name: 'a', scopes: ['gatehouse/admin'] }] }),
  ).toThrow(/machines.a.scopes: gatehouse\/admin is none of/);
  expect(() =>
    synthesized({ ...withDomain, profiles: [{ name: 'machine-a', loopback: true }] }),
  ).toThrow(/those of machines/);
});
