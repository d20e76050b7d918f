import * as fc from 'fast-check';
import { parseStrictObject } from '../../../lambdas/access-token/strict-json.ts';
import { decodeJwt } from '../../../lambdas/access-token/token-format.ts';
import { HttpError } from '../../../lambdas/errors/errors.ts';
import { base64url, goodClaims, goodHeader, now, pool, sign, tokenWith } from './pool.ts';

const bounded = { numRuns: 500 } as const;

const refusesOrThrowsTyped = async (authorization: string): Promise<void> => {
  const caller = await pool()
    .authenticate(authorization, now)
    .catch((error: unknown) => {
      expect(error).toBeInstanceOf(HttpError);
    });
  expect(caller).toBeUndefined();
};

it('throws nothing but its own errors, and lets in none, for any header at all', async () => {
  await fc.assert(
    fc.asyncProperty(fc.string({ unit: 'binary', maxLength: 200 }), refusesOrThrowsTyped),
    bounded,
  );
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.base64String({ maxLength: 60 }), { minLength: 1, maxLength: 5 }),
      (parts) => refusesOrThrowsTyped(`Bearer ${parts.join('.')}`),
    ),
    bounded,
  );
});

it('lets in no JSON that somebody signs with another header or payload', async () => {
  await fc.assert(
    fc.asyncProperty(fc.json(), fc.json(), (header, payload) =>
      refusesOrThrowsTyped(`Bearer ${base64url(header)}.${base64url(payload)}.AAAA`),
    ),
    bounded,
  );
  // Even with the pool's own signature.
  await fc.assert(
    fc.asyncProperty(fc.json(), async (payload) =>
      refusesOrThrowsTyped(`Bearer ${sign(goodHeader, payload)}`),
    ),
    { ...bounded, numRuns: 100 },
  );
});

it('never accepts a mutated token: any one character changed, removed or added', async () => {
  const good = tokenWith({});
  const { verify } = pool();
  await verify(good);
  const mutation = fc.record({
    at: fc.nat(good.length - 1),
    how: fc.constantFrom('replace', 'remove', 'insert'),
    character: fc.constantFrom(
      ...'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.=+/ \u0000é',
    ),
  });
  await fc.assert(
    fc.asyncProperty(mutation, async ({ at, how, character }) => {
      const mutated =
        good.slice(0, at) +
        (how === 'remove' ? '' : character) +
        good.slice(how === 'insert' ? at : at + 1);
      fc.pre(mutated !== good);
      await expect(verify(mutated)).rejects.toBeInstanceOf(HttpError);
    }),
    bounded,
  );
});

it('refuses every claim that is missing or replaced by something else', async () => {
  const claims = [
    'sub',
    'iss',
    'client_id',
    'aud',
    'token_use',
    'scope',
    'iat',
    'exp',
    'username',
  ] as const;
  const { verify } = pool();
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(...claims),
      fc.oneof(fc.constant(undefined), fc.object(), fc.boolean(), fc.constant(null)),
      async (claim, value) => {
        await expect(verify(tokenWith({ [claim]: value }))).rejects.toBeInstanceOf(HttpError);
      },
    ),
    { ...bounded, numRuns: 150 },
  );
});

it('takes apart only what it could have put together', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme', maxLength: 100 }), (text) => {
      const apart = decodeJwt(text);
      expect('fault' in apart).toBe(true);
    }),
    bounded,
  );
});

describe('strict JSON', () => {
  it('reads what JSON.parse reads when no key repeats', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue()), (value) => {
        const text = JSON.stringify(value);
        expect(parseStrictObject(text)).toEqual(JSON.parse(text));
      }),
      bounded,
    );
  });

  it('refuses a repeated key wherever it stands, however it is spelled', () => {
    fc.assert(
      fc.property(fc.string({ minLength: 1 }), fc.jsonValue(), fc.jsonValue(), (key, one, two) => {
        const escaped = `"${[...key].map((c) => [...c.split('')].map((unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`).join('')).join('')}"`;
        const text = `{"outer":[{${JSON.stringify(key)}:${JSON.stringify(one)},"x${key.length}y":0, ${escaped} : ${JSON.stringify(two)}}]}`;
        expect(parseStrictObject(text)).toBeUndefined();
      }),
      bounded,
    );
  });

  it.each(['null', '[]', '["a"]', '"a"', '1', 'true', '', '{', '{"a":}'])(
    '%s is no object',
    (text) => {
      expect(parseStrictObject(text)).toBeUndefined();
    },
  );

  it('is not misled by colons and braces inside strings', () => {
    expect(
      parseStrictObject('{"a":"{\\"a\\":1}","b":"a:","c":["a","a"],"d":{"a":1}}'),
    ).toBeDefined();
    expect(parseStrictObject(JSON.stringify(goodClaims))).toEqual(goodClaims);
  });
});
