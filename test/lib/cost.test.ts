import { only, properties, resources, synthesized } from './synthesized.ts';

/**
 * AWS's list prices of what costs by the month and not by use, in dollars (us-east-1, read on
 * 2026-11-26): aws.amazon.com/waf/pricing, /kms/pricing, /secrets-manager/pricing,
 * /cloudwatch/pricing.
 */
const monthly = { webAcl: 5, rule: 1, key: 1, secret: 0.4, alarmMetric: 0.1 } as const;

const template = synthesized({});
const count = (type: string) => Object.keys(resources(template, type)).length;

/** An alarm is paid for by each metric that it watches; a band of anomalies watches three. */
const alarmMetrics = properties(template, 'AWS::CloudWatch::Alarm')
  .map(({ Metrics }) => {
    if (Metrics === undefined) return 1;
    const watched = Metrics.filter(({ MetricStat }: { MetricStat?: unknown }) => MetricStat);
    return JSON.stringify(Metrics).includes('ANOMALY_DETECTION_BAND') ? 3 : watched.length;
  })
  .reduce((sum: number, each: number) => sum + each, 0);

test('an idle stage of the default configuration costs at most $30 a month', () => {
  const rules = properties(template, 'AWS::WAFv2::WebACL').flatMap(({ Rules }) => Rules).length;
  const dollars =
    count('AWS::WAFv2::WebACL') * monthly.webAcl +
    rules * monthly.rule +
    count('AWS::KMS::Key') * monthly.key +
    count('AWS::SecretsManager::Secret') * monthly.secret +
    alarmMetrics * monthly.alarmMetric;
  expect(dollars).toBeLessThanOrEqual(30);
  // An account's first three dashboards cost nothing.
  expect(count('AWS::CloudWatch::Dashboard')).toBe(1);
});

test('detailed metrics of methods, which are custom metrics, are off', () => {
  for (const { MetricsEnabled } of only(template, 'AWS::ApiGateway::Stage')['MethodSettings'])
    expect(MetricsEnabled).toBe(false);
});
