import type { Table } from '../../lambdas/aws/table.ts';
import type { Scan } from '../../lambdas/store/users.ts';
import type { Aws } from '../aws/aws.ts';
import type { WriteOperation } from './operator-trail.ts';

/** The deployment that a command works on: a stack on AWS, or the local runtime. */
export interface Target {
  /** `stack Gatehouse-prod in eu-west-1`, `local runtime http://localhost:3000/mcp`. */
  readonly title: string;
  readonly isLocal: boolean;
  readonly mcpUrl: string;
  readonly userPool: string;
  readonly tableName: string;
  /** Absent in the local runtime. */
  readonly alarmTopic?: string | undefined;
  /** Signed calls; of the local runtime only Cognito, DynamoDB and CloudWatch Logs answer. */
  readonly aws: Aws;
  readonly table: Table;
  readonly scan: Scan;
  /** To the audit trail. */
  readonly write: WriteOperation;
}
