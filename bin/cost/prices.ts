/**
 * AWS's list prices for us-east-1 in US dollars, without free tiers, read on 2026-11-26 from the
 * pricing page of each service (aws.amazon.com/<service>/pricing). They are no promise of ours:
 * they stand here so that docs/cost.md and `gatehouse cost` can be computed from the template.
 */
export const monthlyPrices = {
  webAcl: 5,
  webAclRule: 1,
  key: 1,
  secret: 0.4,
  /** An alarm is paid for by each metric that it watches. */
  alarmMetric: 0.1,
} as const;

export const pricesPerMillion = {
  restApiRequests: 3.5,
  wafRequests: 0.6,
  lambdaRequests: 0.2,
  /** On demand, for items of up to 1 KB. */
  tableWrites: 0.625,
  tracesRecorded: 5,
  edgeRequests: 1,
  edgeFunctionCalls: 0.1,
} as const;

export const otherPrices = {
  /** arm64. */
  lambdaGigabyteSecond: 0.0000133334,
  /** Provisioned concurrency, arm64. */
  warmGigabyteSecond: 0.0000033334,
  logGigabyte: 0.5,
} as const;

/** Essentials: each person who logs in within a month. */
export const cognitoPrices = { usersForNothing: 10_000, user: 0.015 } as const;

/**
 * What one call of a quick tool is taken to be. Durations are what a warm function of this
 * repository takes with a table in its region; sizes are those of one line of each log, on whole
 * hundreds of bytes.
 */
export const assumedCall = {
  authorizerMilliseconds: 5,
  toolMilliseconds: 25,
  accessLogBytes: 500,
  webAclLogBytes: 1800,
  edgeLogBytes: 400,
  /** Of the audit trail, which is paid for where it is written and where it is kept. */
  auditLineBytes: 700,
  auditMilliseconds: 5,
} as const;
