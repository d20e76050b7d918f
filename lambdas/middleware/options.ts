import type { PluginExecutionMode } from '@middy/core';
import type { Environment } from '../configuration/fields.ts';
import type { ErrorShape } from '../errors/render-error.ts';
import type { Caller } from '../http/caller.ts';
import type { SecuredRequest } from '../http/request.ts';

/**
 * What every HTTP function reads from its environment: see `httpFields` in lambdas/configuration.
 */
export interface HttpSettings {
  readonly ENVIRONMENT: Environment;
  readonly ALLOWED_ORIGINS: readonly string[];
  /** RATE-10: absent unless a proxy is declared. */
  readonly TRUSTED_PROXY_HEADER?: string | undefined;
  /** LOG-2: switches the logs' last-line filter off, on development environments. */
  readonly LOG_SENSITIVE_DATA?: boolean | undefined;
}

/**
 * Verifies the bearer token of a request and says who calls.
 * @throws MissingToken, InvalidToken, TemporarilyUnavailable
 */
export type Authenticate = (authorization: string | undefined, now: Date) => Promise<Caller>;

/**
 * RATE-5 and the kill switch. `calls` is the length of a batch, else 1.
 * @throws RateLimitExceeded, BlockedUser
 */
export type LimitUser = (
  caller: Caller,
  calls: number,
  request: Pick<SecuredRequest, 'now' | 'logger' | 'securityEvent'>,
) => Promise<void>;

export interface SecuredOptions {
  /** The function's name: `service` of its log lines. */
  readonly service: string;
  readonly errors: ErrorShape;
  /** Whether pages of the listed origins may call it; `same-origin` answers no preflight. */
  readonly cors: 'cross-origin' | 'same-origin';
  readonly settings: HttpSettings;
  /** Content types that a body may have, without parameters. JSON is parsed into `request.json`. */
  readonly bodies?: readonly ('application/json' | 'application/x-www-form-urlencoded')[];
  /**
   * Request headers (beyond policy/cors) that a preflight may ask for: the tools' `Mcp-Param-*`.
   */
  readonly corsRequestHeaders?: readonly string[];
  /**
   * Verifies the caller again behind the authorizer. Foreign origins are refused then (CORS-5), not
   * just left without CORS headers.
   */
  readonly authenticate?: Authenticate;
  /** Needs `authenticate`. */
  readonly limitUser?: LimitUser;
  /**
   * `streamed` of ./streamed.ts: streams the response (API Gateway's `responseTransferMode:
   * STREAM`).
   */
  readonly stream?: PluginExecutionMode;
  /** For tests: the clock. */
  readonly clock?: () => Date;
}
