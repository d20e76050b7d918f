/** The server answered with an error instead of a result. */
export class McpError extends Error {
  override readonly name = 'McpError';
  /** HTTP status: 200 for an error that stands in the response alone. */
  readonly status: number;
  /** JSON-RPC 2.0, section 5.1. */
  readonly code: number;
  /** With the stable code of the error, and the request id that log lines carry. */
  readonly data: unknown;

  constructor(message: string, status: number, code: number, data: unknown) {
    super(message);
    this.status = status;
    this.code = code;
    this.data = data;
  }
}
