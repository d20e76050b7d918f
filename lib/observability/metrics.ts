import { type IMetric, MathExpression, Metric, Stats } from 'aws-cdk-lib/aws-cloudwatch';
import { Duration } from 'aws-cdk-lib/core';
import { monitoring } from '../../policy/monitoring.ts';
import type { SecurityEvent } from '../../policy/security-events.ts';

export const period = Duration.minutes(monitoring.periodMinutes);

/** The total that the functions count of an event; they also count it by endpoint. */
export const eventMetric = (namespace: string, event: SecurityEvent): Metric =>
  new Metric({ namespace, metricName: event, statistic: 'Sum', period, label: event });

/** MON-1: an event at each endpoint, as many lines as there are endpoints. */
export const eventByEndpoint = (namespace: string, event: SecurityEvent): IMetric =>
  new MathExpression({
    expression: `SEARCH('{"${namespace}",endpoint} MetricName="${event}"', 'Sum', ${period.toSeconds()})`,
    label: '',
    period,
  });

/** A metric of each tool that has metrics of its own. */
export const toolMetric = (namespace: string, metricName: string, statistic: string): IMetric =>
  new MathExpression({
    expression: `SEARCH('{"${namespace}",tool} MetricName="${metricName}"', '${statistic}', ${period.toSeconds()})`,
    label: '',
    period,
  });

/** What the web ACL refused by one of its rules. */
export const blockedBy = (webAcl: string, rule: string, region: string): Metric =>
  new Metric({
    namespace: 'AWS/WAFV2',
    metricName: 'BlockedRequests',
    dimensionsMap: { WebACL: webAcl, Rule: rule, Region: region },
    statistic: 'Sum',
    period,
    label: rule,
  });

/**
 * Logins that failed inside Cognito, where no code of ours runs: it counts 1 for each that
 * succeeded and 0 for each that did not, by app client, so the failed ones are the samples less
 * their sum. A throttled one counts as failed.
 * https://docs.aws.amazon.com/cognito/latest/developerguide/metrics-for-cognito-user-pools.html
 */
export const failedLogins = (
  userPoolId: string,
  clientIds: Readonly<Record<string, string>>,
  names: readonly string[] = Object.keys(clientIds),
): MathExpression => {
  const metric = (name: string, statistic: string) =>
    new Metric({
      namespace: cognitoNamespace,
      metricName: 'SignInSuccesses',
      dimensionsMap: { UserPool: userPoolId, UserPoolClient: clientIds[name] ?? '' },
      statistic,
      period,
    });
  return new MathExpression({
    expression: names
      .map((_, index) => `FILL(tried${index}, 0) - FILL(succeeded${index}, 0)`)
      .join(' + '),
    usingMetrics: Object.fromEntries(
      names.flatMap((name, index) => [
        [`tried${index}`, metric(name, Stats.SAMPLE_COUNT)],
        [`succeeded${index}`, metric(name, Stats.SUM)],
      ]),
    ),
    label: 'failed logins',
    period,
  });
};

/** A metric that Cognito publishes of a pool, whichever dimensions it has besides. */
export const ofPool = (userPoolId: string, metricName: string, statistic: string): IMetric =>
  new MathExpression({
    expression: `SUM(SEARCH('Namespace="${cognitoNamespace}" MetricName="${metricName}" UserPool="${userPoolId}"', '${statistic}', ${period.toSeconds()}))`,
    label: metricName,
    period,
  });

const cognitoNamespace = 'AWS/Cognito';

/** The sum of metrics, each taken as 0 where it has no data. */
export const sum = (metrics: readonly IMetric[], label: string): MathExpression =>
  new MathExpression({
    expression: `SUM([${metrics.map((_, index) => `FILL(m${index}, 0)`).join(', ')}])`,
    usingMetrics: Object.fromEntries(metrics.map((metric, index) => [`m${index}`, metric])),
    label,
    period,
  });

/** The larger of two metrics at each time; one that has no data is taken as 0. */
export const larger = (one: IMetric, other: IMetric): MathExpression =>
  new MathExpression({
    expression: 'MAX([FILL(one, 0), FILL(other, 0)])',
    usingMetrics: { one, other },
    label: 'the larger',
    period,
  });
