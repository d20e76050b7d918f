import { createHmac, generateKeyPairSync } from 'node:crypto';
import { InvalidToken, MissingToken } from '../../../lambdas/errors/errors.ts';
import { sizes } from '../../../policy/limits.ts';
import {
  base64url,
  expected,
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

const minutes = 60;
const hours = 3600;

describe('a good token', () => {
  it('names the caller, with the scopes that the granted ones imply', async () => {
    expect(await pool().verify(tokenWith({}))).toEqual({
      sub: goodClaims.sub,
      username: goodClaims.username,
      email: 'dev@example.com',
      scopes: ['gatehouse/tools.call', 'gatehouse/tools.read'],
      clientId: 'appclaude',
      profile: 'claude',
      issuedAt: goodClaims.iat,
    });
    const more = { origin_jti: 'session-1', name: 'Ada Lovelace' };
    expect(await pool().verify(tokenWith(more))).toMatchObject({
      session: 'session-1',
      name: 'Ada Lovelace',
    });
  });

  it('may come without an address, and with its audience as a list of one', async () => {
    const caller = await pool().verify(tokenWith({ email: undefined, aud: [expected.audience] }));
    for (const absent of ['email', 'name', 'session']) expect(caller).not.toHaveProperty(absent);
  });

  it('names the groups of the pool that the user is in, each once', async () => {
    const claims = { 'cognito:groups': ['finance', 'Büro-1', 'finance'] };
    expect(await pool().verify(tokenWith(claims))).toMatchObject({ groups: ['finance', 'Büro-1'] });
    expect(await pool().verify(tokenWith({}))).not.toHaveProperty('groups');
  });

  it('takes the scheme in any case, and nothing but one token after it', async () => {
    const { authenticate } = pool();
    await expect(authenticate(`bEaReR ${tokenWith({})}`, now)).resolves.toHaveProperty(
      'profile',
      'claude',
    );
    await expect(authenticate(undefined, now)).rejects.toBeInstanceOf(MissingToken);
    await expect(authenticate('', now)).rejects.toBeInstanceOf(MissingToken);
    await expect(authenticate('Basic abc', now)).rejects.toMatchObject({
      code: 'missing_token',
      detail: 'another authorization scheme',
    });
    const token = tokenWith({});
    for (const header of ['Bearer', 'Bearer ', `Bearer  ${token}`, `Bearer ${token} ${token}`])
      await expect(authenticate(header, now)).rejects.toMatchObject({
        code: 'invalid_token',
        detail: 'not one token after the scheme',
      });
  });

  it('is good until it expires and not a second longer, also when its signature is remembered', async () => {
    const { verify } = pool();
    const token = tokenWith({ exp: seconds + 30 });
    await expect(verify(token)).resolves.toBeDefined();
    await expect(verify(token, new Date((seconds + 29) * 1000))).resolves.toBeDefined();
    await expect(verify(token, new Date((seconds + 30) * 1000))).rejects.toMatchObject({
      code: 'invalid_token',
      detail: faults.expired,
    });
  });
});

const otherKey = newKey();
const elliptic = generateKeyPairSync('ec', { namedCurve: 'P-256' });

const withHmac = (header: object): string => {
  // The oldest trick: the public key, which everybody has, as the secret of a symmetric algorithm.
  const input = `${base64url(header)}.${base64url(goodClaims)}`;
  const secret = poolKey.publicKey.export({ format: 'pem', type: 'spki' });
  return `${input}.${createHmac('sha256', secret).update(input).digest('base64url')}`;
};
const unsigned = (alg: string): string =>
  `${base64url({ ...goodHeader, alg })}.${base64url(goodClaims)}.${base64url('x')}`;
const duplicate = (claim: string): string => `${JSON.stringify(goodClaims).slice(0, -1)},${claim}}`;
const withLastCharacter = (token: string, step: number): string => {
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
  // 256 bytes leave two bits of the last character unused: they must be zero.
  return token.slice(0, -1) + alphabet[alphabet.indexOf(token.at(-1) ?? '') + step];
};

/** What the log says of a refused token. */
const faults = {
  notThreeParts: 'not three parts of base64url',
  notCanonical: 'not canonical base64url of UTF-8',
  tooLong: 'longer than a token may be',
  header: 'a header other than RS256 with a key id',
  signature: 'a signature that does not fit',
  unknownKey: 'a key that the pool does not have',
  notJson: 'not two JSON objects with each key once',
  expired: 'expired',
  claim: 'a claim is missing or malformed',
  tooOld: 'issued too long ago',
  ahead: 'issued in the future',
  notYet: 'not valid yet',
  issuer: 'another issuer',
  use: 'not an access token',
  appClient: 'an app client that is not deployed',
  audience: 'another audience',
};

const attacks: readonly (readonly [name: string, token: () => string, fault: string])[] = [
  // AUTH-1
  ['no parts', () => 'token', faults.notThreeParts],
  ['two parts', () => tokenWith({}).split('.').slice(0, 2).join('.'), faults.notThreeParts],
  ['four parts', () => `${tokenWith({})}.AA`, faults.notThreeParts],
  ['five parts, as an encrypted token has', () => `${tokenWith({})}.AA.AA`, faults.notThreeParts],
  [
    'an empty header',
    () => `.${tokenWith({}).split('.').slice(1).join('.')}`,
    faults.notThreeParts,
  ],
  ['an empty payload', () => tokenWith({}).replace(/\..*\./, '..'), faults.notThreeParts],
  ['an empty signature', () => tokenWith({}).replace(/[^.]+$/, ''), faults.notThreeParts],
  ['something before it', () => `!${tokenWith({})}`, faults.notThreeParts],
  [
    'unused bits of the header set',
    () => `${base64url('{}').slice(0, -1)}1.e30.AA`,
    faults.notCanonical,
  ],
  [
    'unused bits of the payload set',
    () => tokenWith({}).replace(/\.[^.]+/, '.e31'),
    faults.notCanonical,
  ],
  ['a header that is no object', () => sign('[]', goodClaims), faults.notJson],
  ['padding', () => `${tokenWith({})}==`, faults.notThreeParts],
  ['the characters of plain base64', () => tokenWith({}).replace(/.$/, '+'), faults.notThreeParts],
  ['a line break inside', () => tokenWith({}).replace('.', '\n.'), faults.notThreeParts],
  [
    'unused bits of the signature set',
    () => withLastCharacter(tokenWith({}), 1),
    faults.notCanonical,
  ],
  [
    'one byte more than a token may have',
    () => tokenWith({ pad: 'x'.repeat(sizes.tokenBytes) }),
    faults.tooLong,
  ],
  // AUTH-2
  ['alg none', () => unsigned('none'), faults.header],
  ['alg None', () => unsigned('None'), faults.header],
  ['alg NONE', () => unsigned('NONE'), faults.header],
  ['alg nOnE', () => unsigned('nOnE'), faults.header],
  ['alg empty', () => unsigned(''), faults.header],
  ['alg missing', () => sign({ kid: 'key-1' }, goodClaims), faults.header],
  ['alg as a list', () => sign({ kid: 'key-1', alg: ['RS256'] }, goodClaims), faults.header],
  [
    'HS256 keyed with the public key',
    () => withHmac({ ...goodHeader, alg: 'HS256' }),
    faults.header,
  ],
  ['HMAC under the name RS256', () => withHmac(goodHeader), faults.signature],
  [
    'RS384, correctly signed',
    () => sign({ ...goodHeader, alg: 'RS384' }, goodClaims, poolKey.privateKey, 'RSA-SHA384'),
    faults.header,
  ],
  [
    'RS512, correctly signed',
    () => sign({ ...goodHeader, alg: 'RS512' }, goodClaims, poolKey.privateKey, 'RSA-SHA512'),
    faults.header,
  ],
  ['PS256', () => sign({ ...goodHeader, alg: 'PS256' }, goodClaims), faults.header],
  [
    'ES256',
    () => sign({ ...goodHeader, alg: 'ES256' }, goodClaims, elliptic.privateKey, 'SHA256'),
    faults.header,
  ],
  ['no kid', () => sign({ alg: 'RS256' }, goodClaims), faults.header],
  ['a kid that the pool does not have', () => tokenWith({}, { kid: 'key-2' }), faults.unknownKey],
  ['a kid that is a path', () => tokenWith({}, { kid: '../../../../dev/null' }), faults.unknownKey],
  ['a kid that is a query', () => tokenWith({}, { kid: "key-1' OR '1'='1" }), faults.header],
  ['a kid with a NUL', () => tokenWith({}, { kid: 'key-1\u0000' }), faults.header],
  ['a kid with a space before', () => tokenWith({}, { kid: ' key-1' }), faults.header],
  ['a kid without end', () => tokenWith({}, { kid: 'k'.repeat(129) }), faults.header],
  ['a kid that is a number', () => tokenWith({}, { kid: 1 }), faults.header],
  ['a kid named __proto__', () => tokenWith({}, { kid: '__proto__' }), faults.unknownKey],
  [
    'another key, handed along as jwk',
    () => sign({ ...goodHeader, jwk: jwkOf(otherKey.publicKey) }, goodClaims, otherKey.privateKey),
    faults.signature,
  ],
  [
    'another key, under jku',
    () =>
      sign({ ...goodHeader, jku: 'https://evil.example/jwks' }, goodClaims, otherKey.privateKey),
    faults.signature,
  ],
  [
    'another key, under x5u',
    () =>
      sign({ ...goodHeader, x5u: 'https://evil.example/cert' }, goodClaims, otherKey.privateKey),
    faults.signature,
  ],
  ['another key', () => sign(goodHeader, goodClaims, otherKey.privateKey), faults.signature],
  ['a critical extension', () => tokenWith({}, { crit: ['b64'], b64: false }), faults.header],
  ['a type that begins with another', () => tokenWith({}, { typ: 'x-jwt' }), faults.header],
  ['a type that ends with another', () => tokenWith({}, { typ: 'jwt+x' }), faults.header],
  ['another type', () => tokenWith({}, { typ: 'JWE' }), faults.header],
  ['a type in a list', () => tokenWith({}, { typ: ['JWT'] }), faults.header],
  [
    'the payload of another token',
    () => {
      const [head, , signature] = tokenWith({}).split('.');
      return `${head}.${base64url({ ...goodClaims, sub: 'somebody-else' })}.${signature}`;
    },
    faults.signature,
  ],
  // One meaning only
  [
    'a key twice in the payload',
    () => sign(goodHeader, duplicate('"sub":"somebody-else"')),
    faults.notJson,
  ],
  [
    'a key twice, once escaped',
    () => sign(goodHeader, duplicate('"\\u0073ub":"somebody-else"')),
    faults.notJson,
  ],
  [
    'a key twice in the header',
    () => sign('{"alg":"RS256","kid":"key-1","alg":"none"}', goodClaims),
    faults.notJson,
  ],
  ['a payload that is a list', () => sign(goodHeader, [goodClaims]), faults.notJson],
  ['a payload that is not JSON', () => sign(goodHeader, 'sub=me'), faults.notJson],
  [
    'a payload that is not UTF-8',
    () => sign(goodHeader, Buffer.from([0x7b, 0xff, 0x7d])),
    faults.notCanonical,
  ],
  [
    'a payload with a byte order mark',
    () => sign(goodHeader, `\ufeff${JSON.stringify(goodClaims)}`),
    faults.notJson,
  ],
  // AUTH-3
  ['expired now', () => tokenWith({ exp: seconds }), faults.expired],
  ['no exp', () => tokenWith({ exp: undefined }), faults.claim],
  ['exp as text', () => tokenWith({ exp: String(seconds + 900) }), faults.claim],
  [
    'exp overflowing to infinity',
    () => sign(goodHeader, JSON.stringify(goodClaims).replace(/"exp":\d+/, '"exp":1e999')),
    faults.claim,
  ],
  [
    'exp beyond exact integers',
    () => sign(goodHeader, JSON.stringify(goodClaims).replace(/"exp":\d+/, '"exp":1e300')),
    faults.claim,
  ],
  ['exp with a fraction', () => tokenWith({ exp: seconds + 900.5 }), faults.claim],
  ['exp negative', () => tokenWith({ exp: -1 }), faults.claim],
  ['no iat', () => tokenWith({ iat: undefined }), faults.claim],
  [
    'iat 25 hours ago, exp still ahead',
    () => tokenWith({ iat: seconds - 25 * hours }),
    faults.tooOld,
  ],
  [
    'iat one second past 24 hours',
    () => tokenWith({ iat: seconds - 24 * hours - 1 }),
    faults.tooOld,
  ],
  ['iat 61 s in the future', () => tokenWith({ iat: seconds + 61 }), faults.ahead],
  ['nbf 61 s in the future', () => tokenWith({ nbf: seconds + 61 }), faults.notYet],
  ['nbf as text', () => tokenWith({ nbf: '0' }), faults.claim],
  // AUTH-4
  [
    'another pool of the region',
    () => tokenWith({ iss: expected.issuer.replace('AbCdEfGhI', 'ZbCdEfGhI') }),
    faults.issuer,
  ],
  ['the issuer with a slash', () => tokenWith({ iss: `${expected.issuer}/` }), faults.issuer],
  [
    'the issuer in capitals',
    () => tokenWith({ iss: expected.issuer.replace('https', 'HTTPS') }),
    faults.issuer,
  ],
  [
    'the issuer under its other host',
    () => tokenWith({ iss: expected.issuer.replace('https://', 'https://issuer-') }),
    faults.issuer,
  ],
  ['our own issuer', () => tokenWith({ iss: 'https://mcp.example.com' }), faults.issuer],
  ['no issuer', () => tokenWith({ iss: undefined }), faults.claim],
  // AUTH-5
  ['an ID token', () => tokenWith({ token_use: 'id', aud: 'appclaude' }), faults.use],
  ['no token_use', () => tokenWith({ token_use: undefined }), faults.claim],
  ['an app client of somebody else', () => tokenWith({ client_id: 'appother' }), faults.appClient],
  [
    'an app client named constructor',
    () => tokenWith({ client_id: 'constructor' }),
    faults.appClient,
  ],
  ['no app client', () => tokenWith({ client_id: undefined }), faults.claim],
  // AUTH-6
  ['no audience', () => tokenWith({ aud: undefined }), faults.claim],
  ['another resource', () => tokenWith({ aud: 'https://other.example.com/mcp' }), faults.audience],
  ['the audience with a slash', () => tokenWith({ aud: `${expected.audience}/` }), faults.audience],
  [
    'two audiences, ours among them',
    () => tokenWith({ aud: [expected.audience, 'https://other.example.com/mcp'] }),
    faults.audience,
  ],
  ['an empty list of audiences', () => tokenWith({ aud: [] }), faults.audience],
  [
    'an audience that is an object',
    () => tokenWith({ aud: { 0: expected.audience } }),
    faults.claim,
  ],
  // AUTH-7
  ['an empty sub', () => tokenWith({ sub: '' }), faults.claim],
  ['no sub', () => tokenWith({ sub: undefined }), faults.claim],
  ['a sub of spaces', () => tokenWith({ sub: '   ' }), faults.claim],
  ['a sub with a line break', () => tokenWith({ sub: 'me\nroot' }), faults.claim],
  ['a sub with a separator of our table', () => tokenWith({ sub: 'me#code' }), faults.claim],
  ['a sub that is a number', () => tokenWith({ sub: 7 }), faults.claim],
  ['a sub without end', () => tokenWith({ sub: 'a'.repeat(129) }), faults.claim],
  ['no username', () => tokenWith({ username: undefined }), faults.claim],
  [
    'a username with a control character',
    () => tokenWith({ username: 'dev\u001b[31m' }),
    faults.claim,
  ],
  ['an address with a space before', () => tokenWith({ email: ' a@example.com' }), faults.claim],
  ['an address with a space after', () => tokenWith({ email: 'a@example.com ' }), faults.claim],
  ['an address that is none', () => tokenWith({ email: 'dev' }), faults.claim],
  ['groups that are one text', () => tokenWith({ 'cognito:groups': '[finance]' }), faults.claim],
  ['a group that is a number', () => tokenWith({ 'cognito:groups': [1] }), faults.claim],
  ['a group with a line break', () => tokenWith({ 'cognito:groups': ['a\nb'] }), faults.claim],
  [
    'more groups than a user can be in',
    () => tokenWith({ 'cognito:groups': Array.from({ length: 101 }, (_, index) => `g${index}`) }),
    faults.claim,
  ],
  ['a session with a separator of our table', () => tokenWith({ origin_jti: '#a' }), faults.claim],
  ['a session that ends with one', () => tokenWith({ origin_jti: 'a#' }), faults.claim],
  ['a session without end', () => tokenWith({ origin_jti: 'a'.repeat(65) }), faults.claim],
  ['an empty session', () => tokenWith({ origin_jti: '' }), faults.claim],
  ['no scope claim', () => tokenWith({ scope: undefined }), faults.claim],
];

describe('refuses', () => {
  it.each(attacks)('%s', async (_name, token, detail) => {
    const { verify } = pool();
    // Refused again: nothing about it was remembered as good.
    for (const _time of [1, 2]) {
      const refused = await verify(token()).catch((error: unknown) => error);
      expect(refused).toBeInstanceOf(InvalidToken);
      expect(refused).toMatchObject({ detail });
    }
  });

  it('says the same to the caller whatever is wrong, and why to the log alone', async () => {
    const { verify } = pool();
    const messages = await Promise.all(
      attacks.map(([, token]) => verify(token()).catch((error: InvalidToken) => error.message)),
    );
    expect(new Set(messages)).toEqual(new Set(['The access token is not valid.']));
  });
});

describe('accepts at the edge', () => {
  it.each([
    ['iat 24 hours ago', { iat: seconds - 24 * hours }],
    ['iat 60 s ahead', { iat: seconds + 60 }],
    ['nbf 60 s ahead', { nbf: seconds + 60 }],
    ['one second left', { exp: seconds + 1 }],
    ['a scope that nobody knows', { scope: 'gatehouse/tools.read openid' }],
    ['no scope at all, which the route refuses later', { scope: '' }],
  ])('%s', async (_name, claims) => {
    await expect(pool().verify(tokenWith(claims))).resolves.toBeDefined();
  });

  it.each(['JWT', 'jwt', 'at+jwt', 'application/at+jwt'])('the type %s', async (typ) => {
    await expect(pool().verify(tokenWith({}, { typ }))).resolves.toBeDefined();
  });

  it('a token of exactly the length that one may have', async () => {
    const padded = (length: number, inHeader: string) =>
      tokenWith({ pad: 'x'.repeat(length) }, { pad: inHeader });
    // Base64url makes four characters of three bytes and has no length of every number.
    const about = Math.floor(((sizes.tokenBytes - padded(0, '').length) * 3) / 4);
    const token = ['', 'x', 'xx']
      .flatMap((pad) => [-2, -1, 0, 1, 2].map((more) => padded(about + more, pad)))
      .find(({ length }) => length === sizes.tokenBytes);
    await expect(pool().verify(token ?? '')).resolves.toBeDefined();
  });

  it('a header that names a type of access tokens, and one that carries what we ignore', async () => {
    await expect(
      pool().verify(tokenWith({}, { typ: 'at+jwt', jku: 'https://evil.example/jwks' })),
    ).resolves.toBeDefined();
  });
});

it('does not fetch keys for a token that is refused anyway', async () => {
  const it_ = pool();
  await expect(it_.verify(tokenWith({ exp: seconds - 5 * minutes }))).rejects.toBeInstanceOf(
    InvalidToken,
  );
  await expect(it_.verify('a.b.c')).rejects.toBeInstanceOf(InvalidToken);
  expect(it_.fetches).toBe(0);
});
