import { type Action, isAllowed, policyDocument } from '../../../local/iam/role-policy.ts';

const table = 'arn:aws:dynamodb:eu-central-1:123456789012:table/gatehouse';
const read: Action = { action: 'dynamodb:GetItem', resource: table, leadingKeys: ['user#1'] };

const allows = (Statement: unknown, act: Action = read): boolean =>
  isAllowed(policyDocument.parse({ Version: '2012-10-17', Statement }), act);

const grant = { Effect: 'Allow', Action: 'dynamodb:GetItem', Resource: table };
const keyed = {
  ...grant,
  Condition: {
    'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': ['user#*'] },
    Null: { 'dynamodb:LeadingKeys': 'false' },
  },
};

describe("a role's policies", () => {
  it('allow what a statement names, and nothing without one', () => {
    expect(allows([grant])).toBe(true);
    expect(allows(grant)).toBe(true);
    expect(allows([])).toBe(false);
    expect(allows([grant], { ...read, action: 'dynamodb:GetItems' })).toBe(false);
    expect(allows([grant], { ...read, action: 'dynamodb:PutItem' })).toBe(false);
    expect(allows([grant], { ...read, resource: `${table}/index/by-name` })).toBe(false);
  });

  it.each([
    ['dynamodb:*', true],
    ['*', true],
    ['DYNAMODB:getitem', true],
    ['dynamodb:Get????', true],
    ['dynamodb:Get?', false],
    ['dynamodb.GetItem', false],
  ])('take wildcards: %s allows dynamodb:GetItem: %s', (Action, expected) => {
    expect(allows([{ ...grant, Action: [Action, 'dynamodb:Scan'] }])).toBe(expected);
  });

  it('let a denial beat every permission', () => {
    expect(allows([grant, { ...grant, Effect: 'Deny', Action: 'dynamodb:*' }])).toBe(false);
    expect(allows([grant, { ...grant, Effect: 'Deny', Action: 'dynamodb:PutItem' }])).toBe(true);
  });

  it('reach the partition keys of their condition and no others', () => {
    expect(allows([keyed])).toBe(true);
    expect(allows([keyed], { ...read, leadingKeys: ['client#1'] })).toBe(false);
    expect(allows([keyed], { ...read, leadingKeys: ['user#1', 'client#1'] })).toBe(false);
    expect(allows([keyed], { ...read, leadingKeys: ['xuser#1'] })).toBe(false);
  });

  it('allow a request that names only attributes of their condition', () => {
    const owned = {
      ...keyed,
      Condition: {
        ...keyed.Condition,
        'ForAllValues:StringEquals': { 'dynamodb:Attributes': ['pk', 'claimed'] },
      },
    };
    expect(allows([owned], { ...read, attributes: ['pk', 'claimed'] })).toBe(true);
    expect(allows([owned], { ...read, attributes: ['pk', 'claimed', 'clientId'] })).toBe(false);
    expect(allows([owned], { ...read, leadingKeys: ['client#1'], attributes: ['pk'] })).toBe(false);
  });

  it('refuse a request without a key only where the condition asks for one, as IAM does', () => {
    const { Null: _, ...withoutNull } = keyed.Condition;
    const scan = { ...read, leadingKeys: undefined };
    expect(allows([keyed], scan)).toBe(false);
    expect(allows([{ ...keyed, Condition: withoutNull }], scan)).toBe(true);
  });

  it('compare keys literally where the condition says so', () => {
    const exact = {
      ...grant,
      Condition: { 'ForAllValues:StringEquals': { 'dynamodb:LeadingKeys': 'user#*' } },
    };
    expect(allows([exact])).toBe(false);
    expect(allows([exact], { ...read, leadingKeys: ['user#*'] })).toBe(true);
  });

  it.each([
    [
      'a condition that is not emulated',
      { ...grant, Condition: { StringEquals: { 'aws:SourceVpc': 'vpc-1' } } },
    ],
    ['NotAction', { Effect: 'Allow', NotAction: 'iam:*', Resource: '*' }],
    ['NotResource', { Effect: 'Allow', Action: 'dynamodb:*', NotResource: '*' }],
  ])('are not guessed at: %s is refused', (_what, statement) => {
    expect(policyDocument.safeParse({ Statement: [statement] }).success).toBe(false);
  });

  it('may say what they like of other services', () => {
    expect(
      policyDocument.parse({
        Statement: [
          { Effect: 'Allow', Action: ['s3:GetObject'], Resource: '*', Condition: { Bool: {} } },
        ],
      }),
    ).toEqual([]);
  });
});
