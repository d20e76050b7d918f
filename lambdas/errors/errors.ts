import { lifetimes } from '../../policy/lifetimes.ts';
import type { SecurityEvent } from '../../policy/security-events.ts';
import type { SafeFields } from '../logging/safe-logger.ts';

/**
 * What all refusals of one kind share. `code` is stable: clients, tests, dashboards and the runbook
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
  /** LOG-4: logged and counted whenever an error of this kind is rendered. */
  readonly event?: SecurityEvent;
}

/** What one refusal adds to its kind. */
export interface ErrorDetails {
  /** Replaces the kind's message; as public as that one. */
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
  readonly about?: Pick<SafeFields, 'clientId' | 'profile' | 'user'>;
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
  /** Set by whoever knows which request is refused. */
  rpcId: string | number | null;
  readonly data: Readonly<Record<string, unknown>>;
  readonly about: Pick<SafeFields, 'clientId' | 'profile' | 'user'>;

  constructor(kind: ErrorDefinition, circumstances: ErrorDetails = {}) {
    super(circumstances.message ?? kind.message, { cause: circumstances.cause });
    // Not the class's name: a minified bundle has none.
    this.name = kind.code;
    this.code = kind.code;
    this.status = kind.status;
    this.oauth = kind.oauth ?? kind.code;
    this.jsonRpc = kind.jsonRpc ?? kind.status;
    this.event = kind.event;
    this.detail = circumstances.detail;
    this.fix = circumstances.fix;
    this.retryAfterSeconds = circumstances.retryAfterSeconds;
    this.headers = circumstances.headers ?? {};
    this.rpcId = circumstances.rpcId ?? null;
    this.data = circumstances.data ?? {};
    this.about = circumstances.about ?? {};
  }
}

/**
 * Makes the classes of one family: they share what is given here, each leaf adds its code, status
 * and message.
 */
const family =
  (shared: Pick<ErrorDefinition, 'oauth' | 'jsonRpc' | 'event'> = {}) =>
  (
    code: string,
    status: number,
    message: string,
    own: Pick<ErrorDefinition, 'oauth' | 'jsonRpc' | 'event'> = {},
  ) =>
    class extends HttpError {
      constructor(circumstances: ErrorDetails = {}) {
        super({ code, status, message, ...shared, ...own }, circumstances);
      }
    };

// Shape of the request (C). The JSON-RPC codes are those of JSON-RPC 2.0 section 5.1.
const shape = family({
  oauth: 'invalid_request',
  jsonRpc: -32_600,
  event: 'InputValidationFailure',
});
export class MalformedJson extends shape('malformed_json', 400, 'The body is not valid JSON.', {
  jsonRpc: -32_700,
}) {}
export class InvalidRequest extends shape('invalid_request', 400, 'The request is malformed.') {}
export class InvalidParameters extends shape(
  'invalid_parameters',
  400,
  'A parameter is missing or malformed.',
  { jsonRpc: -32_602 },
) {}
/** MCP 2026-07-28, "Streamable HTTP": -32020 when `Mcp-*` headers and the body disagree. */
export class HeaderMismatch extends shape(
  'header_mismatch',
  400,
  'The headers do not agree with the body.',
  { jsonRpc: -32_020 },
) {}
export class RequestTooLarge extends shape('request_too_large', 413, 'The body is too large.') {}
export class UnsupportedMediaType extends shape(
  'unsupported_media_type',
  415,
  'A body of this content type is not taken here.',
) {}
/** AUTH-11. */
export class MisplacedToken extends shape(
  'misplaced_token',
  400,
  'A token belongs in the Authorization header alone.',
) {}

// What there is. Nobody is alarmed by a mistyped address.
const address = family({ oauth: 'invalid_request' });
export class NotFound extends address('not_found', 404, 'There is nothing at this address.') {}
export class MethodNotAllowed extends address(
  'method_not_allowed',
  405,
  'This method is not allowed here.',
) {}
export class NotAcceptable extends address(
  'not_acceptable',
  406,
  'The client accepts no content type that is sent here.',
) {}
const mcp = family({ jsonRpc: -32_601, event: 'UnknownMcpMethod' });
export class UnknownMcpMethod extends mcp('unknown_mcp_method', 404, 'Method not found') {}
// MCP 2026-07-28, "Error Codes"; -32002 is "resource not found" of the earlier revisions.
const protocol = family({ event: 'InputValidationFailure' });
export class UnsupportedProtocolVersion extends protocol(
  'unsupported_protocol_version',
  400,
  'Unsupported protocol version',
  {
    jsonRpc: -32_022,
  },
) {}
const feature = family();
export class MissingClientCapability extends feature(
  'missing_client_capability',
  400,
  'The client declares no capability for this.',
  {
    jsonRpc: -32_021,
  },
) {}
export class NeedsNewerRevision extends feature(
  'needs_newer_revision',
  400,
  'This asks the user for something, which works from protocol version 2026-07-28 on.',
  { jsonRpc: -32_603 },
) {}
export class UnknownResource extends feature('unknown_resource', 404, 'Resource not found', {
  jsonRpc: -32_602,
}) {}
export class UnknownLegacyResource extends feature('unknown_resource', 404, 'Resource not found', {
  jsonRpc: -32_002,
}) {}

// Who is asking (A). The messages say nothing that helps forging a token (AUTH-9).
const authentication = family({ event: 'AuthenticationFailure' });
export class MissingToken extends authentication(
  'missing_token',
  401,
  'An access token is needed.',
  { oauth: 'invalid_token' },
) {}
export class InvalidToken extends authentication(
  'invalid_token',
  401,
  'The access token is not valid.',
  { event: 'InvalidToken' },
) {}
export class InsufficientScope extends authentication(
  'insufficient_scope',
  403,
  'The access token lacks a scope that this needs.',
) {}
const caller = family({ oauth: 'invalid_grant', event: 'BlockedUser' });
export class BlockedUser extends caller('blocked_user', 403, 'This account is blocked.') {}
const origin = family({ oauth: 'access_denied', event: 'CorsViolation' });
export class ForeignOrigin extends origin('foreign_origin', 403, 'This origin is not allowed.') {}

// Grants: RFC 6749 sections 4.1.2.1 and 5.2. A replay looks like any other bad grant from outside.
export class InvalidClient extends authentication(
  'invalid_client',
  401,
  'The client is not known here.',
) {}
const grant = family({ oauth: 'invalid_grant', event: 'AuthenticationFailure' });
export class InvalidGrant extends grant(
  'invalid_grant',
  400,
  'The grant is not valid for this client, or has expired.',
) {}
export class CodeReplay extends grant(
  'code_replay',
  400,
  'The grant is not valid for this client, or has expired.',
  {
    event: 'CodeReplay',
  },
) {}
/** RFC 9700 section 4.14.2: a refresh token that was replaced came back. Its grant has ended. */
export class RefreshTokenReuse extends grant(
  'refresh_token_reuse',
  400,
  'The grant is not valid for this client, or has expired.',
  { event: 'RefreshTokenReuse' },
) {}
/** RFC 6749 section 5.2 has 400 for a refresh that is refused, whatever the reason. */
export class BlockedGrant extends grant(
  'blocked_user',
  400,
  'The grant is not valid for this client, or has expired.',
  {
    event: 'BlockedUser',
  },
) {}

// Authorization and token requests: RFC 6749, RFC 8707 section 2.
const parameter = family({ event: 'InputValidationFailure' });
export class UnsupportedGrantType extends parameter(
  'unsupported_grant_type',
  400,
  'The grant type is not supported.',
) {}
export class UnsupportedResponseType extends parameter(
  'unsupported_response_type',
  400,
  'The response type is not supported.',
) {}
/** RFC 7009 section 2.2.1. */
export class UnsupportedTokenType extends parameter(
  'unsupported_token_type',
  400,
  'A token of this type cannot be revoked.',
) {}
export class InvalidScope extends parameter(
  'invalid_scope',
  400,
  'A scope is not known, or not open to this client.',
) {}
export class InvalidTarget extends parameter(
  'invalid_target',
  400,
  'The resource is not served here.',
) {}

// The login in the browser. OAUTH-9: another browser, an expired page, or a step that nobody
// approved.
const login = family({ oauth: 'access_denied', event: 'AuthenticationFailure' });
export class ForeignTransaction extends login(
  'foreign_transaction',
  400,
  'This login began in another browser, or has expired.',
) {}

// Registration: RFC 7591 section 3.2.2.
const registration = family({ event: 'RegistrationRefused' });
export class InvalidRedirectUri extends registration(
  'invalid_redirect_uri',
  400,
  'The redirect URI is not allowed.',
) {}
export class InvalidClientMetadata extends registration(
  'invalid_client_metadata',
  400,
  'The client metadata is not acceptable.',
) {}

// Limits (D), and what is behind us.
const limit = family({ oauth: 'temporarily_unavailable', event: 'RateLimitExceeded' });
export class RateLimitExceeded extends limit('rate_limit_exceeded', 429, 'Too many requests.') {}
/** It passes by itself, so it always says when to try again (RFC 9110 section 15.6.4). */
export class TemporarilyUnavailable extends family()(
  'temporarily_unavailable',
  503,
  'The service is temporarily unavailable.',
) {
  constructor(circumstances: ErrorDetails = {}) {
    super({ retryAfterSeconds: lifetimes.retryAfterSeconds, ...circumstances });
  }
}
/** A tool, prompt or resource that was still at work when the function's time ran out. */
export class OutOfTime extends family()(
  'out_of_time',
  504,
  'This did not finish in the time that it has.',
  { jsonRpc: -32_603 },
) {}
export class Unexpected extends family()('server_error', 500, 'Something went wrong on our side.', {
  jsonRpc: -32_603,
}) {}
