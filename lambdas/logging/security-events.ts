import { Metrics, MetricUnit } from '@aws-lambda-powertools/metrics';
import { metricsNamespace, type SecurityEvent } from '../../policy/security-events.ts';

/** Counts a security event at an endpoint. */
export type CountEvent = (name: SecurityEvent, endpoint: string) => void;

/**
 * LOG-4 and MON-1: one metric a security event, in CloudWatch's embedded metric format by
 * Powertools. Two dimension sets: `endpoint` (the route's template, so their number is bounded) and
 * none (the total, which alarms watch). Made with the first event: a request without one does
 * nothing here.
 */
export const countEvents = (): CountEvent => {
  let shared: Metrics | undefined;
  return (name, endpoint) => {
    if (!shared) {
      // The deployment's own namespace: two of one account must not set off each other's alarms.
      const namespace = process.env['POWERTOOLS_METRICS_NAMESPACE'] ?? metricsNamespace;
      shared = new Metrics({ namespace });
      shared.clearDefaultDimensions();
    }
    shared
      .addDimensions({ endpoint })
      .addDimensions({})
      .addMetric(name, MetricUnit.Count, 1)
      .publishStoredMetrics();
  };
};
