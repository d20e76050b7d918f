import type { Readable } from 'node:stream';
import type { APIGatewayProxyEvent } from 'aws-lambda';
import type { SecurityEvent } from '../../policy/security-events.ts';
import type { SafeFields, SafeLogger } from '../logging/safe-logger.ts';
import type { WriteTrail } from '../logging/trail.ts';
import type { Caller } from './caller.ts';

/** What a handler is given: a request that has passed every check of the stack. */
export interface SecuredRequest {
  /** As API Gateway sent it. Prefer the fields below: they were checked. */
  readonly event: APIGatewayProxyEvent;
  readonly method: string;
  /**
   * Path without the stage, without a trailing slash, as a route's template where it has no
   * variable part (`/mcp`).
   */
  readonly path: string;
  /** Names in lower case, one value each: a header sent twice with different values was refused. */
  readonly headers: Readonly<Record<string, string>>;
  /**
   * A parameter sent twice was refused (RFC 6749 section 3.1), unless the endpoint's row says that it
   * may be repeated: then this is its last value.
   */
  readonly query: Readonly<Record<string, string>>;
  /** Every value of the parameters that the endpoint's row lets be repeated. */
  readonly repeatedQuery: Readonly<Record<string, readonly string[]>>;
  /** Decoded, at most as long as the endpoint's row says; empty when there is none. */
  readonly body: string;
  /**
   * The parsed body when its content type is JSON (at most `sizes.jsonDepth` deep), else undefined.
   */
  readonly json: unknown;
  /** RATE-10: from the gateway, or from the declared proxy's header. */
  readonly sourceIp: string;
  /** The gateway's request id: in every error and log line. */
  readonly requestId: string;
  /** When the request arrived. Decide with this clock, never with `Date.now()`. */
  readonly now: Date;
  readonly logger: SafeLogger;
  /** Milliseconds until Lambda stops the function. */
  readonly remainingMilliseconds: () => number;
  /**
   * Puts a W3C `traceparent` (checked by the caller) into the log lines that follow: MCP carries it
   * in `_meta`.
   */
  readonly correlate: (traceparent: string) => void;
  /**
   * LOG-4: one log line and one metric. A thrown `HttpError` reports its own event; do not report it
   * twice.
   */
  readonly securityEvent: (name: SecurityEvent, fields?: SafeFields) => void;
  /** LOG-6: one line of the audit trail. Who calls, and from where, is added. */
  readonly trail: WriteTrail;
  /** The verified caller; present exactly when `secured` was told to authenticate. */
  readonly caller?: Caller;
}

/** What a handler returns. Security headers and CORS are added by the stack. */
export interface HttpResponse {
  readonly statusCode: number;
  /**
   * Lower-case names. A content-security-policy of the handler's own is kept (pages are stricter);
   * so is a cache-control of discovery documents.
   */
  readonly headers?: Readonly<Record<string, string>>;
  /** Each becomes one `Set-Cookie`. */
  readonly cookies?: readonly string[];
  /** A stream only where `secured` was told that its function streams. */
  readonly body: string | Readable;
}

export type Handler = (request: SecuredRequest) => Promise<HttpResponse> | HttpResponse;
