import { type IMetric, MathExpression, Metric } from 'aws-cdk-lib/aws-cloudwatch';
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

/** The sum of metrics, each taken as 0 where it has no data. */
export const sum = (metrics: readonly IMetric[], label: string): MathExpression =>
  over('SUM', metrics, label);

/** The highest of metrics that may count the same thing, each taken as 0 where it has no data. */
export const highest = (metrics: readonly IMetric[], label: string): MathExpression =>
  over('MAX', metrics, label);

const over = (operation: 'SUM' | 'MAX', metrics: readonly IMetric[], label: string) =>
  new MathExpression({
    expression: `${operation}([${metrics.map((_, index) => `FILL(m${index}, 0)`).join(', ')}])`,
    usingMetrics: Object.fromEntries(metrics.map((metric, index) => [`m${index}`, metric])),
    label,
    period,
  });
