import { jest } from '@jest/globals';
import type { Claims } from '../../../lambdas/access-token/claims.ts';
import { parseJwks } from '../../../lambdas/access-token/jwks.ts';
import { signingKeys } from '../../../lambdas/access-token/signing-keys.ts';
import { verifiedSignatures } from '../../../lambdas/access-token/verified-signatures.ts';
import { verifierOf } from '../../../lambdas/access-token/verifier.ts';
import { lifetimes } from '../../../policy/lifetimes.ts';
import { sizes } from '../../../policy/limits.ts';
import { expected, goodClaims, jwkOf, now, poolKey, tokenWith } from './pool.ts';

const claimsOf = (sub: string): Claims => ({ ...goodClaims, sub });
const later = (seconds: number): Date => new Date(now.getTime() + seconds * 1000);
const lasting = lifetimes.verifiedSignatureSeconds;

describe('a token whose signature was verified', () => {
  it('is known with its claims for as long as policy says, and no other is', () => {
    const verified = verifiedSignatures();
    verified.add('one', claimsOf('a'), now);
    verified.add('two', claimsOf('b'), later(1));
    expect(verified.get('one', later(lasting - 1))?.sub).toBe('a');
    expect(verified.get('one', later(lasting))).toBeUndefined();
    expect(verified.get('two', later(lasting))?.sub).toBe('b');
    expect(verified.get('three', now)).toBeUndefined();
  });

  it('is forgotten when enough newer ones are known, the oldest first', () => {
    const verified = verifiedSignatures();
    for (let index = 0; index <= sizes.verifiedSignatures; index++)
      verified.add(`token ${index}`, claimsOf(String(index)), now);
    const known = (index: number) => verified.get(`token ${index}`, now)?.sub;
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
});
