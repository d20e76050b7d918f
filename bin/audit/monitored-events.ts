import { securityEvents } from '../../policy/security-events.ts';

/** What an alarm has to watch: each security event that the policy gives a figure, and the service. */
export const monitored: readonly string[] = [
  ...Object.entries(securityEvents)
    .filter(([, event]) => typeof event === 'object' && 'alarm' in event)
    .map(([name]) => name),
  'Errors5xx',
  'LatencyP99',
  'LambdaErrors',
  'LambdaThrottles',
];
