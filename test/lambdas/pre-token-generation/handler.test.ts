import { handler } from '../../../lambdas/pre-token-generation/handler.ts';

const event = (
  scopes: readonly string[],
  attributes: object = { email: 'dev@example.com', email_verified: 'true' },
) => ({
  version: '2',
  triggerSource: 'TokenGeneration_HostedAuth',
  userName: 'dev',
  request: { userAttributes: { sub: 's', ...attributes }, scopes },
  response: { claimsAndScopeOverrideDetails: null },
});

it('puts the address into the access token where the profile’s email scope was granted', async () => {
  expect(await handler(event(['gatehouse/tools.read', 'openid', 'email']))).toEqual({
    ...event(['gatehouse/tools.read', 'openid', 'email']),
    response: {
      claimsAndScopeOverrideDetails: {
        accessTokenGeneration: { claimsToAddOrOverride: { email: 'dev@example.com' } },
      },
    },
  });
});

it.each([
  ['without that scope', event(['gatehouse/tools.read', 'openid'])],
  [
    'for an address that nobody verified',
    event(['email'], { email: 'dev@example.com', email_verified: 'false' }),
  ],
  ['for an address whose verification is unknown', event(['email'], { email: 'dev@example.com' })],
  ['for a user without an address', event(['email'], {})],
  ['for what it cannot read', { request: null }],
  ['for nothing', null],
])('leaves the token alone %s', async (_name, given) => {
  expect(await handler(given)).toBe(given);
});
