import { actionOf } from '../../../local/dynamodb/action.ts';

const arn = 'arn:aws:dynamodb:eu-central-1:123456789012:table/orders';
const tables = new Map([['orders', { arn, partitionKey: 'pk' }]]);
const key = { pk: { S: 'user#1' }, sk: { N: '1' } };

describe('what a request to a table asks for, as IAM sees it', () => {
  it.each([
    ['GetItem', { Key: key }],
    ['DeleteItem', { Key: { sk: key.sk, pk: key.pk } }],
    ['PutItem', { Item: { ...key, name: { S: 'Ada' } } }],
    [
      'Query',
      {
        KeyConditionExpression: 'pk = :user',
        ExpressionAttributeValues: { ':user': { S: 'user#1' } },
      },
    ],
    [
      'Query',
      {
        KeyConditionExpression: 'sk = :one AND #key=:user',
        ExpressionAttributeNames: { '#key': 'pk' },
        ExpressionAttributeValues: { ':one': { N: '1' }, ':user': { S: 'user#1' } },
      },
    ],
  ])('is the partition key of a %s', (operation, request) => {
    expect(actionOf(operation, { TableName: 'orders', ...request }, tables)).toEqual({
      action: `dynamodb:${operation}`,
      resource: arn,
      leadingKeys: ['user#1'],
      ...(operation !== 'Query' && { attributes: expect.arrayContaining(['pk']) }),
    });
  });

  it('has the attributes that its key and its expressions name', () => {
    const update = {
      TableName: 'orders',
      Key: key,
      UpdateExpression: 'SET claimed = :true, #a.b = if_not_exists(seen, :one) REMOVE old',
      ConditionExpression: 'attribute_not_exists(blocked) AND #b <= :now',
      ExpressionAttributeNames: { '#a': 'address', '#b': 'validUntil' },
    };
    const named = ['pk', 'sk', 'claimed', 'address', 'seen', 'old', 'blocked', 'validUntil'];
    expect([...(actionOf('UpdateItem', update, tables)?.attributes ?? [])].sort()).toEqual(
      named.sort(),
    );
  });

  it('is no key where the request names none, so that a condition on keys can refuse it', () => {
    expect(actionOf('Scan', { TableName: 'orders' }, tables)).toEqual({
      action: 'dynamodb:Scan',
      resource: arn,
    });
  });

  it('is the index where one is named: a grant for the table alone does not reach it, on AWS either', () => {
    const query = {
      KeyConditionExpression: 'pk = :user',
      ExpressionAttributeValues: { ':user': { S: 'user#1' } },
    };
    expect(
      actionOf('Query', { TableName: 'orders', IndexName: 'by-user', ...query }, tables),
    ).toEqual({
      action: 'dynamodb:Query',
      resource: `${arn}/index/by-user`,
    });
  });

  it('is nothing where there is no such table, which the table service refuses itself', () => {
    expect(actionOf('GetItem', { TableName: 'others', Key: key }, tables)).toBeUndefined();
    expect(actionOf('GetItem', 'not JSON', tables)).toBeUndefined();
  });
});
