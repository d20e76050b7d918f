import * as fc from 'fast-check';
import * as z from 'zod';
import { nameShapes, parseClaims } from '../../../lambdas/access-token/claims.ts';
import { parseJwks } from '../../../lambdas/access-token/jwks.ts';
import { decodeJwt } from '../../../lambdas/access-token/token-format.ts';
import { sizes } from '../../../policy/limits.ts';
import { base64url, expected, goodClaims, goodHeader, jwkOf, poolKey } from './pool.ts';

/*
 * What a token says is read by plain functions, since a cold start would wait for schemas. Here
 * they are held to the schemas that they stand for.
 */

const runs = { numRuns: 3000 } as const;
const seconds = z.int().min(0);
const nothing = z.undefined().optional();
const named = (kind: keyof typeof nameShapes) => {
  const { ascii, all } = nameShapes[kind];
  return z.string().refine((name) => ascii.test(name) || all().test(name));
};

const ofAnybody = {
  iss: z.string(),
  token_use: z.string(),
  client_id: z.string(),
  exp: seconds,
  iat: seconds,
  nbf: seconds.optional(),
  sub: z.string().regex(/^[A-Za-z0-9][A-Za-z0-9_-]{0,127}$/),
  scope: z.string(),
};
const ofUser = z.object({
  ...ofAnybody,
  aud: z.union([z.string(), z.array(z.string())]),
  username: named('username'),
  email: named('email').optional(),
  name: named('name').optional(),
  'cognito:groups': z.array(named('group')).max(sizes.groupsPerUser).optional(),
  origin_jti: z
    .string()
    .regex(/^[\w-]{1,64}$/)
    .optional(),
});
const ofMachine = z.object({
  ...ofAnybody,
  aud: nothing,
  username: nothing,
  email: nothing,
  name: nothing,
  'cognito:groups': nothing,
  origin_jti: nothing,
});

/** What JSON can hold, and near misses of what is wanted. */
const anyValue = fc.oneof(
  fc.jsonValue({ maxDepth: 2 }),
  fc.constantFrom(
    ...['', ' ', 'a', 'a b', ' a', 'a\n', 'ä', '\u202e', 'a@b', '@', 'x'.repeat(128)],
    ...['x'.repeat(129), '-a', '0', [], [''], ['a', 'a b'], ['a', 1], {}, null, true],
    ...[0, -0, -1, 0.5, 1e300, Number.MAX_SAFE_INTEGER, Number.MAX_SAFE_INTEGER + 1],
    Array.from({ length: sizes.groupsPerUser }, (_, index) => `g${index}`),
    Array.from({ length: sizes.groupsPerUser + 1 }, (_, index) => `g${index}`),
  ),
);

/** A good object with one to three of its members changed, taken away or added. */
const changed = (good: object, names: readonly string[]) =>
  fc
    .array(fc.tuple(fc.constantFrom(...names), fc.oneof(anyValue, fc.constant(undefined))), {
      minLength: 1,
      maxLength: 3,
    })
    .map((changes) => JSON.parse(JSON.stringify({ ...good, ...Object.fromEntries(changes) })));

/** Whether anything was taken and anything was refused, so that the comparison says something. */
const counted = (verdicts: readonly boolean[]): void => {
  expect(verdicts.filter(Boolean).length).toBeGreaterThan(50);
  expect(verdicts.filter((taken) => !taken).length).toBeGreaterThan(50);
};

const [machineId = ''] = expected.machines.keys();
const machineClaims = Object.fromEntries(
  Object.entries({ ...goodClaims, client_id: machineId }).filter(
    ([name]) => !['aud', 'username', 'email'].includes(name),
  ),
);

it.each([
  ['a user', goodClaims, ofUser],
  ['a machine', machineClaims, ofMachine],
] as const)('reads the claims of %s as a schema does', (_, good, schema) => {
  const verdicts: boolean[] = [];
  const names = Object.keys(ofUser.shape).filter((name) => name !== 'client_id');
  fc.assert(
    fc.property(changed(good, [...names, '__proto__', 'constructor']), (payload) => {
      const read = parseClaims(payload, expected);
      verdicts.push(read !== undefined);
      expect(read).toEqual(schema.safeParse(payload).data);
    }),
    runs,
  );
  counted(verdicts);
});

it('reads the header of a token as a schema does', () => {
  const schema = z.object({
    alg: z.literal('RS256'),
    kid: z.string().regex(/^[\w+/=.:-]{1,128}$/),
    typ: z
      .string()
      .regex(/^(?:application\/)?(?:at\+)?jwt$/i)
      .optional(),
    crit: nothing,
  });
  const verdicts: boolean[] = [];
  const members = ['alg', 'kid', 'typ', 'crit', 'jku', 'x5u', 'jwk', 'b64'];
  fc.assert(
    fc.property(changed(goodHeader, members), (header) => {
      const decoded = decodeJwt(`${base64url(JSON.stringify(header))}.${base64url('{}')}.AAAA`);
      verdicts.push('kid' in decoded);
      expect('kid' in decoded ? decoded.kid : undefined).toBe(schema.safeParse(header).data?.kid);
    }),
    runs,
  );
  counted(verdicts);
});

it('reads a key of a key set as a schema does', () => {
  const good = jwkOf(poolKey.publicKey);
  const schema = z.object({
    kty: z.literal('RSA'),
    kid: z.string(),
    n: z.literal(Object(good).n),
    e: z.literal(Object(good).e),
    alg: z.literal('RS256').optional(),
    use: z.literal('sig').optional(),
    key_ops: z.array(z.literal('verify')).optional(),
  });
  const verdicts: boolean[] = [];
  // Another modulus or exponent is for Node to judge.
  const members = ['kty', 'kid', 'alg', 'use', 'key_ops', 'x5c', 'd'];
  const operations = fc.constantFrom(['verify'], ['sign'], ['verify', 'sign'], [], 'verify');
  const keys = fc.oneof(
    changed(good, members),
    operations.map((key_ops) => ({ ...good, key_ops })),
  );
  fc.assert(
    fc.property(keys, (key) => {
      let read: unknown;
      try {
        [read] = [...parseJwks({ keys: [key] }).values()].map(({ jwk }) => jwk);
      } catch {}
      verdicts.push(read !== undefined);
      // What a signature needs is kept of it.
      const { kty, kid, n, e } = schema.safeParse(key).data ?? {};
      expect(read).toEqual(kty && { kty, kid, n, e });
    }),
    { numRuns: 500 },
  );
  counted(verdicts);
});
