import { parseJwks } from '../../../lambdas/access-token/jwks.ts';
import { signingKeys } from '../../../lambdas/access-token/signing-keys.ts';
import { InvalidToken, TemporarilyUnavailable } from '../../../lambdas/errors/errors.ts';
import { lifetimes } from '../../../policy/lifetimes.ts';
import {
  goodClaims,
  goodHeader,
  jwkOf,
  newKey,
  now,
  pool,
  poolKey,
  seconds,
  sign,
  tokenWith,
} from './pool.ts';

const later = (after: number): Date => new Date(now.getTime() + after * 1000);
const lasting = { exp: seconds + 20 * 60 * 60 };
const second = newKey();
const rotated = () =>
  sign({ ...goodHeader, kid: 'key-2' }, { ...goodClaims, ...lasting }, second.privateKey);

describe('the pool’s keys', () => {
  it('are fetched once for many tokens, also when these come at the same time', async () => {
    const it_ = pool();
    await Promise.all([1, 2, 3, 4].map((n) => it_.verify(tokenWith({ jti: String(n) }))));
    await it_.verify(tokenWith({ jti: '5' }));
    expect(it_.fetches).toBe(1);
  });

  it('are fetched again for an unknown kid, at most once a minute however many ask', async () => {
    const it_ = pool();
    await it_.verify(tokenWith(lasting));
    for (const after of [1, 10, 59])
      await expect(it_.verify(rotated(), later(after))).rejects.toBeInstanceOf(InvalidToken);
    expect(it_.fetches).toBe(1);
    it_.keys = [jwkOf(poolKey.publicKey), jwkOf(second.publicKey, { kid: 'key-2' })];
    await expect(it_.verify(rotated(), later(lifetimes.jwksRefetchSeconds))).resolves.toBeDefined();
    expect(it_.fetches).toBe(2);
  });

  it('keep working through an outage when they are known', async () => {
    const it_ = pool();
    await it_.verify(tokenWith(lasting));
    it_.down = true;
    await expect(
      it_.verify(tokenWith({ ...lasting, jti: 'x' }), later(2 * lifetimes.jwksFreshSeconds)),
    ).resolves.toBeDefined();
  });

  it('cannot be known in an outage: an unknown kid is then told to come back, not that its token is bad', async () => {
    const it_ = pool();
    await it_.verify(tokenWith(lasting));
    it_.down = true;
    for (const after of [60, 70, 119])
      await expect(it_.verify(rotated(), later(after))).rejects.toBeInstanceOf(
        TemporarilyUnavailable,
      );
    expect(it_.fetches).toBe(2);
  });

  it('let nobody in at a cold start without them, and are tried again soon', async () => {
    const it_ = pool();
    it_.down = true;
    for (const after of [0, 1, 4]) {
      const refused = await it_.verify(tokenWith(lasting), later(after)).catch((error) => error);
      expect(refused).toBeInstanceOf(TemporarilyUnavailable);
      expect(refused).toMatchObject({
        detail: 'the signing keys cannot be fetched',
        retryAfterSeconds: lifetimes.jwksRetrySeconds,
      });
    }
    expect(it_.fetches).toBe(1);
    it_.down = false;
    await expect(
      it_.verify(tokenWith(lasting), later(lifetimes.jwksRetrySeconds)),
    ).resolves.toBeDefined();
  });

  it('stop working when the pool withdraws them', async () => {
    const it_ = pool();
    await it_.verify(tokenWith(lasting));
    it_.keys = [jwkOf(second.publicKey, { kid: 'key-2' })];
    await expect(
      it_.verify(tokenWith({ ...lasting, jti: 'x' }), later(lifetimes.jwksFreshSeconds + 1)),
    ).rejects.toBeInstanceOf(InvalidToken);
  });
});

describe('the keys by themselves', () => {
  const counted = (initial: readonly object[]) => {
    const state = { fetches: 0 };
    const keys = signingKeys(async () => {
      state.fetches += 1;
      return parseJwks({ keys: initial });
    });
    return Object.assign(state, keys);
  };

  it('are fetched once while they are fresh, and again as soon as they are not', async () => {
    const it_ = counted([jwkOf(poolKey.publicKey)]);
    for (const after of [0, 1, lifetimes.jwksRefetchSeconds, lifetimes.jwksFreshSeconds]) {
      expect((await it_.get('key-1', later(after)))?.jwk.kid).toBe('key-1');
      expect(it_.fetches).toBe(1);
    }
    await it_.get('key-1', later(lifetimes.jwksFreshSeconds + 1));
    expect(it_.fetches).toBe(2);
  });

  it('that the pool does not have are not there, which is no outage', async () => {
    await expect(counted([jwkOf(poolKey.publicKey)]).get('key-2', now)).resolves.toBeUndefined();
  });
});

describe('a key set', () => {
  it('keeps a key that says what it may be used for, and one that says nothing', () => {
    const said = jwkOf(poolKey.publicKey, { key_ops: ['verify'] });
    const { n, e, kty } = jwkOf(poolKey.publicKey);
    for (const key of [said, { n, e, kty, kid: 'key-1' }])
      expect([...parseJwks({ keys: [key] }).keys()]).toEqual(['key-1']);
  });

  it.each([
    ['garbage', 'nonsense'],
    ['nothing', undefined],
    ['no keys', { keys: [] }],
    [
      'only keys of another kind',
      { keys: [{ kty: 'EC', kid: 'key-1', crv: 'P-256', x: 'AA', y: 'AA' }] },
    ],
    ['only keys for encryption', { keys: [jwkOf(poolKey.publicKey, { use: 'enc' })] }],
    ['only keys of another algorithm', { keys: [jwkOf(poolKey.publicKey, { alg: 'RS512' })] }],
    [
      'only keys that may not verify',
      { keys: [jwkOf(poolKey.publicKey, { key_ops: ['encrypt'] })] },
    ],
    ['only weak keys', { keys: [jwkOf(newKey(1024).publicKey)] }],
  ])('of %s is none', (_name, json) => {
    expect(() => parseJwks(json)).toThrow();
  });

  it('loses the keys that it should not have and keeps the others', () => {
    const keys = parseJwks({
      keys: [{ kty: 'oct', kid: 'key-0', k: 'AA' }, jwkOf(poolKey.publicKey), null],
    });
    expect([...keys.keys()]).toEqual(['key-1']);
  });

  it.each([
    ['of another type', { kty: 'EC' }],
    ['without an id', { kid: undefined }],
    ['with an id that is a number', { kid: 1 }],
    ['without a modulus', { n: undefined }],
    ['with a modulus in a list', { n: ['AQAB'] }],
    ['without an exponent', { e: undefined }],
    ['of no algorithm', { alg: null }],
    ['of no use', { use: null }],
    ['of no operation', { key_ops: null }],
    ['that may also sign', { key_ops: ['verify', 'sign'] }],
  ])('loses a key %s and keeps the others', (_name, more) => {
    const key = jwkOf(poolKey.publicKey, { kid: 'key-0', ...more });
    const keys = parseJwks({ keys: [key, jwkOf(poolKey.publicKey)] });
    expect([...keys.keys()]).toEqual(['key-1']);
  });
});

describe('keys that are prepared', () => {
  const counted = (answer: () => Promise<ReturnType<typeof parseJwks>>) => {
    let fetches = 0;
    const keys = signingKeys(() => {
      fetches += 1;
      return answer();
    });
    return { keys, fetches: () => fetches };
  };
  const published = async () => parseJwks({ keys: [jwkOf(poolKey.publicKey)] });

  it('are fetched once, and a token that comes then waits for none', async () => {
    const { keys, fetches } = counted(published);
    await keys.prepare(now);
    for (const after of [240, 480]) await keys.prepare(later(after));
    expect(fetches()).toBe(1);
    expect(await keys.get('key-1', later(500))).toBeDefined();
    expect(fetches()).toBe(1);
  });

  it('are fetched again once they are old', async () => {
    const { keys, fetches } = counted(published);
    await keys.prepare(now);
    await keys.prepare(later(lifetimes.jwksFreshSeconds + 1));
    expect(fetches()).toBe(2);
  });

  it('that cannot be had are nobody’s error, until a token needs them', async () => {
    const { keys } = counted(async () => {
      throw new Error('down');
    });
    await expect(keys.prepare(now)).resolves.toBeUndefined();
    await expect(keys.get('key-1', now)).rejects.toBeInstanceOf(TemporarilyUnavailable);
  });
});
