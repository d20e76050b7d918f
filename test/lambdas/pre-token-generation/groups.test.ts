import { array, assert, constantFrom, integer, property, string, tuple } from 'fast-check';
import { groupsOf } from '../../../lambdas/pre-token-generation/groups.ts';
import { groupName } from '../../../policy/groups.ts';
import { attributeCharacters } from '../../../policy/identity.ts';
import { sizes } from '../../../policy/limits.ts';

/** As Cognito writes one of several values: form-encoded, but for letters, digits and `.-*_`. */
const encoded = (name: string): string => new URLSearchParams([['', name]]).toString().slice(1);

const anyName = string({ unit: 'grapheme', maxLength: 40 }).filter((name) =>
  groupName().test(name),
);
/** A name that a provider may send without encoding it. */
const plainName = anyName.filter((name) => !/[[\],%+"]/.test(name));

describe('the groups of a provider', () => {
  test.each([
    ['finance', ['finance']],
    ['CN=Finance,OU=Groups', ['CN=Finance,OU=Groups']],
    ['[finance, sales]', ['finance', 'sales']],
    ['[finance,sales,finance]', ['finance', 'sales']],
    ['[Domain Admins, größe]', ['Domain Admins', 'größe']],
    ['[Domain+Admins, gr%C3%B6%C3%9Fe, a%2Cb]', ['Domain Admins', 'größe', 'a,b']],
    ['["finance", "Domain Admins"]', ['finance', 'Domain Admins']],
    ['[3f2504e0-4f89-11d3-9a0c-0305e82c3301]', ['3f2504e0-4f89-11d3-9a0c-0305e82c3301']],
  ])('%s', (text, groups) => {
    expect(groupsOf(text)).toEqual(groups);
  });

  test.each([
    ['nothing', ''],
    ['an empty list', '[]'],
    ['an empty name', '[finance, ]'],
    ['a name with a control character', '[finance, a\u0000b]'],
    ['one that is encoded', '[finance, a%00b]'],
    ['bytes that are no UTF-8', '[finance, %ff]'],
    ['an encoding that breaks off', '[finance, a%2]'],
    ['two spaces within a name', 'Domain  Admins'],
    ['a name over 128 characters', `[finance, ${'x'.repeat(129)}]`],
    ['JSON that breaks off', '["finance", "sales]'],
    ['JSON of something else', '["finance", 1]'],
    ['JSON of lists', '["finance", ["sales"]]'],
    [
      'more than a user may be in',
      `[${Array.from({ length: sizes.groupsPerUser + 1 }, (_, n) => n)}]`,
    ],
    ['more than an attribute holds', 'x '.repeat(attributeCharacters / 2).concat('x')],
  ])('none of %s', (_name, text) => {
    expect(groupsOf(text)).toEqual([]);
  });

  test('every list of names that Cognito encodes comes back as it was', () => {
    assert(
      property(array(anyName, { minLength: 2, maxLength: 20 }), (names) => {
        const text = `[${names.map(encoded).join(', ')}]`;
        expect(groupsOf(text)).toEqual(
          text.length > attributeCharacters ? [] : [...new Set(names)],
        );
      }),
    );
  });

  test('every list of names that need no encoding comes back as it was', () => {
    assert(
      property(
        array(plainName, { minLength: 1, maxLength: 20 }),
        constantFrom(', ', ','),
        (names, separator) => {
          const text = `[${names.join(separator)}]`;
          expect(groupsOf(text)).toEqual(
            text.length > attributeCharacters ? [] : [...new Set(names)],
          );
        },
      ),
    );
  });

  test('whatever the text, there are as many good names as a token may have, or none', () => {
    const piece = constantFrom(
      '[',
      ']',
      ',',
      ' ',
      '"',
      '%',
      '%2C',
      '+',
      '\\',
      '\u0000',
      'a',
      'é',
      '𝒳',
    );
    const text = array(piece, { maxLength: 60 }).map((pieces) => pieces.join(''));
    assert(
      property(
        tuple(text, string({ unit: 'binary' }), integer({ min: 1, max: 200 })),
        ([one, other, times]) => {
          for (const given of [one, other, `[${one}]`, `[${other}]`, one.repeat(times)]) {
            const groups = groupsOf(given);
            expect(groups.length).toBeLessThanOrEqual(sizes.groupsPerUser);
            expect(new Set(groups).size).toBe(groups.length);
            for (const group of groups) expect(group).toMatch(groupName());
          }
        },
      ),
    );
  });

  test('one name that cannot be read leaves none of the others', () => {
    assert(
      property(array(plainName, { maxLength: 5 }), integer({ min: 0, max: 5 }), (names, at) => {
        expect(groupsOf(`[${names.toSpliced(at, 0, 'a%2').join(', ')}]`)).toEqual([]);
      }),
    );
  });
});
