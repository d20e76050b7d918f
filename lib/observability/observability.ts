import type { Stage } from 'aws-cdk-lib/aws-apigateway';
import type { IMetric } from 'aws-cdk-lib/aws-cloudwatch';
import type { Table } from 'aws-cdk-lib/aws-dynamodb';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type * as lambda from 'aws-cdk-lib/aws-lambda';
import type { LogGroup } from 'aws-cdk-lib/aws-logs';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import { Alarms } from './alarms.ts';
import { Overview } from './overview.ts';
import { samplingRule } from './sampling.ts';
import { SavedQueries } from './saved-queries.ts';

/** What is looked at. */
export interface Watched {
  /** Where the functions count security events. */
  readonly metricsNamespace: string;
  readonly stage: Stage;
  readonly table: Table;
  readonly functions: readonly {
    readonly name: string;
    readonly function: lambda.Function;
    readonly logGroup: LogGroup;
  }[];
  /** API Gateway's access log, where there is one. */
  readonly accessLog?: LogGroup | undefined;
  /** What the web ACL's refusing rate rules count. */
  readonly rateRefusals: readonly IMetric[];
}

export interface ObservabilityProps extends Watched {
  /** Tells the saved queries of two deployments apart. */
  readonly deployment: string;
  readonly alarmEmail?: string | undefined;
  readonly key: IKey;
  readonly mcpUrl: string;
}

/** MON-1 to MON-4. */
export class Observability extends Construct {
  readonly alarmTopic: ITopic;

  constructor(scope: Construct, id: string, { alarmEmail, ...props }: ObservabilityProps) {
    super(scope, id);
    samplingRule(this, 'Sampling', props.stage);
    const alarms = new Alarms(this, 'Alarms', { ...props, email: alarmEmail });
    this.alarmTopic = alarms.topic;
    new Overview(this, 'Overview', { ...props, alarms: alarms.all });
    new SavedQueries(this, 'Queries', {
      deployment: props.deployment,
      functionLogs: props.functions.map(({ logGroup }) => logGroup),
    });
  }
}
