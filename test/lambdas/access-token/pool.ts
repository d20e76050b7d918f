import {
  createSign,
  generateKeyPairSync,
  type KeyObject,
  type SignKeyObjectInput,
} from 'node:crypto';
import type { Expectation } from '../../../lambdas/access-token/claims.ts';
import { parseJwks } from '../../../lambdas/access-token/jwks.ts';
import { signingKeys } from '../../../lambdas/access-token/signing-keys.ts';
import { verifierOf } from '../../../lambdas/access-token/verifier.ts';

export const now = new Date('2026-11-24T12:00:00Z');
export const seconds = Math.floor(now.getTime() / 1000);

export const expected: Expectation = {
  issuer: 'https://cognito-idp.us-east-1.amazonaws.com/us-east-1_AbCdEfGhI',
  audience: 'https://mcp.example.com/mcp',
  profiles: new Map([
    ['appclaude', 'claude'],
    ['apploopback', 'loopback'],
  ]),
  machines: new Map([
    ['appnightly', { name: 'nightly', scopes: ['gatehouse/tools.read'], groups: ['finance'] }],
  ]),
};

export const goodHeader = { kid: 'key-1', alg: 'RS256' };

export const goodClaims = {
  sub: '0b7e3a5c-2f6f-4e0e-9a53-8a1f7f5e7d10',
  iss: expected.issuer,
  client_id: 'appclaude',
  aud: expected.audience,
  token_use: 'access',
  scope: 'gatehouse/tools.call',
  auth_time: seconds - 10,
  iat: seconds - 10,
  exp: seconds + 890,
  jti: 'e2c9c1b4',
  username: '0b7e3a5c-2f6f-4e0e-9a53-8a1f7f5e7d10',
  email: 'dev@example.com',
};

export const base64url = (value: string | Buffer | object): string =>
  Buffer.from(
    typeof value === 'string' || Buffer.isBuffer(value) ? value : JSON.stringify(value),
  ).toString('base64url');

export const newKey = (modulusLength = 2048) => generateKeyPairSync('rsa', { modulusLength });

/** One pair for all tests of a file: making one takes a tenth of a second. */
export const poolKey = newKey();

export const jwkOf = (key: KeyObject, more: object = {}) => ({
  ...key.export({ format: 'jwk' }),
  kid: 'key-1',
  alg: 'RS256',
  use: 'sig',
  ...more,
});

/** Signs header and payload as they are, text or object, so that a test can say anything at all. */
export const sign = (
  header: string | object,
  payload: string | object,
  key: SignKeyObjectInput['key'] = poolKey.privateKey,
  algorithm = 'RSA-SHA256',
): string => {
  const input = `${base64url(header)}.${base64url(payload)}`;
  return `${input}.${createSign(algorithm).update(input).sign(key).toString('base64url')}`;
};

export const tokenWith = (claims: object, header: object = {}): string =>
  sign({ ...goodHeader, ...header }, { ...goodClaims, ...claims });

/** A pool that publishes `poolKey`, and counts how often it is asked for its keys. */
export const pool = ({
  keys = [jwkOf(poolKey.publicKey)],
}: {
  readonly keys?: readonly object[];
} = {}) => {
  const state = { keys, down: false, fetches: 0 };
  const fetchKeys = async () => {
    state.fetches++;
    if (state.down) throw new Error('no network');
    return parseJwks({ keys: state.keys });
  };
  const authenticate = verifierOf(expected, signingKeys(fetchKeys));
  // The library reads the process's clock.
  const verify: typeof authenticate = (authorization, at) => {
    jest.spyOn(Date, 'now').mockReturnValue(at.getTime());
    return authenticate(authorization, at);
  };
  return Object.assign(state, {
    verify: (token: string, at: Date = now) => verify(`Bearer ${token}`, at),
    authenticate: verify,
  });
};
