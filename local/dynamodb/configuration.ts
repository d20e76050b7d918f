import type { Permissions } from '../iam/permissions.ts';
import type { FaultSwitch } from '../loopback/faults.ts';

export interface DynamodbConfiguration {
  readonly tables: readonly Table[];
  /** @default everybody may do everything */
  readonly permits?: Permissions;
  /** By table, in DynamoDB's JSON: what stands in it from the beginning. @default nothing */
  readonly items?: Readonly<Record<string, readonly unknown[]>>;
  /** 0, the default, takes a free port. */
  readonly port?: number;
}

/**
 * A table: its name and its resource's resolved properties. A property that is not known is an
 * error that names it.
 */
export interface Table {
  readonly logicalId: string;
  /** Of its resource. @default AWS::DynamoDB::Table */
  readonly type?: 'AWS::DynamoDB::Table' | 'AWS::DynamoDB::GlobalTable';
  readonly tableName: string;
  /** What policies name it by. @default no policy does */
  readonly arn?: string;
  readonly properties: unknown;
}

/** The running emulation, in memory, on 127.0.0.1 and, where the machine has it, [::1]. */
export interface Dynamodb {
  /** `http://localhost:{port}`, for `AWS_ENDPOINT_URL_DYNAMODB`. */
  readonly endpoint: string;
  readonly port: number;
  readonly faults: FaultSwitch;
  /** How often each operation was called since the last reset: `{ GetItem: 1, UpdateItem: 2 }`. */
  counts(): Readonly<Record<string, number>>;
  resetCounts(): void;
  /** Every item, by table. */
  items(): Promise<Record<string, unknown[]>>;
  stop(): Promise<void>;
}
