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
import { canaryAlarms, monitoring } from '../../policy/monitoring.ts';
import { type SecurityEvent, securityEvents } from '../../policy/security-events.ts';
import { acknowledge } from '../acknowledge.ts';
import type { ExportedLogins } from './exported-logins.ts';
import { eventMetric, failedLogins, larger, period, sum } from './metrics.ts';
import type { Watched } from './watched.ts';

export interface AlarmsProps extends Watched {
  /** @default nobody is written to; subscribe to the topic yourself */
  readonly email?: string | undefined;
  readonly key: IKey;
  /** Where threat protection is on. */
  readonly exported: ExportedLogins | undefined;
}

/** MON-2. Each alarm's description names its section of the runbook (MON-5). */
export class Alarms extends Construct {
  readonly topic: Topic;
  readonly all: readonly Alarm[];
  /** Those that a bad version sets off, and no stranger. */
  readonly ofVersions: readonly Alarm[];

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
        this.threshold(event, this.countOf(event, props), alarm),
      ),
      this.threshold('Errors5xx', serverErrorShare(props), monitoring.serverErrors.percent),
      this.latency(props),
      // A company's provider has failures of its own, which nobody here sees.
      ...(props.logins.passwords ? this.failedLogins(props) : []),
      // Not the authorizer's errors: API Gateway takes a 401 from it only as a thrown error, and
      // every client begins with one. What really fails there is AuthorizerFailure.
      this.threshold(
        'LambdaErrors',
        sum(
          watchedFunctions(props)
            .filter(({ name }) => name !== 'authorizer')
            .map(({ function: fn }) => fn.metricErrors({ period })),
          'errors',
        ),
        monitoring.functionErrors,
      ),
      this.threshold(
        'LambdaThrottles',
        sum(
          props.functions
            .filter(({ name }) => isBusy(name, props))
            .map(({ function: fn }) => fn.metricThrottles({ period })),
          'throttles',
        ),
        monitoring.functionThrottles,
      ),
    ];
    for (const alarm of this.all) alarm.addAlarmAction(new SnsAction(this.topic));
    this.ofVersions = this.all.filter(({ node }) => canaryAlarms.some((name) => name === node.id));
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
   * An alarm reads ten metrics at most, and each app client has two. What threat protection exports
   * counts all clients at once, but delivery is best effort: the first alarm takes whichever saw
   * more.
   */
  private failedLogins({ logins, exported }: AlarmsProps): readonly Alarm[] {
    const { userPoolId, clientIds } = logins;
    const names = Object.keys(clientIds);
    const perAlarm = exported === undefined ? 5 : 4;
    const first = Array.from(
      { length: Math.ceil(names.length / perAlarm) },
      (_, index) => index * perAlarm,
    );
    return first.map((from, index) => {
      const counted = failedLogins(userPoolId, clientIds, names.slice(from, from + perAlarm));
      return this.threshold(
        index === 0 ? 'FailedLogins' : `FailedLogins${index + 1}`,
        index === 0 && exported !== undefined ? larger(counted, exported.failed) : counted,
        monitoring.failedLogins,
      );
    });
  }

  /** What is counted elsewhere too: some events happen where no code of ours runs. */
  private countOf(event: SecurityEvent, props: Watched): IMetric {
    const { metricsNamespace, rateRefusals, accessLog } = props;
    const counted = eventMetric(metricsNamespace, event);
    // The web ACL refuses most of what is over a limit before any function could count it.
    if (event === 'RateLimitExceeded') return sum([counted, ...rateRefusals], event);
    // The gateway's log has every failure of the authorizer, those that it counts itself too.
    return event === 'AuthorizerFailure' && accessLog !== undefined
      ? this.failedAuthorizations(accessLog, metricsNamespace)
      : counted;
  }

  /**
   * Requests that API Gateway answered with one of the authorizer's failures: one that ended, timed
   * out or said what is no policy cannot count itself.
   */
  private failedAuthorizations(accessLog: LogGroup, metricNamespace: string): IMetric {
    return accessLog
      .addMetricFilter('FailedAuthorizations', {
        filterPattern: FilterPattern.any(
          ...monitoring.authorizerFailureResponses.map((type) =>
            FilterPattern.stringValue('$.errorType', '=', type),
          ),
        ),
        metricNamespace,
        metricName: 'FailedAuthorizations',
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

/**
 * Each metric of an alarm is paid for. What `health`, `metadata` and `registration` cannot answer is a 5xx, which
 * Errors5xx counts.
 */
const watchedFunctions = ({ functions }: Watched): Watched['functions'] =>
  functions.filter(({ name }) => !['health', 'metadata', 'registration'].includes(name));

/**
 * Concurrency is the account's: when it is used up, these three feel it first. An authorizer that
 * API Gateway cannot invoke is one of its failures, which AuthorizerFailure counts where there is an
 * access log.
 */
const isBusy = (name: string, { accessLog }: Watched): boolean =>
  ['token', 'mcp'].includes(name) || (name === 'authorizer' && accessLog === undefined);

/** Alarms that are one to people, and several to CloudWatch, have one section. */
const runbook = (name: string) =>
  `Gatehouse ${name}: docs/runbook.md#${name.toLowerCase().replace(/(?<=logins)\d+$/, '')}`;

const isEvent = (
  entry: [string, { readonly alarm: number }],
): entry is [SecurityEvent, { readonly alarm: number }] => entry[0] in securityEvents;

const serverErrorShare = ({ stage, stageName }: Watched) => {
  const ofStage = {
    period,
    statistic: 'Sum',
    dimensionsMap: { ApiName: stage.restApi.restApiName, Stage: stageName },
  };
  return new MathExpression({
    expression: `IF(requests >= ${monitoring.serverErrors.ofAtLeast}, 100 * errors / requests, 0)`,
    usingMetrics: {
      requests: stage.metricCount(ofStage),
      errors: stage.metricServerError(ofStage),
    },
    label: '5xx, percent',
    period,
  });
};
