import type { Caller } from '../../http/caller.ts';
import type { SafeLogger } from '../../logging/safe-logger.ts';
import type { ClientCapabilities } from './input-required.ts';

/**
 * W3C Trace Context and Baggage of the caller, as it sent them in `_meta` (SEP-414) or in headers:
 * send them on with what you call, and your work stands in the caller's trace. The values are
 * well-formed, and the caller's own: not to be trusted.
 */
export interface TraceContext {
  readonly traceparent?: string;
  /** Only beside a `traceparent`. */
  readonly tracestate?: string;
  readonly baggage?: string;
}

/** What every tool, prompt and resource is handed beside its arguments. */
export interface CallContext {
  /** The caller, as the verified access token names them (AUTH-10). */
  readonly caller: Caller;
  readonly logger: SafeLogger;
  /**
   * Counts something in CloudWatch, under the deployment's namespace, with the definition's name as
   * dimension. @default 1
   */
  count(metric: string, value?: number): void;
  /**
   * Fires when the caller cancels (where that can reach this process) and shortly before the
   * function's time runs out. Not when the client hangs up: Lambda has no event for that. Hand it
   * to whatever you wait for.
   */
  readonly signal: AbortSignal;
  /** Milliseconds until `signal` fires by itself. */
  remainingMilliseconds(): number;
  /**
   * Tells the caller how far things are, when it asked to be told and accepts a stream; otherwise
   * nothing happens. Each value must be larger than the one before.
   */
  progress(progress: number, total?: number, message?: string): void;
  readonly traceContext: TraceContext;
  /** What the client gathered for an earlier `InputRequired`, by its keys. Empty at first. */
  readonly inputResponses: Readonly<Record<string, unknown>>;
  /**
   * The `requestState` of an earlier `InputRequired`, as the client sent it back: not to be trusted
   * unless signed.
   */
  readonly requestState: string | undefined;
  /**
   * What the client says it can do. Empty for the 2025 revisions, which say so only once, to
   * another process perhaps.
   */
  readonly clientCapabilities: ClientCapabilities;
}
