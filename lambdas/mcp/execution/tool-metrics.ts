import { Metrics, MetricUnit } from '@aws-lambda-powertools/metrics';
import { metricsNamespace } from '../../../policy/security-events.ts';

let shared: Metrics | undefined;

/**
 * Counts something that a tool, prompt or resource wants counted: one line of CloudWatch's embedded
 * metric format, in the deployment's namespace, with the definition's name as its dimension. Made
 * with the first count, as most calls count nothing.
 */
export const countFor =
  (definition: string) =>
  (metric: string, value = 1): void => {
    if (shared === undefined) {
      shared = new Metrics({
        namespace: process.env['POWERTOOLS_METRICS_NAMESPACE'] ?? metricsNamespace,
        serviceName: 'mcp',
      });
      shared.clearDefaultDimensions();
    }
    shared
      .addDimensions({ definition })
      .addMetric(metric, MetricUnit.Count, value)
      .publishStoredMetrics();
  };
