/** How long each thing lives, in the unit that its name ends with. */
export const lifetimes = {
  /** OAUTH-10. */
  authorizationCodeSeconds: 60,
  /**
   * OAUTH-10: how long a spent code is remembered, so that a replay is told from a code that never
   * was.
   */
  spentCodeSeconds: 24 * 60 * 60,
  /**
   * From `/authorize` to the approval, and again from the approval to `/callback`: time to read and
   * to log in.
   */
  transactionSeconds: 600,
  /** A consent form that was approved takes the second click of a double click. */
  doubleClickSeconds: 5,
  /** OAUTH-4: a registration that never led to a login. */
  unusedRegistrationSeconds: 24 * 60 * 60,
  /** OAUTH-8: how long a browser remembers an approval (never for a loopback client). */
  rememberedConsentSeconds: 30 * 24 * 60 * 60,
  /** AUTH-3: an older `iat` is refused even when `exp` allows it. */
  tokenAgeSeconds: 24 * 60 * 60,
  /** AUTH-3: how far in the future `iat` and `nbf` may lie. */
  clockSkewSeconds: 60,
  /** AUTH-2: an unknown `kid` triggers at most one JWKS fetch in this time. */
  jwksRefetchSeconds: 60,
  /**
   * AUTH-2: without any key at all (a cold start in an outage) the fetch is tried again after this
   * time.
   */
  jwksRetrySeconds: 5,
  /**
   * Keys older than this are fetched again, so that one that Cognito withdrew stops working; in an
   * outage the old ones stay.
   */
  jwksFreshSeconds: 60 * 60,
  /**
   * `Retry-After` where what is behind us fails or throttles for a reason that passes by itself.
   */
  retryAfterSeconds: 2,
  /**
   * A user's item after its last use. It outlives every grant that it holds (a refresh token lasts
   * at most 365 days): what it says of their end may not be forgotten first.
   */
  userSeconds: 366 * 24 * 60 * 60,
  /**
   * OAUTH-13: an app client's secret that stopped working is read again at most once in this time.
   */
  secretRereadSeconds: 60,
  /** A tool's secret is kept this long by the instance that read it; a rotation takes so long. */
  toolSecretSeconds: 300,
  /**
   * After a failed read of an app client's secret: the first wait and the longest, each wait twice
   * the one before and shortened at random by up to half (Cognito takes 5 reads a second a pool).
   */
  secretBackoffSeconds: { first: 1, longest: 30 },
  /**
   * A verified signature is remembered this long; claims and expiry are checked on every request
   * all the same.
   */
  verifiedSignatureSeconds: 60,
  /** OAUTH-5: bounds on what a metadata document's own caching headers may ask for. */
  metadataDocumentMinimumSeconds: 60,
  metadataDocumentMaximumSeconds: 24 * 60 * 60,
  /**
   * OAUTH-5: how long the last good copy stands in while the document cannot be fetched (RFC 5861,
   * stale-if-error).
   */
  metadataDocumentGraceSeconds: 7 * 24 * 60 * 60,
  /** OAUTH-5: a document that could not be used is not fetched again in this time. */
  metadataDocumentFailureSeconds: 60,
  /** RFC 8414 and 9728 documents may be cached; see the exception in headers.ts. */
  discoverySeconds: 300,
  /** Fetch specification: how long a browser may keep the response to a preflight. */
  preflightSeconds: 600,
  logRetentionDays: 365,
  /** LOG-6: of the audit trail, whose log group is its own. */
  auditRetentionDays: 365,
} as const;

/**
 * What CloudWatch Logs takes as a retention, in days.
 * https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutRetentionPolicy.html
 */
export const logRetentionChoices = [
  1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288,
  3653,
] as const;
