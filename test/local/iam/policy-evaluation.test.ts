import { evaluatePolicy, policyDocument } from '../../../local/iam/policy-evaluation.ts';

const arn = 'arn:aws:execute-api:eu-west-1:123456789012:abcdef1234/local/POST/mcp';
const decide = (...statements: object[]) =>
  evaluatePolicy(
    policyDocument.parse({ Version: '2012-10-17', Statement: statements }),
    'execute-api:Invoke',
    arn,
  );
const allow = { Effect: 'Allow', Action: 'execute-api:Invoke', Resource: arn };

describe('the evaluation of an authorizer policy', () => {
  it.each([
    ['the very method', arn],
    ['every method', '*'],
    ['a wildcard over slashes', 'arn:aws:execute-api:*:*:abcdef1234/local/*'],
    ['one of several', [`${arn}x`, arn]],
    ['a question mark', arn.replace('POST', '????')],
  ])('allows %s', (_, Resource) => {
    expect(decide({ ...allow, Resource })).toBe('allow');
  });

  it('lets a deny win over any allow', () => {
    expect(decide(allow, { ...allow, Effect: 'Deny', Resource: '*' })).toBe('explicit deny');
  });

  it.each([
    ['another method', { ...allow, Resource: arn.replace('POST', 'GET') }],
    ['another action', { ...allow, Action: 'execute-api:ManageConnections' }],
    [
      'a pattern that only looks alike',
      { ...allow, Resource: arn.replace('abcdef1234', 'abcdef.234') },
    ],
    ['a longer path', { ...allow, Resource: `${arn}/x` }],
  ])('denies what nothing allows: %s', (_, statement) => {
    expect(decide(statement)).toBe('implicit deny');
  });

  it('takes wildcard actions in any case', () => {
    expect(decide({ ...allow, Action: 'Execute-API:*' })).toBe('allow');
  });

  it.each([
    ['a condition', { ...allow, Condition: { IpAddress: {} } }],
    ['NotResource', { Effect: 'Allow', Action: '*', NotResource: 'x' }],
    ['no effect', { Action: '*', Resource: '*' }],
  ])('does not guess at %s', (_, statement) => {
    expect(
      policyDocument.safeParse({ Version: '2012-10-17', Statement: [statement] }).success,
    ).toBe(false);
  });
});
