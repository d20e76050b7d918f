import { type Table, table } from '../../../lambdas/aws/table.ts';
import { type Dynamodb, startDynamodb } from '../../../local/dynamodb/dynamodb.ts';

export interface EmulatedTable {
  readonly store: Table;
  readonly dynamodb: Dynamodb;
}

/**
 * The deployment's table on this computer, as the functions reach it. Stop `dynamodb` afterwards.
 * @param timeoutMs where many requests at once are one busy process here. @default as deployed
 */
export const startEmulatedTable = async (timeoutMs?: number): Promise<EmulatedTable> => {
  const dynamodb = await startDynamodb({
    tables: [
      {
        logicalId: 'Table',
        tableName: 'state',
        properties: {
          KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' }],
          AttributeDefinitions: [{ AttributeName: 'pk', AttributeType: 'S' }],
          BillingMode: 'PAY_PER_REQUEST',
          TimeToLiveSpecification: { AttributeName: 'expiresAt', Enabled: true },
        },
      },
    ],
  });
  Object.assign(process.env, {
    AWS_ENDPOINT_URL_DYNAMODB: dynamodb.endpoint,
    AWS_ACCESS_KEY_ID: 'local',
    AWS_SECRET_ACCESS_KEY: 'local',
  });
  const store = table({
    name: 'state',
    region: 'us-east-1',
    ...(timeoutMs !== undefined && { timeoutMs }),
  });
  return { store, dynamodb };
};
