import { parseClaims } from '../../../lambdas/access-token/claims.ts';
import { parseJwks } from '../../../lambdas/access-token/jwks.ts';
import { PoolTokenVerifier } from '../../../lambdas/access-token/pool-token-verifier.ts';
import { signingKeys } from '../../../lambdas/access-token/signing-keys.ts';
import { decodeJwt } from '../../../lambdas/access-token/token-format.ts';
import { InvalidToken, TemporarilyUnavailable } from '../../../lambdas/errors/errors.ts';
import { expected, jwkOf, newKey, now, poolKey, seconds, tokenWith } from './pool.ts';

const keys = parseJwks({ keys: [jwkOf(poolKey.publicKey)] });

/** Asks the library alone: none of our own rules stand before it. */
const verify = async (
  claims: object,
  fetchKeys = async (): Promise<ReturnType<typeof parseJwks>> => keys,
): Promise<void> => {
  jest.spyOn(Date, 'now').mockReturnValue(now.getTime());
  const decoded = decodeJwt(tokenWith(claims));
  if ('fault' in decoded) throw new Error(decoded.fault);
  const parsed = parseClaims(decoded.payload, expected);
  if (!parsed) throw new Error('malformed claims');
  await new PoolTokenVerifier(expected, signingKeys(fetchKeys)).verifyDecoded(decoded, parsed);
};

it('takes a good token', async () => {
  await expect(verify({})).resolves.toBeUndefined();
});

it.each([
  ['another issuer', { iss: 'https://cognito-idp.us-east-1.amazonaws.com/us-east-1_Other' }],
  ['another audience', { aud: 'https://other.example.com/mcp' }],
  ['a token that expired longer ago than clocks differ', { exp: seconds - 61 }],
  ['a token that becomes valid later than clocks differ', { nbf: seconds + 61 }],
])('the library itself refuses %s', async (_name, claims) => {
  await expect(verify(claims)).rejects.toBeInstanceOf(InvalidToken);
});

it('refuses a signature of another key', async () => {
  const other = parseJwks({ keys: [jwkOf(newKey().publicKey)] });
  await expect(verify({}, async () => other)).rejects.toMatchObject({
    code: 'invalid_token',
    detail: 'a signature that does not fit',
  });
});

it('says that the keys cannot be had, and not that the token is bad', async () => {
  const down = async () => {
    throw new Error('no network');
  };
  await expect(verify({}, down)).rejects.toBeInstanceOf(TemporarilyUnavailable);
});

it('takes keys of the pool alone: nobody can hand it others', () => {
  const verifier = new PoolTokenVerifier(
    expected,
    signingKeys(async () => keys),
  );
  expect(() => verifier.cacheJwks({ keys: [] })).toThrow('keys come from the pool, one by one');
});
