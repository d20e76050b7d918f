import { handler } from '../../../lambdas/pre-token-generation/handler.ts';
import { sizes } from '../../../policy/limits.ts';

const verified = { email: 'dev@example.com', email_verified: 'true' };

/** As Cognito writes of whom a provider sends. */
const identities = '[{"userId":"00u1","providerName":"Okta","providerType":"OIDC"}]';

const event = (
  scopes: readonly string[],
  attributes: object = verified,
  groups: readonly string[] = [],
) => ({
  version: '2',
  triggerSource: 'TokenGeneration_HostedAuth',
  userName: 'dev',
  request: {
    userAttributes: { sub: 's', ...attributes },
    groupConfiguration: { groupsToOverride: groups, iamRolesToOverride: [], preferredRole: null },
    scopes,
  },
  response: { claimsAndScopeOverrideDetails: null },
});

const responseWith = (given: object, details: object) => ({
  ...given,
  response: { claimsAndScopeOverrideDetails: details },
});

const unchanged = (groups: readonly string[]) => ({
  groupsToOverride: groups,
  iamRolesToOverride: [],
  preferredRole: null,
});

const withEmail = {
  accessTokenGeneration: { claimsToAddOrOverride: { email: 'dev@example.com' } },
};

it('puts the address into the access token where the profile’s email scope was granted', async () => {
  const given = event(['gatehouse/tools.read', 'openid', 'email']);
  expect(await handler(given)).toEqual(
    responseWith(given, { ...withEmail, groupOverrideDetails: unchanged([]) }),
  );
});

it.each([
  ['as the user has it', { name: ' Ann Lee ' }, 'Ann Lee'],
  ['of its parts', { given_name: 'Ann', family_name: 'Lee' }, 'Ann Lee'],
  ['of one part', { family_name: 'Lee' }, 'Lee'],
])('puts the name beside the address, %s', async (_, attributes, name) => {
  const given = event(['email'], { ...verified, ...attributes });
  expect(await handler(given)).toEqual(
    responseWith(given, {
      accessTokenGeneration: { claimsToAddOrOverride: { email: 'dev@example.com', name } },
      groupOverrideDetails: unchanged([]),
    }),
  );
});

it.each(['Ann\u202eLee', 'Ann\nLee', 'A'.repeat(129)])(
  'leaves out a name that the verifier would refuse the whole token for: %j',
  async (name) => {
    const given = event(['email'], { ...verified, name });
    expect(await handler(given)).toEqual(
      responseWith(given, { ...withEmail, groupOverrideDetails: unchanged([]) }),
    );
  },
);

it('keeps the pool’s groups, which an answer without them would take away', async () => {
  const given = event(['email'], verified, ['finance']);
  expect(await handler(given)).toEqual(
    responseWith(given, { ...withEmail, groupOverrideDetails: unchanged(['finance']) }),
  );
});

it('adds the groups that a provider names to those of the pool, each once', async () => {
  const attributes = { identities, 'custom:groups': '[finance, Domain+Admins]' };
  const given = event(['gatehouse/tools.read'], attributes, ['finance', 'staff']);
  expect(await handler(given)).toEqual(
    responseWith(given, { groupOverrideDetails: unchanged(['finance', 'staff', 'Domain Admins']) }),
  );
});

it('adds none to a user who would be in more than a token may name', async () => {
  const groups = Array.from({ length: sizes.groupsPerUser }, (_, index) => `group-${index}`);
  const given = event([], { identities, 'custom:groups': 'finance' }, groups);
  expect(await handler(given)).toBe(given);
});

it.each([
  ['without that scope', event(['gatehouse/tools.read', 'openid'])],
  [
    'for an address that nobody verified',
    event(['email'], { email: 'dev@example.com', email_verified: 'false' }),
  ],
  ['for an address whose verification is unknown', event(['email'], { email: 'dev@example.com' })],
  ['for a user without an address', event(['email'], {})],
  [
    'for groups that cannot be read',
    event([], { identities, 'custom:groups': '[finance, ]' }, ['staff']),
  ],
  ['for no groups of a provider', event([], { identities, 'custom:groups': '[]' }, ['staff'])],
  ['for groups that no provider can have written', event([], { 'custom:groups': '[admins]' })],
  ['for an address that no token may hold', event(['email'], { ...verified, email: 'a b@c.d' })],
  ['for what it cannot read', { request: null }],
  ['for nothing', null],
])('leaves the token alone %s', async (_name, given) => {
  expect(await handler(given)).toBe(given);
});
