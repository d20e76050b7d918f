/**
 * LOG-4: one name each, used as the log line's `event` and as the metric's name. `alarm` is how
 * many in five minutes wake somebody (MON-2).
 */
export const securityEvents = {
  AuthenticationFailure: { alarm: 50 },
  InvalidToken: { alarm: 50 },
  RateLimitExceeded: { alarm: 200 },
  CorsViolation: { alarm: 50 },
  InputValidationFailure: { alarm: 100 },
  UnknownMcpMethod: { alarm: 50 },
  /** Somebody named a tool, prompt or resource that is not for their groups (AUTH-12). */
  AccessRefused: { alarm: 50 },
  CodeReplay: { alarm: 1 },
  /** A refresh token came back after the grace: somebody has a copy. Its grant has ended. */
  RefreshTokenReuse: { alarm: 1 },
  RegistrationRefused: { alarm: 20 },
  /** The per-user limit let a request through because the table could not be reached. */
  UserLimitUnavailable: { alarm: 1 },
  BlockedUser: { alarm: 1 },
  /** The authorizer could not decide: its code, its configuration, or the pool's keys. */
  AuthorizerFailure: { alarm: 1 },
} as const satisfies Record<string, { readonly alarm: number }>;

export type SecurityEvent = keyof typeof securityEvents;

export const metricsNamespace = 'Gatehouse';
