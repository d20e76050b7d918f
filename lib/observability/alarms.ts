import {
  Alarm,
  AnomalyDetectionAlarm,
  ComparisonOperator,
  type IMetric,
  MathExpression,
  TreatMissingData,
} from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { EmailSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import { Construct } from 'constructs';
import { monitoring } from '../../policy/monitoring.ts';
import { type SecurityEvent, securityEvents } from '../../policy/security-events.ts';
import { acknowledge } from '../acknowledge.ts';
import { eventMetric, period, sum } from './metrics.ts';
import type { Watched } from './observability.ts';

export interface AlarmsProps extends Watched {
  /** @default nobody is written to; subscribe to the topic yourself */
  readonly email?: string | undefined;
  readonly key: IKey;
}

/** MON-2. Each alarm's description names its section of the runbook (MON-5). */
export class Alarms extends Construct {
  readonly topic: Topic;
  readonly all: readonly Alarm[];

  constructor(scope: Construct, id: string, props: AlarmsProps) {
    super(scope, id);
    this.topic = new Topic(this, 'Topic', {
      displayName: 'Gatehouse alarms',
      masterKey: props.key,
      enforceSSL: true,
    });
    if (props.email !== undefined)
      acknowledge(this.topic.addSubscription(new EmailSubscription(props.email)), {
        'Serverless-SNSRedrivePolicy':
          'Mail that a provider refuses is seen on the alarm and the dashboard; nothing reads a queue of undelivered mail.',
      });
    const events = Object.entries<{ readonly alarm: number }>(securityEvents).filter(isEvent);
    this.all = [
      ...events.map(([event, { alarm }]) =>
        this.threshold(event, eventOrRefusals(event, props), alarm),
      ),
      this.threshold('Errors5xx', serverErrorShare(props), monitoring.serverErrors.percent),
      this.latency(props),
      this.threshold(
        'LambdaErrors',
        sum(
          props.functions.map(({ function: fn }) => fn.metricErrors({ period })),
          'errors',
        ),
        monitoring.functionErrors,
      ),
      this.threshold(
        'LambdaThrottles',
        sum(
          props.functions.map(({ function: fn }) => fn.metricThrottles({ period })),
          'throttles',
        ),
        monitoring.functionThrottles,
      ),
    ];
    for (const alarm of this.all) alarm.addAlarmAction(new SnsAction(this.topic));
  }

  private threshold(name: string, metric: IMetric, threshold: number): Alarm {
    return new Alarm(this, name, {
      metric,
      threshold,
      evaluationPeriods: 1,
      comparisonOperator: ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
      treatMissingData: TreatMissingData.NOT_BREACHING,
      alarmDescription: runbook(name),
    });
  }

  private latency({ stage }: Watched): Alarm {
    return new AnomalyDetectionAlarm(this, 'LatencyP99', {
      metric: stage.metricLatency({ statistic: 'p99', period }),
      stdDevs: monitoring.latency.standardDeviations,
      evaluationPeriods: monitoring.latency.periods,
      comparisonOperator: ComparisonOperator.GREATER_THAN_UPPER_THRESHOLD,
      treatMissingData: TreatMissingData.NOT_BREACHING,
      alarmDescription: runbook('LatencyP99'),
    });
  }
}

const runbook = (name: string) => `Gatehouse ${name}: docs/runbook.md#${name.toLowerCase()}`;

const isEvent = (
  entry: [string, { readonly alarm: number }],
): entry is [SecurityEvent, { readonly alarm: number }] => entry[0] in securityEvents;

/** The web ACL refuses most of what is over a limit before any function could count it. */
const eventOrRefusals = (
  event: SecurityEvent,
  { metricsNamespace, rateRefusals }: Watched,
): IMetric => {
  const counted = eventMetric(metricsNamespace, event);
  return event === 'RateLimitExceeded' ? sum([counted, ...rateRefusals], event) : counted;
};

const serverErrorShare = ({ stage }: Watched) =>
  new MathExpression({
    expression: `IF(requests >= ${monitoring.serverErrors.ofAtLeast}, 100 * errors / requests, 0)`,
    usingMetrics: {
      requests: stage.metricCount({ period, statistic: 'Sum' }),
      errors: stage.metricServerError({ period, statistic: 'Sum' }),
    },
    label: '5xx, percent',
    period,
  });
