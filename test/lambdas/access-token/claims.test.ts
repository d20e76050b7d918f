import * as fc from 'fast-check';
import { nameShapes } from '../../../lambdas/access-token/claims.ts';
import { goodClaims, pool, seconds, tokenWith } from './pool.ts';

/** As Cognito issues it for `client_credentials`: nothing of a user, and no audience. */
const machineClaims = {
  sub: 'appnightly',
  client_id: 'appnightly',
  aud: undefined,
  username: undefined,
  email: undefined,
  scope: 'gatehouse/tools.read',
};
const machineToken = (more: object = {}) => tokenWith({ ...machineClaims, ...more });

const { verify } = pool();

it('a machine’s token says which machine calls, with the groups of the configuration', async () => {
  expect(await verify(machineToken())).toEqual({
    sub: 'machine:nightly',
    username: 'nightly',
    machine: 'nightly',
    scopes: ['gatehouse/tools.read'],
    groups: ['finance'],
    issuedAt: goodClaims.iat,
    clientId: 'appnightly',
    profile: 'machine-nightly',
  });
});

it('a machine may no more than the configuration says, whatever its token does', async () => {
  const scope = 'gatehouse/tools.call gatehouse/tools.read aws.cognito.signin.user.admin';
  expect(await verify(machineToken({ scope }))).toMatchObject({ scopes: ['gatehouse/tools.read'] });
});

describe('a machine’s token is refused as a user’s', () => {
  it.each([
    ['of the app client of a profile', { client_id: 'appclaude', sub: 'appclaude' }],
    ['of an app client that is not deployed', { client_id: 'appother', sub: 'appother' }],
    ['of a profile, with an audience and no user', { client_id: 'appclaude', aud: goodClaims.aud }],
    ['of a profile, with a user and no audience', { client_id: 'appclaude', username: 'u' }],
  ])('%s', async (_, claims) => {
    await expect(verify(machineToken(claims))).rejects.toMatchObject({ code: 'invalid_token' });
  });
});

describe('a user’s token is refused as a machine’s', () => {
  it.each([
    ['whole', { ...goodClaims, client_id: 'appnightly' }],
    ['with an audience', { aud: goodClaims.aud }],
    ['with a user', { username: goodClaims.username }],
    ['with an address', { email: goodClaims.email }],
    ['with groups', { 'cognito:groups': ['admins'] }],
    ['of a login', { origin_jti: 'a-login' }],
    ['with somebody’s subject', { sub: goodClaims.sub }],
  ])('%s', async (_, claims) => {
    await expect(verify(machineToken(claims))).rejects.toMatchObject({ code: 'invalid_token' });
  });
});

it.each([
  ['another issuer', { iss: 'https://cognito-idp.us-east-1.amazonaws.com/us-east-1_Other' }],
  ['an ID token', { token_use: 'id' }],
  ['expired', { exp: seconds - 1 }],
  ['issued in the future', { iat: seconds + 3600 }],
])('a machine’s token is held to the rest of the rules: %s', async (_, claims) => {
  await expect(verify(machineToken(claims))).rejects.toMatchObject({ code: 'invalid_token' });
});

describe.each(Object.entries(nameShapes))('a plain %s', (_kind, { ascii, all }) => {
  it('is one that the whole pattern takes, and the other way round', () => {
    const names = fc.string({
      unit: fc.constantFrom('a', '@', ' ', '\t', '\u007f', '~'),
      maxLength: 130,
    });
    const plain = fc.oneof(names, fc.string({ unit: 'binary-ascii' }));
    fc.assert(fc.property(plain, (text) => ascii.test(text) === all().test(text)));
  });
});
