import { handler } from '../../../lambdas/pre-token-generation/handler.ts';
import { sizes } from '../../../policy/limits.ts';

const verified = { email: 'dev@example.com', email_verified: 'true' };

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

it('keeps the pool’s groups, which an answer without them would take away', async () => {
  const given = event(['email'], verified, ['finance']);
  expect(await handler(given)).toEqual(
    responseWith(given, { ...withEmail, groupOverrideDetails: unchanged(['finance']) }),
  );
});

it('adds the groups that a provider names to those of the pool, each once', async () => {
  const attributes = { 'custom:groups': '[finance, Domain+Admins]' };
  const given = event(['gatehouse/tools.read'], attributes, ['finance', 'staff']);
  expect(await handler(given)).toEqual(
    responseWith(given, { groupOverrideDetails: unchanged(['finance', 'staff', 'Domain Admins']) }),
  );
});

it('adds none to a user who would be in more than a token may name', async () => {
  const groups = Array.from({ length: sizes.groupsPerUser }, (_, index) => `group-${index}`);
  const given = event([], { 'custom:groups': 'finance' }, groups);
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
  ['for groups that cannot be read', event([], { 'custom:groups': '[finance, ]' }, ['staff'])],
  ['for no groups of a provider', event([], { 'custom:groups': '[]' }, ['staff'])],
  ['for what it cannot read', { request: null }],
  ['for nothing', null],
])('leaves the token alone %s', async (_name, given) => {
  expect(await handler(given)).toBe(given);
});
