import * as z from 'zod';
import type { Backend } from './backend.ts';

const page = z.looseObject({
  Items: z.array(z.unknown()),
  LastEvaluatedKey: z.record(z.string(), z.unknown()).optional(),
});

/** Every item of a table, in DynamoDB's JSON. */
export const readItems = async (backend: Backend, tableName: string): Promise<unknown[]> => {
  const items: unknown[] = [];
  let startKey: unknown;
  do {
    const body = {
      TableName: tableName,
      ...(startKey !== undefined && { ExclusiveStartKey: startKey }),
    };
    const response = await backend.call('Scan', JSON.stringify(body));
    const { Items, LastEvaluatedKey } = page.parse(JSON.parse(response.body));
    items.push(...Items);
    startKey = LastEvaluatedKey;
  } while (startKey !== undefined);
  return items;
};

/** Puts items back. An item that the table does not take any more is left out. */
export const putItems = async (
  backend: Backend,
  tableName: string,
  items: readonly unknown[],
): Promise<void> => {
  for (const Item of items)
    await backend.call('PutItem', JSON.stringify({ TableName: tableName, Item }));
};
