import { existsSync, readFileSync } from 'node:fs';
import { verifyJwtSync } from 'aws-jwt-verify/jwt-verifier';
import * as z from 'zod';
import { parseJwks } from '../../../lambdas/access-token/jwks.ts';
import { signingKeys } from '../../../lambdas/access-token/signing-keys.ts';
import { verifierOf } from '../../../lambdas/access-token/verifier.ts';
import { HttpError } from '../../../lambdas/errors/errors.ts';
import { expected, now } from './pool.ts';

// Project Wycheproof's JSON Web Signature vectors, read in place beside the repository and never
// copied into it.
const file = new URL('../../../../shared/vectors/json_web_signature_test.json', import.meta.url);

const vectors = z.object({
  testGroups: z.array(
    z.object({
      public: z.record(z.string(), z.unknown()).optional(),
      private: z.record(z.string(), z.unknown()).optional(),
      tests: z.array(
        z.object({
          tcId: z.number(),
          comment: z.string(),
          jws: z.unknown(),
          result: z.enum(['valid', 'invalid']),
        }),
      ),
    }),
  ),
});

const groups = existsSync(file)
  ? vectors.parse(JSON.parse(readFileSync(file, 'utf8'))).testGroups
  : [];
const cases = groups.flatMap((group) =>
  group.tests.map((test) => ({
    ...test,
    key: { kid: 'none', ...(group.public ?? group.private) },
  })),
);

/**
 * The keys that our own reading of a key set leaves: a vector's key of another kind, use or
 * algorithm is not among them.
 */
const keysOf = (key: object): ReturnType<typeof parseJwks> => {
  try {
    return parseJwks({ keys: [key] });
  } catch {
    return new Map();
  }
};

if (cases.length === 0) {
  it('finds no Wycheproof vectors beside the repository and passes over them', () => {
    console.warn(`No Wycheproof vectors at ${file.pathname}: their cases were not run.`);
  });
} else {
  it(`lets in none of the ${cases.length} Wycheproof signatures, valid or not: none carries an access token of the pool`, async () => {
    for (const { tcId, jws, key } of cases) {
      const keys = keysOf(key);
      const authenticate = verifierOf(
        expected,
        signingKeys(async () => keys),
      );
      const outcome = await authenticate(
        `Bearer ${typeof jws === 'string' ? jws : JSON.stringify(jws)}`,
        now,
      ).catch((error: unknown) => error);
      expect([tcId, outcome instanceof HttpError]).toEqual([tcId, true]);
    }
  });

  it('takes no RS256 signature that is marked invalid, at the library that we rely on', () => {
    const signatures = cases.filter(
      ({ result, jws }) => result === 'invalid' && typeof jws === 'string',
    );
    const accepted: number[] = [];
    let tried = 0;
    for (const { tcId, jws, key } of signatures) {
      const [signing] = keysOf(key).values();
      if (!signing || typeof jws !== 'string') continue;
      tried++;
      try {
        verifyJwtSync(jws, signing.jwk, { issuer: null, audience: null }, () => signing.key);
        accepted.push(tcId);
      } catch {
        // As it should be.
      }
    }
    expect(tried).toBeGreaterThan(10);
    expect(accepted).toEqual([]);
  });
}
