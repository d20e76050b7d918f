import type { SecurityEvent } from '../../policy/security-events.ts';
import type { SafeFields } from '../logging/safe-logger.ts';

/**
 * What all errors of one class share. `code` is stable: clients, tests, dashboards and the runbook
 * name it.
 */
export interface ErrorDefinition {
  readonly code: string;
  readonly status: number;
  /**
   * Safe to show to anybody (ERR-1): says what is wrong with the request, never what is behind us.
   */
  readonly message: string;
  /** RFC 6749 `error`, where it is not the code itself. */
  readonly oauth?: string;
  /**
   * JSON-RPC 2.0 `error.code`; absent: the status. 2026-07-28 "Error Codes" wants those of
   * implementations outside the reserved range, and clients in the wild take its -32000 and -32001
   * for a connection that broke and a request that timed out.
   */
  readonly jsonRpc?: number;
  /** LOG-4: logged and counted whenever such an error is rendered. */
  readonly event?: SecurityEvent;
}

/** What one error adds to its definition. */
export interface ErrorDetails {
  /** Replaces the definition's message; as public as that one. */
  readonly message?: string;
  /** For the log alone: why, in our words. Never a token, a code or an address of a person. */
  readonly detail?: string;
  /** What the caller can do about it; shown with the message. */
  readonly fix?: string;
  /** RATE-9: becomes `Retry-After`. */
  readonly retryAfterSeconds?: number;
  /** Further response headers, lower case (`allow`). */
  readonly headers?: Readonly<Record<string, string>>;
  /**
   * JSON-RPC: the request's id. `data` is public: JSON-RPC's `error.data`, members of a problem.
   */
  readonly rpcId?: string | number | null;
  readonly data?: Readonly<Record<string, unknown>>;
  readonly cause?: unknown;
  /** Who it is about, for the log: a person stands there as a hash. */
  readonly about?: Pick<SafeFields, 'clientId' | 'profile' | 'user' | 'tool' | 'limit' | 'host'>;
  /** Replaces the definition's event: the log may know more than the caller is told. */
  readonly event?: SecurityEvent;
}

/**
 * Every error that we raise on purpose. Anything else that reaches the renderer is a bug and shows
 * as {@link Unexpected}.
 */
export class HttpError extends Error {
  override readonly name: string;
  readonly code: string;
  readonly status: number;
  readonly oauth: string;
  readonly jsonRpc: number;
  readonly event: SecurityEvent | undefined;
  readonly detail: string | undefined;
  readonly fix: string | undefined;
  readonly retryAfterSeconds: number | undefined;
  readonly headers: Readonly<Record<string, string>>;
  /** Set by whoever knows which request failed. */
  rpcId: string | number | null;
  readonly data: Readonly<Record<string, unknown>>;
  readonly about: NonNullable<ErrorDetails['about']>;

  constructor(definition: ErrorDefinition, details: ErrorDetails = {}) {
    super(details.message ?? definition.message, { cause: details.cause });
    // Not the class's name: a minified bundle has none.
    this.name = definition.code;
    this.code = definition.code;
    this.status = definition.status;
    this.oauth = definition.oauth ?? definition.code;
    this.jsonRpc = definition.jsonRpc ?? definition.status;
    this.event = details.event ?? definition.event;
    this.detail = details.detail;
    this.fix = details.fix;
    this.retryAfterSeconds = details.retryAfterSeconds;
    this.headers = details.headers ?? {};
    this.rpcId = details.rpcId ?? null;
    this.data = details.data ?? {};
    this.about = details.about ?? {};
  }
}

/**
 * Makes the classes of one family: they share what is given here, each leaf adds its code, status
 * and message. Every call is marked as pure, so that a function's bundle has the errors that it raises
 * and no others.
 */
export const family =
  (shared: Pick<ErrorDefinition, 'oauth' | 'jsonRpc' | 'event'> = {}) =>
  (
    code: string,
    status: number,
    message: string,
    own: Pick<ErrorDefinition, 'oauth' | 'jsonRpc' | 'event'> = {},
  ) =>
    class extends HttpError {
      constructor(details: ErrorDetails = {}) {
        super({ code, status, message, ...shared, ...own }, details);
      }
    };
