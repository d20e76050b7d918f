import { strayExpressions } from './expressions.ts';
import { filesUnder } from './tracked-files.ts';

describe('DynamoDB expressions and key formats', () => {
  test('stand in the store room and nowhere else', () => {
    const files = filesUnder('lambdas', 'bin', 'lib');
    expect(files.some(({ path }) => path === 'lambdas/store/users.ts')).toBe(true);
    expect(strayExpressions(files)).toEqual([]);
  });

  test.each([
    ['an update', "const update = 'SET blocked = :true';"],
    ['an update of an attribute without a fixed name', "update: 'REMOVE #old',"],
    ['a condition', "condition: 'attribute_not_exists(blocked)',"],
    ['a comparison', "condition: 'validUntil > :now',"],
    ['a filter', "const filter = 'begins_with(pk, :user)';"],
    ['a key', ['const pk = `user#', '{sub}`;'].join('$')],
    ['the prefix of a key', "pk.startsWith('user#')"],
    ['a parameter of the API', 'UpdateExpression: update,'],
  ])('%s is found elsewhere', (_, text) => {
    expect(strayExpressions([{ path: 'lambdas/token/redeem.ts', text }])).toEqual([
      'lambdas/token/redeem.ts:1',
    ]);
    expect(strayExpressions([{ path: 'bin/user/actions.ts', text }])).toEqual([
      'bin/user/actions.ts:1',
    ]);
  });

  test('the parameters have their names on the two ways to the wire, expressions have not', () => {
    const found = (text: string) => strayExpressions([{ path: 'bin/target/table.ts', text }]);
    expect(found('UpdateExpression: update,')).toEqual([]);
    expect(found("UpdateExpression: 'SET blocked = :true',")).toEqual(['bin/target/table.ts:1']);
  });

  test('what only looks like one is left alone', () => {
    const found = (text: string) => strayExpressions([{ path: 'lambdas/http/headers.ts', text }]);
    expect(found("const anchor = 'docs/runbook.md#block';")).toEqual([]);
    expect(found('if (count >= limit) return total === 0;')).toEqual([]);
    expect(found("leadingKeys: ['user#*'],")).toEqual([]);
  });
});
