import { createHash } from 'node:crypto';
import fc from 'fast-check';
import * as z from 'zod/mini';
import { HttpError } from '../../../lambdas/errors/errors.ts';
import { displayName } from '../../../lambdas/oauth/display-name.ts';
import {
  formOf,
  given,
  parameter,
  parseParameters,
  valuesOf,
} from '../../../lambdas/oauth/parameters.ts';
import { challengeOf, codeChallenge, codeVerifier } from '../../../lambdas/oauth/pkce.ts';
import { canonicalResource } from '../../../lambdas/oauth/resource-indicator.ts';
import { grantedScopes } from '../../../lambdas/oauth/scope.ts';
import { hashOf, newSecret } from '../../../lambdas/oauth/secret.ts';
import { sizes } from '../../../policy/limits.ts';

describe('PKCE', () => {
  it('agrees with the example of RFC 7636 appendix B', () =>
    expect(challengeOf('dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk')).toBe(
      'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM',
    ));

  it('takes verifiers of 43 to 128 unreserved characters, and challenges of 43 of base64url', () => {
    for (const verifier of ['a'.repeat(43), 'a'.repeat(128), `${'a'.repeat(40)}-._~`])
      expect(codeVerifier.safeParse(verifier).success).toBe(true);
    for (const verifier of [
      'a'.repeat(42),
      'a'.repeat(129),
      `${'a'.repeat(43)}+`,
      `+${'a'.repeat(43)}`,
      `${'a'.repeat(43)}\n`,
      '',
    ])
      expect(codeVerifier.safeParse(verifier).success).toBe(false);
    expect(
      codeChallenge.safeParse(createHash('sha256').update('x').digest('base64url')).success,
    ).toBe(true);
    for (const challenge of [
      'a'.repeat(42),
      'a'.repeat(44),
      `${'a'.repeat(42)}=`,
      `${'a'.repeat(42)}+`,
    ])
      expect(codeChallenge.safeParse(challenge).success).toBe(false);
  });
});

describe('a resource indicator', () => {
  const issuer = 'https://mcp.example.com/prod';
  const resource = `${issuer}/mcp`;

  it.each([
    undefined,
    resource,
    `${resource}/`,
    `${resource}?x=1`,
    `${resource}/?x=1`,
    issuer,
    `${issuer}/`,
    'https://MCP.example.com/prod/mcp',
  ])('that is %s is ours, in its one spelling', (requested) =>
    expect(canonicalResource(requested === undefined ? [] : [requested], resource, issuer)).toBe(
      resource,
    ),
  );

  it.each([
    'https://mcp.example.com',
    'https://mcp.example.com/mcp',
    'https://mcp.example.com/dev/mcp',
    `${resource}/x`,
    `${resource}//`,
    `${resource}x`,
    `${resource}#x`,
    'https://mcp.example.com:8443/prod/mcp',
    'http://mcp.example.com/prod/mcp',
    'https://mcp.example.com.evil.example/prod/mcp',
    'https://x@mcp.example.com/prod/mcp',
    'https://:x@mcp.example.com/prod/mcp',
    'https://mcp.example.com./prod/mcp',
    '/prod/mcp',
    'mcp',
    '',
  ])('that is %s is foreign', (requested) =>
    expect(() => canonicalResource([requested], resource, issuer)).toThrow(HttpError),
  );

  it('may be named several times, as long as each is ours and there are few', () => {
    const several = [resource, resource, `${resource}/`, issuer];
    const most = Array.from({ length: sizes.resourceIndicators }, () => resource);
    for (const taken of [several, most])
      expect(canonicalResource(taken, resource, issuer)).toBe(resource);
    for (const refused of [[...several, 'https://evil.example'], Array(9).fill(resource)])
      expect(() => canonicalResource(refused, resource, issuer)).toThrow(HttpError);
  });

  it('is decided for any text by an answer or by our own error', () => {
    fc.assert(
      fc.property(fc.oneof(fc.webUrl(), fc.string({ unit: 'binary' })), (text) => {
        try {
          expect(canonicalResource([text], resource, issuer)).toBe(resource);
        } catch (error) {
          expect(error).toBeInstanceOf(HttpError);
        }
      }),
    );
  });
});

describe('granted scopes', () => {
  const available = ['gatehouse/tools.read', 'gatehouse/tools.call'];
  it.each([
    [undefined, available],
    ['', available],
    ['gatehouse/tools.read', ['gatehouse/tools.read']],
    ['gatehouse/tools.call gatehouse/tools.read', available],
    ['gatehouse/tools.read gatehouse/tools.read', ['gatehouse/tools.read']],
    // What real clients add: claude.ai with a leading space, mcp-remote, Claude Code.
    [' offline_access', available],
    ['openid email profile', available],
    ['gatehouse/tools.read offline_access', ['gatehouse/tools.read']],
  ])('for %j are %j', (requested, granted) =>
    expect(grantedScopes(requested, available)).toEqual(granted),
  );

  it.each([
    'gatehouse/admin',
    'gatehouse/tools.read gatehouse/admin',
    'GATEHOUSE/tools.read',
    'gatehouse/*',
    'aws.cognito.signin.user.admin',
    '__proto__',
  ])('are none at all for %j', (requested) =>
    expect(() => grantedScopes(requested, available)).toThrow(HttpError),
  );

  it('are never more than there are', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        try {
          expect(available).toEqual(expect.arrayContaining([...grantedScopes(text, available)]));
        } catch (error) {
          expect(error).toBeInstanceOf(HttpError);
        }
      }),
    );
  });
});

describe('a form', () => {
  it('has each parameter once', () => {
    expect(formOf('a=1&b=%C3%A9+x')).toEqual({ a: '1', b: '\u00e9 x' });
    expect(() => formOf('a=1&a=1')).toThrow(HttpError);
    expect(() => formOf('a=1&%61=2')).toThrow(HttpError);
    expect(() => formOf('a=&a=1')).toThrow(HttpError);
  });

  it('says what is wrong with it', () => {
    expect(() => formOf('a=1&a=2')).toThrow('A parameter was sent more than once.');
    const schema = z.object({ code: parameter });
    expect(() => parseParameters(schema, {})).toThrow(
      'The parameter code is missing or malformed.',
    );
  });

  it('gives every value of a parameter that may be repeated', () =>
    expect(valuesOf('a=1&b=2&a=&a=3', 'a')).toEqual(['1', '3']));

  it('leaves out what has no value', () => expect(given({ a: '', b: '1' })).toEqual({ b: '1' }));

  it('is read for any text by an answer or by our own error, and never reaches a prototype', () => {
    expect(Object.keys(formOf('__proto__=x&constructor=y'))).toEqual(['__proto__', 'constructor']);
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        try {
          formOf(text);
        } catch (error) {
          expect(error).toBeInstanceOf(HttpError);
        }
      }),
    );
  });
});

describe('a display name', () => {
  it.each([
    ['Claude', 'Claude'],
    ['  Claude   Code\n', 'Claude Code'],
    ['a\u202egnp.exe', 'agnp.exe'],
    ['a\u2066b\u2069', 'ab'],
    ['a\u200bb\u00adc\ufeff', 'abc'],
    ['a\u0000b\u001b[31m', 'ab[31m'],
    ['a\u2028b', 'a b'],
    ['\u3164', ''],
    ['\u2800\u2800', ''],
    ['C\u034fl\ufe0fa\u17b4ude\u{e0041}', 'Claude'],
    ['e\u034f\u0301', '\u00e9'],
    ['Claude” to connect? “x', 'Claude” to connect? “x'],
    ['e\u0301', '\u00e9'],
    ['x'.repeat(200), 'x'.repeat(80)],
  ])('%j becomes %j', (name, shown) => expect(displayName(name)).toBe(shown));

  it.each([
    ['keeps no room for spaces before it', ` ${'x'.repeat(200)}`, 'x'.repeat(200)],
    ['ends with a word where it is cut', `${'x'.repeat(10)} `.repeat(200), undefined],
    ['has one space where nothing visible stood between two', 'a \u200b b', 'a b'],
    ['is not read beyond its beginning', `${' '.repeat(sizes.clientNameReadCharacters)}x`, ''],
  ])('%s', (_name, name, whole) => {
    const shown = displayName(name);
    expect(shown).toBe(shown.trim());
    expect([...shown].length).toBeLessThanOrEqual(sizes.clientNameCharacters);
    if (whole !== undefined)
      expect(shown).toBe([...whole].slice(0, sizes.clientNameCharacters).join(''));
  });

  it('is short, on one line, and the same when it is made safe again', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (name) => {
        const shown = displayName(name);
        expect([...shown].length).toBeLessThanOrEqual(80);
        expect(shown).not.toMatch(/[\p{C}\p{Zl}\p{Zp}\n\r\t]/u);
        expect(displayName(shown)).toBe(shown);
      }),
    );
  });
});

describe('a secret', () => {
  it('has 256 bits and is new each time', () => {
    expect(Buffer.from(newSecret(), 'base64url')).toHaveLength(32);
    expect(newSecret()).not.toBe(newSecret());
  });

  it('has a hash that parts cannot be moved about in', () =>
    expect(hashOf('a', 'bc')).not.toBe(hashOf('ab', 'c')));
});
