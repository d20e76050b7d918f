/**
 * API Gateway's and Lambda's own figures: AWS sets them, no template does, so they are not in
 * policy/.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-execution-service-limits-table.html
 * https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html
 */
export const quotas = {
  /** A larger request body is REQUEST_TOO_LARGE. */
  payloadBytes: 10 * 1024 * 1024,
  /** Request line and header values together. */
  headerBytes: 10_240,
  /** A synchronous invocation's event, and a buffered result. */
  invocationBytes: 6 * 1024 * 1024,
  /** Integrations without a timeout of their own. */
  integrationMilliseconds: 29_000,
  /** A streamed response that stays silent this long is cut (regional endpoints). */
  streamIdleMilliseconds: 5 * 60 * 1000,
} as const;

/**
 * The local runtime's own patience with connections that send nothing or too slowly. AWS publishes no
 * figure.
 */
export const defaultPatience = {
  headersMilliseconds: 10_000,
  requestMilliseconds: 60_000,
  idleMilliseconds: 60_000,
} as const;
