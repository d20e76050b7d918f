import * as z from 'zod';
import { readProperties } from '../template/read-properties.ts';
import type { Table } from './configuration.ts';

const keySchema = z
  .array(z.strictObject({ AttributeName: z.string(), KeyType: z.enum(['HASH', 'RANGE']) }))
  .min(1);

const projection = z.strictObject({
  ProjectionType: z.enum(['ALL', 'KEYS_ONLY', 'INCLUDE']),
  NonKeyAttributes: z.array(z.string()).optional(),
});
const leftOut = z.unknown().optional();

/** What an index costs is left out, as for the table. */
const index = z
  .strictObject({
    IndexName: z.string(),
    KeySchema: keySchema,
    Projection: projection,
    ProvisionedThroughput: leftOut,
    OnDemandThroughput: leftOut,
    WarmThroughput: leftOut,
    ContributorInsightsSpecification: leftOut,
    WriteOnDemandThroughputSettings: leftOut,
    WriteProvisionedThroughputSettings: leftOut,
  })
  .transform(({ IndexName, KeySchema, Projection }) => ({ IndexName, KeySchema, Projection }));

const tableProperties = z.object({
  AttributeDefinitions: z.array(
    z.strictObject({ AttributeName: z.string(), AttributeType: z.enum(['S', 'N', 'B']) }),
  ),
  KeySchema: keySchema,
  GlobalSecondaryIndexes: z.array(index).optional(),
  LocalSecondaryIndexes: z.array(index).optional(),
  /**
   * Emulated as AWS does it within a test's time: nothing is deleted, and every reader must look at
   * the attribute itself.
   */
  TimeToLiveSpecification: z
    .strictObject({ AttributeName: z.string(), Enabled: z.union([z.boolean(), z.stringbool()]) })
    .optional(),
});

const ignored = {
  TableName: 'whoever starts it gives the name',
  BillingMode: 'capacity of AWS; the local runtime throttles when it is told to',
  ContributorInsightsSpecification: 'metrics of AWS',
  DeletionProtectionEnabled: 'the local runtime forgets everything when it stops',
  OnDemandThroughput: 'a ceiling on cost; the local runtime throttles when it is told to',
  PointInTimeRecoverySpecification: 'backups; the local runtime keeps everything in memory',
  ProvisionedThroughput: 'capacity of AWS',
  Replicas: 'one computer is one region',
  ResourcePolicy: 'permissions of a table itself; those of the functions are emulated',
  SSESpecification: 'encryption at rest; nothing is at rest here',
  StreamSpecification: 'whatever reads a stream is outside the Gatehouse',
  TableClass: 'a price',
  Tags: 'tags change no behaviour',
  WarmThroughput: 'capacity of AWS',
  WriteOnDemandThroughputSettings: 'capacity of AWS',
  WriteProvisionedThroughputSettings: 'capacity of AWS',
} as const;

/** A table as dynalite is told to make it, and its key's attributes. */
export interface TableDefinition {
  readonly keyAttributes: readonly string[];
  readonly createTable: Readonly<Record<string, unknown>>;
}

/** Reads a table, whichever of its two resource types describes it. */
export const readTable = ({
  logicalId,
  type = 'AWS::DynamoDB::Table',
  tableName,
  properties,
}: Table): TableDefinition => {
  const table = readProperties(logicalId, type, properties, tableProperties, ignored);
  return {
    keyAttributes: table.KeySchema.map(({ AttributeName }) => AttributeName),
    createTable: {
      TableName: tableName,
      AttributeDefinitions: table.AttributeDefinitions,
      KeySchema: table.KeySchema,
      BillingMode: 'PAY_PER_REQUEST',
      ...(table.GlobalSecondaryIndexes && { GlobalSecondaryIndexes: table.GlobalSecondaryIndexes }),
      ...(table.LocalSecondaryIndexes && { LocalSecondaryIndexes: table.LocalSecondaryIndexes }),
    },
  };
};
