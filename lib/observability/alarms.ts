import {
  Alarm,
  AnomalyDetectionAlarm,
  ComparisonOperator,
  type IMetric,
  MathExpression,
  TreatMissingData,
} from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { FilterPattern, type LogGroup } from 'aws-cdk-lib/aws-logs';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { EmailSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import { Stack } from 'aws-cdk-lib/core';
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
    // `enforceSSL` makes a policy of our own, which replaces the topic's default one: without this
    // statement CloudWatch could not publish, and every alarm would reach nobody.
    this.topic.addToResourcePolicy(
      new PolicyStatement({
        sid: 'Alarms',
        principals: [new ServicePrincipal('cloudwatch.amazonaws.com')],
        actions: ['sns:Publish'],
        resources: [this.topic.topicArn],
        conditions: { StringEquals: { 'aws:SourceAccount': Stack.of(this).account } },
      }),
    );
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
      // Not the authorizer's errors: API Gateway takes a 401 from it only as a thrown error, and
      // every client begins with one. What really fails there is AuthorizerFailures.
      this.threshold(
        'LambdaErrors',
        sum(
          props.functions
            .filter(({ name }) => name !== 'authorizer')
            .map(({ function: fn }) => fn.metricErrors({ period })),
          'errors',
        ),
        monitoring.functionErrors,
      ),
      ...this.authorizerAlarm(props),
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

  /**
   * Requests that API Gateway answered with one of the authorizer's failures (it ended, timed out,
   * or said what is no policy), from the access log: the authorizer itself cannot report its end.
   */
  private authorizerAlarm({ accessLog, metricsNamespace }: Watched): readonly Alarm[] {
    return accessLog === undefined
      ? []
      : [
          this.threshold(
            'AuthorizerFailures',
            this.authorizerFailures(accessLog, metricsNamespace),
            monitoring.authorizerFailures.count,
          ),
        ];
  }

  private authorizerFailures(accessLog: LogGroup, metricsNamespace: string): IMetric {
    const types = monitoring.authorizerFailures.responseTypes;
    return accessLog
      .addMetricFilter('AuthorizerFailures', {
        filterPattern: FilterPattern.any(
          ...types.map((type) => FilterPattern.stringValue('$.errorType', '=', type)),
        ),
        metricNamespace: metricsNamespace,
        metricName: 'AuthorizerFailures',
      })
      .metric({ statistic: 'Sum', period });
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
