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
    expect(await pool().verify(tokenWith({ origin_jti: 'session-1' }))).toMatchObject({
      session: 'session-1',
    });
  });

  it('may come without an address, and with its audience as a list of one', async () => {
    const caller = await pool().verify(tokenWith({ email: undefined, aud: [expected.audience] }));
    expect(caller).not.toHaveProperty('email');
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
    await expect(authenticate('Basic abc', now)).rejects.toBeInstanceOf(MissingToken);
    await expect(authenticate('Bearer', now)).rejects.toBeInstanceOf(InvalidToken);
    await expect(authenticate(`Bearer  ${tokenWith({})}`, now)).rejects.toBeInstanceOf(
      InvalidToken,
    );
    await expect(
      authenticate(`Bearer ${tokenWith({})} ${tokenWith({})}`, now),
    ).rejects.toBeInstanceOf(InvalidToken);
  });

  it('is good until it expires and not a second longer, also when its signature is remembered', async () => {
    const { verify } = pool();
    const token = tokenWith({ exp: seconds + 30 });
    await expect(verify(token)).resolves.toBeDefined();
    await expect(verify(token, new Date((seconds + 29) * 1000))).resolves.toBeDefined();
    await expect(verify(token, new Date((seconds + 30) * 1000))).rejects.toThrow(InvalidToken);
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

const attacks: readonly (readonly [name: string, token: () => string])[] = [
  // AUTH-1
  ['no parts', () => 'token'],
  ['two parts', () => tokenWith({}).split('.').slice(0, 2).join('.')],
  ['four parts', () => `${tokenWith({})}.AA`],
  ['five parts, as an encrypted token has', () => `${tokenWith({})}.AA.AA`],
  ['an empty header', () => `.${tokenWith({}).split('.').slice(1).join('.')}`],
  ['an empty payload', () => tokenWith({}).replace(/\..*\./, '..')],
  ['an empty signature', () => tokenWith({}).replace(/[^.]+$/, '')],
  ['padding', () => `${tokenWith({})}==`],
  ['the characters of plain base64', () => tokenWith({}).replace(/.$/, '+')],
  ['a line break inside', () => tokenWith({}).replace('.', '\n.')],
  ['unused bits of the signature set', () => withLastCharacter(tokenWith({}), 1)],
  ['one byte more than a token may have', () => tokenWith({ pad: 'x'.repeat(sizes.tokenBytes) })],
  // AUTH-2
  ['alg none', () => unsigned('none')],
  ['alg None', () => unsigned('None')],
  ['alg NONE', () => unsigned('NONE')],
  ['alg nOnE', () => unsigned('nOnE')],
  ['alg empty', () => unsigned('')],
  ['alg missing', () => sign({ kid: 'key-1' }, goodClaims)],
  ['alg as a list', () => sign({ kid: 'key-1', alg: ['RS256'] }, goodClaims)],
  ['HS256 keyed with the public key', () => withHmac({ ...goodHeader, alg: 'HS256' })],
  ['HMAC under the name RS256', () => withHmac(goodHeader)],
  [
    'RS384, correctly signed',
    () => sign({ ...goodHeader, alg: 'RS384' }, goodClaims, poolKey.privateKey, 'RSA-SHA384'),
  ],
  [
    'RS512, correctly signed',
    () => sign({ ...goodHeader, alg: 'RS512' }, goodClaims, poolKey.privateKey, 'RSA-SHA512'),
  ],
  ['PS256', () => sign({ ...goodHeader, alg: 'PS256' }, goodClaims)],
  ['ES256', () => sign({ ...goodHeader, alg: 'ES256' }, goodClaims, elliptic.privateKey, 'SHA256')],
  ['no kid', () => sign({ alg: 'RS256' }, goodClaims)],
  ['a kid that the pool does not have', () => tokenWith({}, { kid: 'key-2' })],
  ['a kid that is a path', () => tokenWith({}, { kid: '../../../../dev/null' })],
  ['a kid that is a query', () => tokenWith({}, { kid: "key-1' OR '1'='1" })],
  ['a kid with a NUL', () => tokenWith({}, { kid: 'key-1\u0000' })],
  ['a kid that is a number', () => tokenWith({}, { kid: 1 })],
  ['a kid named __proto__', () => tokenWith({}, { kid: '__proto__' })],
  [
    'another key, handed along as jwk',
    () => sign({ ...goodHeader, jwk: jwkOf(otherKey.publicKey) }, goodClaims, otherKey.privateKey),
  ],
  [
    'another key, under jku',
    () =>
      sign({ ...goodHeader, jku: 'https://evil.example/jwks' }, goodClaims, otherKey.privateKey),
  ],
  [
    'another key, under x5u',
    () =>
      sign({ ...goodHeader, x5u: 'https://evil.example/cert' }, goodClaims, otherKey.privateKey),
  ],
  ['another key', () => sign(goodHeader, goodClaims, otherKey.privateKey)],
  ['a critical extension', () => tokenWith({}, { crit: ['b64'], b64: false })],
  ['another type', () => tokenWith({}, { typ: 'JWE' })],
  [
    'the payload of another token',
    () => {
      const [head, , signature] = tokenWith({}).split('.');
      return `${head}.${base64url({ ...goodClaims, sub: 'somebody-else' })}.${signature}`;
    },
  ],
  // One meaning only
  ['a key twice in the payload', () => sign(goodHeader, duplicate('"sub":"somebody-else"'))],
  ['a key twice, once escaped', () => sign(goodHeader, duplicate('"\\u0073ub":"somebody-else"'))],
  [
    'a key twice in the header',
    () => sign('{"alg":"RS256","kid":"key-1","alg":"none"}', goodClaims),
  ],
  ['a payload that is a list', () => sign(goodHeader, [goodClaims])],
  ['a payload that is not JSON', () => sign(goodHeader, 'sub=me')],
  ['a payload that is not UTF-8', () => sign(goodHeader, Buffer.from([0x7b, 0xff, 0x7d]))],
  [
    'a payload with a byte order mark',
    () => sign(goodHeader, `\ufeff${JSON.stringify(goodClaims)}`),
  ],
  // AUTH-3
  ['expired now', () => tokenWith({ exp: seconds })],
  ['no exp', () => tokenWith({ exp: undefined })],
  ['exp as text', () => tokenWith({ exp: String(seconds + 900) })],
  [
    'exp overflowing to infinity',
    () => sign(goodHeader, JSON.stringify(goodClaims).replace(/"exp":\d+/, '"exp":1e999')),
  ],
  [
    'exp beyond exact integers',
    () => sign(goodHeader, JSON.stringify(goodClaims).replace(/"exp":\d+/, '"exp":1e300')),
  ],
  ['exp with a fraction', () => tokenWith({ exp: seconds + 900.5 })],
  ['exp negative', () => tokenWith({ exp: -1 })],
  ['no iat', () => tokenWith({ iat: undefined })],
  ['iat 25 hours ago, exp still ahead', () => tokenWith({ iat: seconds - 25 * hours })],
  ['iat one second past 24 hours', () => tokenWith({ iat: seconds - 24 * hours - 1 })],
  ['iat 61 s in the future', () => tokenWith({ iat: seconds + 61 })],
  ['nbf 61 s in the future', () => tokenWith({ nbf: seconds + 61 })],
  ['nbf as text', () => tokenWith({ nbf: '0' })],
  // AUTH-4
  [
    'another pool of the region',
    () => tokenWith({ iss: expected.issuer.replace('AbCdEfGhI', 'ZbCdEfGhI') }),
  ],
  ['the issuer with a slash', () => tokenWith({ iss: `${expected.issuer}/` })],
  ['the issuer in capitals', () => tokenWith({ iss: expected.issuer.replace('https', 'HTTPS') })],
  [
    'the issuer under its other host',
    () => tokenWith({ iss: expected.issuer.replace('https://', 'https://issuer-') }),
  ],
  ['our own issuer', () => tokenWith({ iss: 'https://mcp.example.com' })],
  ['no issuer', () => tokenWith({ iss: undefined })],
  // AUTH-5
  ['an ID token', () => tokenWith({ token_use: 'id', aud: 'appclaude' })],
  ['no token_use', () => tokenWith({ token_use: undefined })],
  ['an app client of somebody else', () => tokenWith({ client_id: 'appother' })],
  ['an app client named constructor', () => tokenWith({ client_id: 'constructor' })],
  ['no app client', () => tokenWith({ client_id: undefined })],
  // AUTH-6
  ['no audience', () => tokenWith({ aud: undefined })],
  ['another resource', () => tokenWith({ aud: 'https://other.example.com/mcp' })],
  ['the audience with a slash', () => tokenWith({ aud: `${expected.audience}/` })],
  [
    'two audiences, ours among them',
    () => tokenWith({ aud: [expected.audience, 'https://other.example.com/mcp'] }),
  ],
  ['an empty list of audiences', () => tokenWith({ aud: [] })],
  ['an audience that is an object', () => tokenWith({ aud: { 0: expected.audience } })],
  // AUTH-7
  ['an empty sub', () => tokenWith({ sub: '' })],
  ['no sub', () => tokenWith({ sub: undefined })],
  ['a sub of spaces', () => tokenWith({ sub: '   ' })],
  ['a sub with a line break', () => tokenWith({ sub: 'me\nroot' })],
  ['a sub with a separator of our table', () => tokenWith({ sub: 'me#code' })],
  ['a sub that is a number', () => tokenWith({ sub: 7 })],
  ['a sub without end', () => tokenWith({ sub: 'a'.repeat(129) })],
  ['no username', () => tokenWith({ username: undefined })],
  ['a username with a control character', () => tokenWith({ username: 'dev\u001b[31m' })],
  ['an address that is none', () => tokenWith({ email: 'dev' })],
  ['groups that are one text', () => tokenWith({ 'cognito:groups': '[finance]' })],
  ['a group that is a number', () => tokenWith({ 'cognito:groups': [1] })],
  ['a group with a line break', () => tokenWith({ 'cognito:groups': ['a\nb'] })],
  [
    'more groups than a user can be in',
    () => tokenWith({ 'cognito:groups': Array.from({ length: 101 }, (_, index) => `g${index}`) }),
  ],
  ['no scope claim', () => tokenWith({ scope: undefined })],
];

describe('refuses', () => {
  it.each(attacks)('%s', async (_name, token) => {
    const { verify } = pool();
    await expect(verify(token())).rejects.toBeInstanceOf(InvalidToken);
    // Refused again: nothing about it was remembered as good.
    await expect(verify(token())).rejects.toBeInstanceOf(InvalidToken);
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
