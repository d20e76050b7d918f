/**
 * MON-2: when an alarm fires, beside the counts in security-events. Shares in percent, times in
 * minutes.
 */
export const monitoring = {
  periodMinutes: 5,
  /** A share says nothing about a handful of requests. */
  serverErrors: { percent: 5, ofAtLeast: 20 },
  /**
   * How far p99 latency may leave what the same hour usually shows; tools take from milliseconds to
   * minutes, so a number would be silly.
   */
  latency: { standardDeviations: 3, periods: 3 },
  functionErrors: 5,
  /** Logins that failed inside Cognito, for all people together. */
  failedLogins: 30,
  /** Gateway responses that mean that the authorizer itself failed. */
  authorizerFailureResponses: ['AUTHORIZER_FAILURE', 'AUTHORIZER_CONFIGURATION_ERROR'],
  functionThrottles: 1,
} as const;

/**
 * What may be asked of a canary. Below, its failures would not be enough for the alarms, which look
 * at a share of all calls over a period.
 */
export const canaryBounds = {
  percent: { least: monitoring.serverErrors.percent, most: 50 },
  minutes: { least: monitoring.periodMinutes, most: 120 },
} as const;

/**
 * What ends a canary. Of the alarms, those that a bad version sets off: one that a stranger can set
 * off (refused tokens, a rate limit) would let them hold up the next version.
 */
export const canaryAlarms = ['Errors5xx', 'LambdaErrors', 'AuthorizerFailure'] as const;

/** MON-4: how many rows a saved query shows. */
export const savedQueryRows = 50;

/**
 * How many requests are traced: a share (0 to 1) of all. None for certain: a reservoir of one a
 * second traces nearly every request of a service that has less than one a second, and a million
 * traces cost more than a million requests. `priority` places the rule before the account's default
 * one (10,000).
 */
export const tracing = { reservoirPerSecond: 0, fixedRate: 0.01, priority: 5000 } as const;
