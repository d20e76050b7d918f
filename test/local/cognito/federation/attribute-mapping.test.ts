import { groupsOf } from '../../../../lambdas/pre-token-generation/groups.ts';
import {
  attributeText,
  mappedAttributes,
} from '../../../../local/cognito/federation/attribute-mapping.ts';

it.each([
  ['finance', 'finance'],
  [true, 'true'],
  [7, '7'],
  [['finance'], 'finance'],
  [[], '[]'],
  [['finance', 'Domain Admins'], '[finance, Domain+Admins]'],
  [['a, b', 'c]'], '[a%2C+b, c%5D]'],
])('keeps the claim %j as the text %s', (claim, text) => {
  expect(attributeText(claim)).toBe(text);
});

it.each([[['finance', 'Domain Admins']], [['one']], [[]], [['Ünï', 'a+b', 'x.y-z_*']]])(
  'the trigger reads the groups %j as the provider named them',
  (groups) => {
    expect(groupsOf(attributeText(groups))).toEqual(groups);
  },
);

it('names no attribute whose claim is not there, and none by a name of the language', () => {
  const mapping = { email: 'mail', name: 'constructor', nickname: 'nick' };
  expect(mappedAttributes(mapping, { mail: 'a@example.com', nick: null })).toEqual({
    email: 'a@example.com',
  });
});

it('refuses what the pool cannot hold', () => {
  expect(() => mappedAttributes({ name: 'name' }, { name: 'a'.repeat(2049) })).toThrow(
    /exceeds the maximum length/,
  );
});
