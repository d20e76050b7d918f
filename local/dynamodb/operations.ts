import * as z from 'zod';
import type { Backend, BackendResponse } from './backend.ts';
import type { KeyLocks } from './key-locks.ts';

type KeyAttributes = ReadonlyMap<string, readonly string[]>;

/** What of a single-item write matters here. */
const writeInput = z.looseObject({
  TableName: z.string(),
  Key: z.record(z.string(), z.unknown()).optional(),
  Item: z.record(z.string(), z.unknown()).optional(),
  ReturnValuesOnConditionCheckFailure: z.enum(['ALL_OLD', 'NONE']).optional(),
});

const errorType = z.looseObject({ __type: z.string() });
const foundItem = z.looseObject({ Item: z.record(z.string(), z.unknown()).optional() });

const prefix = 'com.amazonaws.dynamodb.v20120810#';

export const dynamodbError = (name: string, message: string, status = 400): BackendResponse => ({
  status,
  body: JSON.stringify({ __type: `${prefix}${name}`, message }),
});

export const parseJson = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};

const isConditionFailure = ({ status, body }: BackendResponse): boolean => {
  const parsed = status === 400 ? errorType.safeParse(parseJson(body)) : undefined;
  return (
    parsed?.success === true && parsed.data.__type.endsWith('#ConditionalCheckFailedException')
  );
};

/** Adds the item that failed the condition. Without an item there is nothing to add, as on AWS. */
const withItem = async (
  backend: Backend,
  failure: BackendResponse,
  tableName: string,
  key: unknown,
): Promise<BackendResponse> => {
  const read = await backend.call(
    'GetItem',
    JSON.stringify({ TableName: tableName, Key: key, ConsistentRead: true }),
  );
  const found = foundItem.safeParse(parseJson(read.body));
  const item = found.success ? found.data.Item : undefined;
  return item
    ? {
        ...failure,
        body: JSON.stringify({ ...z.looseObject({}).parse(parseJson(failure.body)), Item: item }),
      }
    : failure;
};

/**
 * A single-item write. dynalite does not know `ReturnValuesOnConditionCheckFailure`
 * (architect/dynalite #182), so the item is read and attached here, and all writes to one key go
 * one after another: the item returned is the one that failed the condition.
 */
const write =
  (operation: string) =>
  async (
    backend: Backend,
    locks: KeyLocks,
    keys: KeyAttributes,
    body: string,
  ): Promise<BackendResponse> => {
    const input = writeInput.safeParse(parseJson(body));
    if (!input.success) {
      return input.error.issues.some(
        ({ path }) => path[0] === 'ReturnValuesOnConditionCheckFailure',
      )
        ? dynamodbError(
            'ValidationException',
            'ReturnValuesOnConditionCheckFailure must be one of [ALL_OLD, NONE]',
          )
        : backend.call(operation, body);
    }
    const { TableName, Key, Item, ReturnValuesOnConditionCheckFailure: onFailure } = input.data;
    const attributes = keys.get(TableName);
    const values = Key ?? Item;
    // Without a table or a key dynalite finds the words for the refusal.
    if (!attributes || !values) return backend.call(operation, body);
    const key = Object.fromEntries(attributes.map((name) => [name, values[name]]));
    return locks(`${TableName} ${JSON.stringify(key)}`, async () => {
      const response = await backend.call(operation, body);
      return onFailure === 'ALL_OLD' && isConditionFailure(response)
        ? withItem(backend, response, TableName, key)
        : response;
    });
  };

const read =
  (operation: string) => (backend: Backend, _locks: KeyLocks, _keys: KeyAttributes, body: string) =>
    backend.call(operation, body);

/**
 * What is emulated. Transactions, batches of writes and everything that changes tables are not:
 * Gatehouse may not lean on them.
 */
export const operations = {
  DeleteItem: write('DeleteItem'),
  DescribeTable: read('DescribeTable'),
  GetItem: read('GetItem'),
  ListTables: read('ListTables'),
  PutItem: write('PutItem'),
  Query: read('Query'),
  Scan: read('Scan'),
  UpdateItem: write('UpdateItem'),
} as const;

export type Operation = keyof typeof operations;

export const isOperation = (name: string): name is Operation => Object.hasOwn(operations, name);
