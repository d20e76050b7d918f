import type { Stage } from 'aws-cdk-lib/aws-apigateway';
import type { IMetric } from 'aws-cdk-lib/aws-cloudwatch';
import type { Table } from 'aws-cdk-lib/aws-dynamodb';
import type * as lambda from 'aws-cdk-lib/aws-lambda';
import type { LogGroup } from 'aws-cdk-lib/aws-logs';

/** Where people log in. */
export interface Logins {
  readonly userPoolId: string;
  /** App clients, by profile. */
  readonly clientIds: Readonly<Record<string, string>>;
  /** Whether people have passwords in the pool itself. */
  readonly passwords: boolean;
  /** What threat protection saw, where it is on. */
  readonly log?: LogGroup | undefined;
}

/** What is looked at. */
export interface Watched {
  /** Where the functions count security events. */
  readonly metricsNamespace: string;
  readonly stage: Stage;
  /**
   * As text: what waits for an alarm (canary.ts) is what the stage waits for, and a reference to the
   * stage would be a cycle.
   */
  readonly stageName: string;
  readonly table: Table;
  readonly functions: readonly {
    readonly name: string;
    readonly function: lambda.Function;
    readonly logGroup: LogGroup;
  }[];
  /** API Gateway's access log, where there is one. */
  readonly accessLog?: LogGroup | undefined;
  readonly logins: Logins;
  /** What the web ACL's refusing rate rules count. */
  readonly rateRefusals: readonly IMetric[];
}
