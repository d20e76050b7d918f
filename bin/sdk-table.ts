import {
  type AttributeValue,
  ConditionalCheckFailedException,
  type DynamoDBClient,
  GetItemCommand,
  paginateScan,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import { fromAttributes, type Item, type Value, wireItem } from '../lambdas/aws/attribute-value.ts';
import { ConditionFailed, type Table } from '../lambdas/aws/table.ts';
import type { Scan } from '../lambdas/store/users.ts';

/**
 * The table for people: the store room's verbs over the AWS SDK, which knows profiles, single
 * sign-on and every other kind of credentials.
 */
export const sdkTable = (
  dynamodb: DynamoDBClient,
  table: string,
): Pick<Table, 'get' | 'update'> => ({
  get: async (pk, { consistent }) => {
    const { Item } = await dynamodb.send(
      new GetItemCommand({
        TableName: table,
        Key: { pk: { S: pk } },
        ConsistentRead: consistent,
      }),
    );
    return Item && fromAttributes(wireItem.parse(Item));
  },
  update: async ({ pk, update, condition, names, values }) => {
    const input = {
      TableName: table,
      Key: { pk: { S: pk } },
      UpdateExpression: update,
      ConditionExpression: condition,
      ExpressionAttributeNames: names && { ...names },
      ExpressionAttributeValues: values && attributesOf(values),
    };
    try {
      const { Attributes } = await dynamodb.send(
        new UpdateItemCommand({
          ...input,
          ReturnValues: 'ALL_NEW',
          ReturnValuesOnConditionCheckFailure: condition === undefined ? 'NONE' : 'ALL_OLD',
        }),
      );
      return fromAttributes(wireItem.parse(Attributes ?? {}));
    } catch (error) {
      if (!(error instanceof ConditionalCheckFailedException)) throw error;
      throw new ConditionFailed(error.Item && fromAttributes(wireItem.parse(error.Item)));
    }
  },
});

const attributesOf = (values: Item): Record<string, AttributeValue> =>
  Object.fromEntries(Object.entries(values).map(([name, value]) => [name, attributeOf(value)]));

const isList = (value: Value): value is readonly Value[] => Array.isArray(value);

/** The SDK's own type of a value is mutable; ours is not. */
const attributeOf = (value: Value): AttributeValue => {
  if (value === null) return { NULL: true };
  if (typeof value === 'string') return { S: value };
  if (typeof value === 'number') return { N: String(value) };
  if (typeof value === 'boolean') return { BOOL: value };
  if (isList(value)) return { L: value.map(attributeOf) };
  return { M: attributesOf(value) };
};

/** Reads the whole table, page by page. */
export const sdkScan = (dynamodb: DynamoDBClient, table: string): Scan =>
  async function* ({ condition, names, values }) {
    const pages = paginateScan(
      { client: dynamodb },
      {
        TableName: table,
        FilterExpression: condition,
        ...(names && { ExpressionAttributeNames: { ...names } }),
        ...(values && { ExpressionAttributeValues: attributesOf(values) }),
      },
    );
    for await (const { Items = [] } of pages)
      for (const item of Items) yield fromAttributes(wireItem.parse(item));
  };
