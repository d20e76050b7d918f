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

/** Each person who logs in within a month, by the plan of the user pool. */
export const cognitoPrices = {
  ESSENTIALS: { usersForNothing: 10_000, user: 0.015 },
  PLUS: { usersForNothing: 0, user: 0.02 },
} as const;

/**
 * A thousand access tokens by `client_credentials`, up to 250,000 a month; none is for nothing. The
 * developer guide ("Monitoring and managing costs") names no price of the app client any more.
 */
export const thousandMachineTokens = 2.25;

/**
 * What one call of a quick tool is taken to be.
 *
 * Durations: of warm functions, measured by `npm run bench` with a table that is 4 ms away, drawn out
 * to the share of a core that each function's memory buys, and rounded up as Lambda bills them
 * (bench/results.md, "Billed for a warm call"). What Lambda's own runtime adds is not in them.
 *
 * Bytes: of one line, on the next ten. Those of our own lines are counted from lines that the code
 * writes (test/bin/cost/lines.ts); those of the web ACL and of CloudFront from AWS's samples.
 */
export const assumedCall = {
  authorizerMilliseconds: 1,
  toolMilliseconds: 6,
  accessLogBytes: 240,
  webAclLogBytes: 1800,
  edgeLogBytes: 400,
  /** Of the audit trail, which is paid for where it is written and where it is kept. */
  auditLineBytes: 400,
  auditCopyBytes: 420,
  auditMilliseconds: 1,
} as const;
