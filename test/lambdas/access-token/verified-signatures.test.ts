import { type Claims, callerFromClaims } from '../../../lambdas/access-token/claims.ts';
import { parseJwks } from '../../../lambdas/access-token/jwks.ts';
import { signingKeys } from '../../../lambdas/access-token/signing-keys.ts';
import {
  type VerifiedToken,
  verifiedSignatures,
} from '../../../lambdas/access-token/verified-signatures.ts';
import { verifierOf } from '../../../lambdas/access-token/verifier.ts';
import { lifetimes } from '../../../policy/lifetimes.ts';
import { sizes } from '../../../policy/limits.ts';
import { expected, goodClaims, jwkOf, now, poolKey, tokenWith } from './pool.ts';

const verifiedFor = (sub: string): VerifiedToken => {
  const claims: Claims = { ...goodClaims, sub };
  return { claims, caller: callerFromClaims(claims, expected) };
};
const later = (seconds: number): Date => new Date(now.getTime() + seconds * 1000);
const lasting = lifetimes.verifiedSignatureSeconds;

describe('a token whose signature was verified', () => {
  it('is known with its claims for as long as policy says, and no other is', () => {
    const verified = verifiedSignatures();
    verified.add('one', verifiedFor('a'), now);
    verified.add('two', verifiedFor('b'), later(1));
    expect(verified.get('one', later(lasting - 1))?.claims.sub).toBe('a');
    expect(verified.get('one', later(lasting))).toBeUndefined();
    expect(verified.get('two', later(lasting))?.claims.sub).toBe('b');
    expect(verified.get('three', now)).toBeUndefined();
  });

  it('is forgotten when enough newer ones are known, the oldest first', () => {
    const verified = verifiedSignatures();
    for (let index = 0; index <= sizes.verifiedSignatures; index++)
      verified.add(`token ${index}`, verifiedFor(String(index)), now);
    const known = (index: number) => verified.get(`token ${index}`, now)?.claims.sub;
    expect([0, 1, sizes.verifiedSignatures].map(known)).toEqual([
      undefined,
      '1',
      String(sizes.verifiedSignatures),
    ]);
  });

  it('is not verified again until then, and its time is not drawn out by its use', async () => {
    const token = `Bearer ${tokenWith({})}`;
    const { get } = signingKeys(async () => parseJwks({ keys: [jwkOf(poolKey.publicKey)] }));
    let questions = 0;
    const counted = async (kid: string, at: Date) => {
      questions += 1;
      return get(kid, at);
    };
    const authenticate = verifierOf(expected, { get: counted });
    const askedAt = async (seconds: number) => {
      jest.spyOn(Date, 'now').mockReturnValue(later(seconds).getTime());
      await authenticate(token, later(seconds));
      return questions;
    };
    expect(await askedAt(0)).toBe(1);
    expect(await askedAt(lasting - 1)).toBe(1);
    expect(await askedAt(lasting)).toBe(2);
    expect(await askedAt(lasting + 1)).toBe(2);
  });

  it('is of a caller that no call can change for the next one', async () => {
    const token = `Bearer ${tokenWith({ 'cognito:groups': ['finance'] })}`;
    const keys = signingKeys(async () => parseJwks({ keys: [jwkOf(poolKey.publicKey)] }));
    const authenticate = verifierOf(expected, keys);
    const caller = await authenticate(token, now);
    expect(await authenticate(token, now)).toBe(caller);
    expect(() => Object.assign(caller, { sub: 'another' })).toThrow(TypeError);
    expect(() => Object.assign(caller.scopes, ['all'])).toThrow(TypeError);
    expect(() => Object.assign(caller.groups ?? {}, ['admins'])).toThrow(TypeError);
  });
});
