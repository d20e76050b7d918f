import {
  DeleteItemCommand,
  DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  QueryCommand,
  TransactWriteItemsCommand,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import { type Dynamodb, startDynamodb } from '../../../local/dynamodb/dynamodb.ts';

const TableName = 'gatehouse';
const properties = {
  AttributeDefinitions: [{ AttributeName: 'pk', AttributeType: 'S' }],
  KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' }],
  BillingMode: 'PAY_PER_REQUEST',
  TimeToLiveSpecification: { AttributeName: 'expiresAt', Enabled: true },
  PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
};
const start = (more = {}) =>
  startDynamodb({
    tables: [{ logicalId: 'Table', tableName: TableName, properties: { ...properties, ...more } }],
  });

let dynamodb: Dynamodb;
let client: DynamoDBClient;
const clientOf = ({ endpoint }: Dynamodb) =>
  new DynamoDBClient({
    region: 'eu-west-1',
    endpoint,
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
    maxAttempts: 1,
  });
beforeEach(async () => {
  dynamodb = await start();
  client = clientOf(dynamodb);
});
afterEach(async () => {
  client.destroy();
  await dynamodb.stop();
});

const key = { pk: { S: 'user#1' } };
const put = (n: number) =>
  client.send(new PutItemCommand({ TableName, Item: { ...key, n: { N: String(n) } } }));

/** Adds one while `n` is at most `most`, as the per-user limit does. */
const addUpTo = (most: number) =>
  client.send(
    new UpdateItemCommand({
      TableName,
      Key: key,
      UpdateExpression: 'ADD #n :one SET expiresAt = :later REMOVE m1, m2',
      ConditionExpression:
        'attribute_not_exists(blocked) AND (attribute_not_exists(#n) OR #n <= :most)',
      ExpressionAttributeNames: { '#n': 'n' },
      ExpressionAttributeValues: {
        ':one': { N: '1' },
        ':most': { N: String(most) },
        ':later': { N: '9' },
      },
      ReturnValues: 'ALL_NEW',
      ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
    }),
  );

const failure = (name: string, more = {}) => expect.objectContaining({ name, ...more });

describe('the local runtime for DynamoDB', () => {
  it('keeps, updates and deletes items', async () => {
    await put(1);
    expect((await addUpTo(5)).Attributes).toEqual({ ...key, n: { N: '2' }, expiresAt: { N: '9' } });
    await client.send(new DeleteItemCommand({ TableName, Key: key }));
    expect(
      (await client.send(new GetItemCommand({ TableName, Key: key, ConsistentRead: true }))).Item,
    ).toBeUndefined();
    expect(dynamodb.counts()).toEqual({ PutItem: 1, UpdateItem: 1, DeleteItem: 1, GetItem: 1 });
    dynamodb.resetCounts();
    expect(dynamodb.counts()).toEqual({});
  });

  it.each([
    ['an update', () => addUpTo(0)],
    [
      'a put',
      () =>
        client.send(
          new PutItemCommand({
            TableName,
            Item: key,
            ConditionExpression: 'attribute_not_exists(pk)',
            ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
          }),
        ),
    ],
    [
      'a delete',
      () =>
        client.send(
          new DeleteItemCommand({
            TableName,
            Key: key,
            ConditionExpression: 'attribute_not_exists(pk)',
            ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
          }),
        ),
    ],
  ])('returns the item that failed the condition of %s', async (_name, write) => {
    await put(7);
    await expect(write()).rejects.toThrow(
      failure('ConditionalCheckFailedException', { Item: { ...key, n: { N: '7' } } }),
    );
    expect(dynamodb.counts()).toMatchObject({ PutItem: expect.any(Number) });
    expect(dynamodb.counts()).not.toHaveProperty('GetItem');
  });

  it('returns no item where it was not asked for, or where there is none', async () => {
    await put(7);
    const condition = {
      TableName,
      ConditionExpression: 'n = :n',
      ExpressionAttributeValues: { ':n': { N: '1' } },
    };
    await expect(client.send(new DeleteItemCommand({ ...condition, Key: key }))).rejects.toThrow(
      expect.not.objectContaining({ Item: expect.anything() }),
    );
    const missing = new DeleteItemCommand({
      ...condition,
      Key: { pk: { S: 'none' } },
      ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
    });
    await expect(client.send(missing)).rejects.toThrow(
      expect.not.objectContaining({ Item: expect.anything() }),
    );
  });

  it('lets exactly as many through as the condition allows, and each refusal shows the item that refused it', async () => {
    const results = await Promise.allSettled(Array.from({ length: 100 }, () => addUpTo(29)));
    const refused = results.flatMap((result) =>
      result.status === 'rejected' ? [result.reason as { Item?: { n?: { N?: string } } }] : [],
    );
    expect(results.length - refused.length).toBe(30);
    expect(new Set(refused.map(({ Item }) => Item?.n?.N))).toEqual(new Set(['30']));
  });

  it('refuses what Gatehouse may not lean on, and an unknown value of the flag', async () => {
    const write = new TransactWriteItemsCommand({
      TransactItems: [{ Put: { TableName, Item: key } }],
    });
    await expect(client.send(write)).rejects.toThrow(failure('UnknownOperationException'));
    const flag = { ReturnValuesOnConditionCheckFailure: 'NOPE' as 'ALL_OLD' };
    await expect(
      client.send(new PutItemCommand({ TableName, Item: key, ...flag })),
    ).rejects.toThrow(failure('ValidationException'));
    const gone = new GetItemCommand({ TableName: 'gone', Key: key });
    await expect(client.send(gone)).rejects.toThrow(failure('ResourceNotFoundException'));
  });

  it('is throttled under the name that it is told', async () => {
    await dynamodb.faults.set({ kind: 'throttled' });
    await expect(put(1)).rejects.toThrow(failure('ProvisionedThroughputExceededException'));
    await dynamodb.faults.set({ kind: 'throttled', exception: 'ThrottlingException' });
    await expect(put(1)).rejects.toThrow(failure('ThrottlingException'));
    await dynamodb.faults.set({ kind: 'status500' });
    await expect(put(1)).rejects.toThrow(failure('InternalServerError'));
    await dynamodb.faults.set({ kind: 'refused' });
    await expect(put(1)).rejects.toThrow(/connect ECONNREFUSED/);
    await dynamodb.faults.clear();
    await put(1);
  });

  it('emulates the tables of others, with their indexes and without their capacity', async () => {
    const owner = { AttributeName: 'owner', KeyType: 'HASH' };
    const theirs = await startDynamodb({
      tables: [
        {
          logicalId: 'Orders',
          type: 'AWS::DynamoDB::GlobalTable',
          tableName: 'orders',
          properties: {
            AttributeDefinitions: ['id', 'owner'].map((AttributeName) => ({
              AttributeName,
              AttributeType: 'S',
            })),
            KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
            BillingMode: 'PROVISIONED',
            Replicas: [{ Region: 'eu-west-1' }],
            StreamSpecification: { StreamViewType: 'NEW_IMAGE' },
            GlobalSecondaryIndexes: [
              ...[
                {
                  IndexName: 'byOwner',
                  KeySchema: [owner],
                  Projection: { ProjectionType: 'ALL' },
                  ProvisionedThroughput: {},
                },
              ],
            ],
          },
        },
      ],
    });
    const reader = clientOf(theirs);
    try {
      await reader.send(
        new PutItemCommand({ TableName: 'orders', Item: { id: { S: '7' }, owner: { S: 'ada' } } }),
      );
      const query = {
        IndexName: 'byOwner',
        KeyConditionExpression: '#o = :o',
        ExpressionAttributeNames: { '#o': 'owner' },
      };
      const found = await reader.send(
        new QueryCommand({
          TableName: 'orders',
          ...query,
          ExpressionAttributeValues: { ':o': { S: 'ada' } },
        }),
      );
      expect(found.Items).toEqual([{ id: { S: '7' }, owner: { S: 'ada' } }]);
    } finally {
      reader.destroy();
      await theirs.stop();
    }
  });

  it.each([
    ['data to import', { ImportSourceSpecification: {} }, /ImportSourceSpecification/],
    [
      'an index that has something unknown',
      {
        GlobalSecondaryIndexes: [
          {
            IndexName: 'a',
            KeySchema: properties.KeySchema,
            Projection: { ProjectionType: 'ALL' },
            Filter: 'x',
          },
        ],
      },
      /Filter/,
    ],
  ])('refuses a table with %s', async (_name, more, message) => {
    await expect(start(more)).rejects.toThrow(message);
  });
});
