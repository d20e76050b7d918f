import type { IMetric } from 'aws-cdk-lib/aws-cloudwatch';
import { FilterPattern, type LogGroup } from 'aws-cdk-lib/aws-logs';
import { period } from './metrics.ts';

/** What is counted of the logins that threat protection exports. */
export interface ExportedLogins {
  /** At every app client. */
  readonly failed: IMetric;
  /** What threat protection refused, and passwords that are known to be stolen. */
  readonly risky: IMetric;
}

/**
 * Field names as in "Exporting logs from Amazon Cognito user pools" of the developer guide; the API
 * writes some of the values in another case than the log does, so both are taken.
 */
export const exportedLogins = (
  log: LogGroup | undefined,
  metricNamespace: string,
): ExportedLogins | undefined => {
  if (log === undefined) return undefined;
  const counted = (metricName: string, label: string, values: readonly [string, string][]) =>
    log
      .addMetricFilter(metricName, {
        filterPattern: FilterPattern.any(
          ...values.map(([field, value]) =>
            FilterPattern.stringValue(`$.message.${field}`, '=', value),
          ),
        ),
        metricNamespace,
        metricName,
      })
      .metric({ statistic: 'Sum', period, label });
  return {
    failed: counted('ExportedLoginsFailed', 'failed', [
      ['eventResponse', 'Fail'],
      ['eventResponse', 'FAIL'],
    ]),
    risky: counted('ExportedLoginsRisky', 'refused as a risk, or with a stolen password', [
      ['riskDecision', 'Block'],
      ['riskDecision', 'BLOCK'],
      ['compromisedCredentialDetected', 'true'],
    ]),
  };
};
