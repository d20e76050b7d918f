import { callDeadlines } from '../../../policy/mcp-methods.ts';
import { OutOfTime } from '../../errors/errors.ts';
import type { Caller } from '../../http/caller.ts';
import type { SecuredRequest } from '../../http/request.ts';
import type { CallContext, TraceContext } from '../authoring/call-context.ts';
import type { ClientCapabilities } from '../authoring/input-required.ts';
import { ToolError } from '../authoring/tool-error.ts';
import { countFor } from './tool-metrics.ts';

/** Reports progress to the caller; undefined where it did not ask, or takes no stream. */
export type ReportProgress =
  | ((progress: number, total: number | undefined, message: string | undefined) => void)
  | undefined;

/** Where a call comes from. */
interface Origin {
  readonly request: SecuredRequest;
  readonly caller: Caller;
  readonly clientCapabilities: ClientCapabilities;
}

/** What the client sends with the repetition of a call. */
interface RetryInput {
  readonly inputResponses?: Readonly<Record<string, unknown>> | undefined;
  readonly requestState?: string | undefined;
}

/** The caller wants no answer any more. */
export class CallCancelled extends ToolError {
  constructor() {
    super('The caller cancelled this call.');
  }
}

/** Something that a call began has thrown where nobody could catch it. */
class StrayError extends Error {
  override readonly name = 'StrayError';

  constructor({ cause }: { readonly cause: unknown }) {
    super('A part of the call failed where nobody caught it.', { cause });
  }
}

/** The context of one call, and its end: in time, by a cancellation, or when the time is up. */
export class Call implements CallContext {
  readonly caller: Caller;
  readonly logger: SecuredRequest['logger'];
  readonly inputResponses: Readonly<Record<string, unknown>>;
  readonly requestState: string | undefined;
  readonly clientCapabilities: ClientCapabilities;
  readonly traceContext: TraceContext;
  readonly #name: string;
  readonly #request: SecuredRequest;
  readonly #report: ReportProgress;
  #reported = Number.NEGATIVE_INFINITY;
  // Made when first asked for: most tools never look, and it is a good part of what a call costs.
  #controller: AbortController | undefined;
  #reason: unknown;
  #timers: NodeJS.Timeout[] = [];
  #ended = false;
  #strayed = false;
  #fail: ((error: unknown) => void) | undefined;

  constructor(
    name: string,
    { request, caller, clientCapabilities }: Origin,
    traceContext: TraceContext,
    retryInput: RetryInput,
    report: ReportProgress,
  ) {
    this.#name = name;
    this.caller = caller;
    this.logger = request.logger;
    this.inputResponses = retryInput.inputResponses ?? {};
    this.requestState = retryInput.requestState;
    this.clientCapabilities = clientCapabilities;
    this.traceContext = traceContext;
    this.#request = request;
    this.#report = report;
  }

  get cancelled(): boolean {
    return this.#reason instanceof CallCancelled;
  }

  get signal(): AbortSignal {
    if (this.#controller === undefined) {
      this.#controller = new AbortController();
      if (this.#reason !== undefined) this.#controller.abort(this.#reason);
      else if (!this.#ended)
        this.#after(this.remainingMilliseconds(), () => this.abort(new OutOfTime()));
    }
    return this.#controller.signal;
  }

  // Functions of their own, so that a tool may take them out of the context.
  readonly count = (metric: string, value?: number): void => countFor(this.#name)(metric, value);

  readonly remainingMilliseconds = (): number => this.#untilBefore(callDeadlines.warningSeconds);

  readonly progress = (progress: number, total?: number, message?: string): void => {
    // "The progress value MUST increase"; JSON has no NaN; and nothing follows the result.
    if (this.#ended || !Number.isFinite(progress) || progress <= this.#reported) return;
    this.#reported = progress;
    this.#report?.(
      progress,
      Number.isFinite(total) ? total : undefined,
      typeof message === 'string' ? message : undefined,
    );
  };

  abort(reason: unknown): void {
    this.#reason ??= reason;
    this.#controller?.abort(this.#reason);
  }

  /**
   * Ends the call for an error that it has left to nobody; the signal tells whatever of it still
   * runs. Logged once: an interval may throw again and again.
   */
  failWith(error: unknown): void {
    if (this.#strayed) return;
    this.#strayed = true;
    this.logger.error('A tool left an error that nobody caught', {
      tool: this.#name,
      cause: error,
    });
    this.#fail?.(new StrayError({ cause: error }));
    this.#controller?.abort(new StrayError({ cause: error }));
  }

  /** Waits for the work, but not beyond the function's time. @throws OutOfTime */
  async finish<Result>(work: Promise<Result>): Promise<Result> {
    try {
      return await new Promise<Result>((resolve, reject) => {
        this.#fail = reject;
        this.#after(this.#untilBefore(callDeadlines.answerSeconds), () => reject(new OutOfTime()));
        work.then(resolve, reject);
      });
    } catch (error) {
      // What the signal interrupts throws an AbortError of its own; why it was interrupted says
      // more.
      throw this.#reason !== undefined && !(error instanceof ToolError) ? this.#reason : error;
    } finally {
      this.#ended = true;
      for (const timer of this.#timers) clearTimeout(timer);
    }
  }

  #untilBefore(seconds: number): number {
    return Math.max(0, this.#request.remainingMilliseconds() - seconds * 1000);
  }

  #after(milliseconds: number, action: () => void): void {
    this.#timers.push(setTimeout(action, milliseconds));
  }
}
