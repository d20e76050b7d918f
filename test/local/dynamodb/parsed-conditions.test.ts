import parser from 'dynalite/db/conditionParser.js';
import { remembering } from '../../../local/dynamodb/parsed-conditions.ts';

/** As dynalite calls its parser. */
const optionsOf = (
  attrNames: Readonly<Record<string, string>>,
  attrVals: Readonly<Record<string, object>>,
) => ({
  context: {
    attrNames,
    attrVals,
    unusedAttrNames: Object.fromEntries(Object.keys(attrNames).map((name) => [name, true])),
    unusedAttrVals: Object.fromEntries(Object.keys(attrVals).map((name) => [name, true])),
    isReserved: () => false,
    compare: (_comparison: string, left: object, right: object) =>
      JSON.stringify(left) > JSON.stringify(right),
  },
});

let parsings = 0;
const parse = remembering((expression, options) => {
  parsings += 1;
  return parser.parse(expression, options);
});

/** What the parser makes of a condition, what it leaves unused, and whether it was asked. */
const parsed = (
  expression: string,
  names: Readonly<Record<string, string>>,
  values: Readonly<Record<string, object>>,
) => {
  const [remembered, plain] = [optionsOf(names, values), optionsOf(names, values)];
  const before = parsings;
  const result = parse(expression, remembered);
  expect(result).toEqual(parser.parse(expression, plain));
  expect(remembered.context.unusedAttrNames).toEqual(plain.context.unusedAttrNames);
  expect(remembered.context.unusedAttrVals).toEqual(plain.context.unusedAttrVals);
  return { result, isParsed: parsings > before };
};

const room = '(attribute_not_exists(#n) OR #n <= :most) AND begins_with(pk, :start)';

it('parses a condition once for other values, and answers as the parser does', () => {
  const ask = (most: string) =>
    parsed(room, { '#n': 'count', '#spare': 'x' }, { ':most': { N: most }, ':start': { S: most } });
  expect(ask('1').isParsed).toBe(true);
  const second = ask('2');
  expect(second.isParsed).toBe(false);
  expect(JSON.stringify(second.result)).toContain('{"N":"2"}');
});

it.each([
  ['names', { '#n': 'other' }, { ':most': { N: '1' }, ':start': { S: 'a' } }],
  ['types of values', { '#n': 'count' }, { ':most': { S: '1' }, ':start': { S: 'a' } }],
])('parses again for other %s', (_what, names, values) => {
  expect(parsed(room, names, values).isParsed).toBe(true);
});

it('parses again what looks at values: their order, and the name of a type', () => {
  const between = (low: string) =>
    parsed('n BETWEEN :low AND :high', {}, { ':low': { N: low }, ':high': { N: '5' } });
  expect([typeof between('1').result, typeof between('9').result]).toEqual(['object', 'string']);
  const type = (name: string) => parsed('attribute_type(n, :type)', {}, { ':type': { S: name } });
  expect([typeof type('S').result, typeof type('X').result]).toEqual(['object', 'string']);
});

it('says what is wrong with a faulty condition each time', () => {
  for (const _time of [1, 2])
    expect(parsed('begins_with(n, :n)', {}, { ':n': { N: '1' } })).toEqual({
      isParsed: true,
      result: expect.stringContaining('Incorrect operand type'),
    });
});
