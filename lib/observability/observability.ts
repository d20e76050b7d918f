import type { IAlarm } from 'aws-cdk-lib/aws-cloudwatch';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import { Alarms } from './alarms.ts';
import { exportedLogins } from './exported-logins.ts';
import { Overview } from './overview.ts';
import { samplingRule } from './sampling.ts';
import { type QueriedLogs, SavedQueries } from './saved-queries.ts';
import type { Watched } from './watched.ts';

export interface ObservabilityProps extends Watched {
  /** Tells the saved queries of two deployments apart. */
  readonly deployment: string;
  readonly alarmEmail?: string | undefined;
  readonly key: IKey;
  readonly mcpUrl: string;
  /** Whether tools have metrics of their own. */
  readonly toolMetrics: boolean;
  /** What saved queries read beside the functions' logs. */
  readonly logs: Omit<QueriedLogs, 'functions'>;
}

/** MON-1 to MON-4. */
export class Observability extends Construct {
  readonly alarmTopic: ITopic;
  /** What ends a canary. */
  readonly canaryAlarms: readonly IAlarm[];

  constructor(scope: Construct, id: string, { alarmEmail, ...props }: ObservabilityProps) {
    super(scope, id);
    samplingRule(this, 'Sampling', props.stage);
    const exported = exportedLogins(props.logins.log, props.metricsNamespace);
    const alarms = new Alarms(this, 'Alarms', { ...props, exported, email: alarmEmail });
    this.alarmTopic = alarms.topic;
    this.canaryAlarms = alarms.ofVersions;
    new Overview(this, 'Overview', { ...props, exported, alarms: alarms.all });
    new SavedQueries(this, 'Queries', {
      deployment: props.deployment,
      logs: { functions: props.functions.map(({ logGroup }) => logGroup), ...props.logs },
    });
  }
}
