declare const hashed: unique symbol;
/** What stands for a person in a log line: made by `userHash` and by nothing else. */
export type UserHash = string & { readonly [hashed]: true };

/**
 * The only things that can be logged (LOG-2). There is no field for a token, a code, a verifier, a
 * secret, a cookie, an email address, a body or a header: that is the redaction. A name that is not
 * listed is dropped at run time too.
 */
export interface SafeFields {
  /** Stable error code (lambdas/errors). */
  readonly code?: string;
  readonly status?: number;
  /** Private explanation in our own words; cleaned and filtered all the same. */
  readonly detail?: string | undefined;
  /** A library's error: its name and message, cleaned and filtered. */
  readonly cause?: unknown;
  readonly method?: string;
  readonly path?: string;
  readonly origin?: string | undefined;
  readonly sourceIp?: string;
  readonly user?: UserHash;
  /** Registered OAuth client or Cognito app client: an identifier, not a secret. */
  readonly clientId?: string;
  readonly profile?: string;
  readonly host?: string;
  readonly scope?: string;
  readonly limit?: string;
  readonly retryAfterSeconds?: number;
  readonly mcpMethod?: string;
  readonly tool?: string;
  readonly protocolVersion?: string;
  readonly durationMs?: number;
  readonly count?: number;
}

/**
 * A message is a literal: a sentence with somebody's value spliced in has the type `string` or a
 * template of it, and does not compile. (A record keyed by either has an index signature, which an
 * empty object satisfies; one keyed by a literal asks for a member.)
 */
type Literal<Message extends string> =
  Record<never, never> extends Record<Message, true> ? never : Message;

type Log = <const Message extends string>(message: Literal<Message>, fields?: SafeFields) => void;

/**
 * LOG-1: INFO for success and user actions, WARNING for security concerns and invalid requests,
 * ERROR for failures, DEBUG in development.
 */
export interface SafeLogger {
  readonly debug: Log;
  readonly info: Log;
  readonly warning: Log;
  readonly error: Log;
}
