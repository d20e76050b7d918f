/**
 * What a function's failure looks like to its invoker
 * (https://docs.aws.amazon.com/lambda/latest/dg/nodejs-exceptions.html).
 */
export interface FunctionError {
  readonly errorType: string;
  readonly errorMessage: string;
  readonly trace: readonly string[];
}

/** A host that a function reaches somewhere else than the internet. */
export interface Route {
  readonly host: string;
  /** Port on 127.0.0.1. */
  readonly port: number;
  /** PEM of the authority to trust for this host, and only for this host. */
  readonly certificateAuthority: string;
  /** What DNS says of the host. Absent: DNS is not asked. */
  readonly address?: string;
}

/** What a worker starts from. */
export interface WorkerSettings {
  /** Path of the bundle's module. */
  readonly module: string;
  /** Name of the export that is called. */
  readonly handler: string;
  readonly functionName: string;
  readonly functionArn: string;
  readonly memoryMegabytes: number;
  readonly logGroupName: string;
  readonly logStreamName: string;
  readonly routes: readonly Route[];
  /** See `Clock`. */
  readonly clock: SharedArrayBuffer;
}

/** To a worker. */
export type Command =
  | {
      readonly kind: 'invoke';
      readonly requestId: string;
      /** JSON. */
      readonly event: string;
      /** Milliseconds since the epoch. */
      readonly deadline: number;
      readonly traceId: string;
    }
  /** The client took a chunk: the next may come. */
  | { readonly kind: 'taken' };

/**
 * From a worker. Log lines go the same way as results, so none is overtaken by the answer that it
 * belongs to.
 */
export type Report =
  | { readonly kind: 'ready' }
  | { readonly kind: 'written'; readonly stream: 'stdout' | 'stderr'; readonly text: string }
  /** JSON. */
  | { readonly kind: 'result'; readonly payload: string }
  | { readonly kind: 'chunk'; readonly data: Uint8Array }
  | { readonly kind: 'streamed' }
  /** The handler has returned: the next invocation may come. */
  | { readonly kind: 'returned' }
  | {
      readonly kind: 'failed';
      readonly error: FunctionError;
      readonly during: 'init' | 'invocation';
    };
