import * as z from 'zod';
import { readProperties } from '../template/read-properties.ts';
import type { Table } from './configuration.ts';

const keySchema = z.array(z.strictObject({ AttributeName: z.string(), KeyType: z.enum(['HASH', 'RANGE']) })).min(1);

const tableProperties = z.object({
  AttributeDefinitions: z.array(z.strictObject({ AttributeName: z.string(), AttributeType: z.enum(['S', 'N', 'B']) })),
  KeySchema: keySchema,
  BillingMode: z.literal('PAY_PER_REQUEST', 'only on-demand tables are played'),
  /** Played as AWS plays it within a test's time: nothing is deleted, and every reader must look at the attribute itself. */
  TimeToLiveSpecification: z.strictObject({ AttributeName: z.string(), Enabled: z.union([z.boolean(), z.stringbool()]) }).optional(),
});

const ignored = {
  TableName: 'whoever starts the stand-in gives the name',
  ContributorInsightsSpecification: 'metrics of AWS',
  DeletionProtectionEnabled: 'the stand-in forgets everything when it stops',
  OnDemandThroughput: 'a ceiling on cost; the stand-in throttles when it is told to',
  PointInTimeRecoverySpecification: 'backups; the stand-in keeps everything in memory',
  SSESpecification: 'encryption at rest; nothing is at rest here',
  Tags: 'tags change no behaviour',
  WarmThroughput: 'capacity of AWS',
} as const;

/** A table as dynalite is told to make it, and its key's attributes. */
export interface TableDefinition {
  readonly keyAttributes: readonly string[];
  readonly createTable: Readonly<Record<string, unknown>>;
}

/** Reads `AWS::DynamoDB::Table`. Secondary indexes and streams are refused: nothing of Gatehouse uses them. */
export const readTable = ({ logicalId, tableName, properties }: Table): TableDefinition => {
  const table = readProperties(logicalId, 'AWS::DynamoDB::Table', properties, tableProperties, ignored);
  return {
    keyAttributes: table.KeySchema.map(({ AttributeName }) => AttributeName),
    createTable: {
      TableName: tableName,
      AttributeDefinitions: table.AttributeDefinitions,
      KeySchema: table.KeySchema,
      BillingMode: table.BillingMode,
    },
  };
};
