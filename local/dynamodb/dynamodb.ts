import type { Dynamodb, DynamodbConfiguration } from './configuration.ts';

export type { Dynamodb, DynamodbConfiguration, Table } from './configuration.ts';

/** Starts the stand-in for DynamoDB and creates the tables. */
export declare const startDynamodb: (configuration: DynamodbConfiguration) => Promise<Dynamodb>;
