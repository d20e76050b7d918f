/**
 * What API Gateway itself answers, one row a response type (ERR-2, ERR-3, RATE-9). `shape` is
 * JSON-RPC where only `/mcp` can get there (it alone has an authorizer and a usage plan) and a
 * problem document otherwise. `status` is given where AWS's own would mislead: a fault of ours is
 * not the caller's 500, and not a 403 either.
 */
export interface GatewayResponseRow {
  readonly status: number;
  readonly title: string;
  readonly shape: 'problem' | 'jsonrpc';
  /** JSON-RPC `error.code`; the status unless given. */
  readonly jsonRpc?: number;
  /**
   * The `WWW-Authenticate` challenge (AUTH-9): a gateway response is the only place that may send a
   * real one.
   */
  readonly challenge?: 'token' | 'scope';
  readonly retryAfterSeconds?: number;
}

export const gatewayResponses = {
  ACCESS_DENIED: { status: 403, title: 'Access was denied.', shape: 'jsonrpc', challenge: 'scope' },
  API_CONFIGURATION_ERROR: {
    status: 500,
    title: 'Something went wrong on our side.',
    shape: 'problem',
  },
  AUTHORIZER_CONFIGURATION_ERROR: {
    status: 503,
    title: 'The service is temporarily unavailable.',
    shape: 'jsonrpc',
    retryAfterSeconds: 5,
  },
  AUTHORIZER_FAILURE: {
    status: 503,
    title: 'The service is temporarily unavailable.',
    shape: 'jsonrpc',
    retryAfterSeconds: 5,
  },
  BAD_REQUEST_BODY: { status: 400, title: 'The body is malformed.', shape: 'problem' },
  BAD_REQUEST_PARAMETERS: {
    status: 400,
    title: 'A parameter is missing or malformed.',
    shape: 'problem',
  },
  DEFAULT_4XX: { status: 400, title: 'The request was refused.', shape: 'problem' },
  DEFAULT_5XX: { status: 500, title: 'Something went wrong on our side.', shape: 'problem' },
  EXPIRED_TOKEN: { status: 403, title: 'Access was denied.', shape: 'problem' },
  INTEGRATION_FAILURE: {
    status: 502,
    title: 'Something went wrong on our side.',
    shape: 'problem',
  },
  INTEGRATION_TIMEOUT: {
    status: 504,
    title: 'The service took too long to answer.',
    shape: 'problem',
  },
  // The authorizer chose a key that no usage plan knows: our fault, not the caller's.
  INVALID_API_KEY: {
    status: 500,
    title: 'Something went wrong on our side.',
    shape: 'jsonrpc',
    jsonRpc: -32_603,
  },
  INVALID_SIGNATURE: { status: 403, title: 'Access was denied.', shape: 'problem' },
  // API Gateway's name for "no such route".
  MISSING_AUTHENTICATION_TOKEN: {
    status: 403,
    title: 'There is nothing at this address.',
    shape: 'problem',
  },
  QUOTA_EXCEEDED: {
    status: 429,
    title: 'Too many requests.',
    shape: 'jsonrpc',
    retryAfterSeconds: 3600,
  },
  REQUEST_TOO_LARGE: { status: 413, title: 'The request is too large.', shape: 'problem' },
  RESOURCE_NOT_FOUND: { status: 404, title: 'There is nothing at this address.', shape: 'problem' },
  THROTTLED: { status: 429, title: 'Too many requests.', shape: 'problem', retryAfterSeconds: 1 },
  UNAUTHORIZED: {
    status: 401,
    title: 'An access token is needed.',
    shape: 'jsonrpc',
    challenge: 'token',
  },
  UNSUPPORTED_MEDIA_TYPE: {
    status: 415,
    title: 'The body has a content type that is not taken here.',
    shape: 'problem',
  },
  WAF_FILTERED: { status: 403, title: 'The request was refused.', shape: 'problem' },
} as const satisfies Record<string, GatewayResponseRow>;

export type GatewayResponseType = keyof typeof gatewayResponses;
