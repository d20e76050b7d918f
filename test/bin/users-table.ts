import { startDynamodb } from '../../local/dynamodb/dynamodb.ts';

/** An emulated table `users`, with the key of the product's own. */
export const startUsersTable = () =>
  startDynamodb({
    tables: [
      {
        logicalId: 'Table',
        tableName: 'users',
        properties: {
          AttributeDefinitions: [{ AttributeName: 'pk', AttributeType: 'S' }],
          KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' }],
          BillingMode: 'PAY_PER_REQUEST',
        },
      },
    ],
  });
