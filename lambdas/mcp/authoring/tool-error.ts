/**
 * Thrown by a tool to tell the *model* what went wrong and what to try instead: it becomes a result
 * with `isError`, message and all. Anything else that a tool throws is logged, and reaches the client as an
 * internal error, without its message (ERR-1).
 */
export class ToolError extends Error {
  override readonly name = 'ToolError';
}
