/**
 * What an emulated service can be told to do wrong, so that a test sees what the functions make of it.
 *
 * - `refused`: nobody listens; the connection fails outright.
 * - `reset`: the request is read and the connection cut without the service having acted on it.
 * - `lost`: the service acts, and the connection is cut before its answer leaves: to a caller it
 * looks like `reset`.
 * - `slow`: every answer waits.
 * - `status500`: every answer is 500 with the service's own shape of an internal error.
 * - `garbage`: 200 with bytes that are not JSON, whatever the content type claims.
 * - `throttled`: the service's own refusal of too many requests; `exception` picks one where the
 * service has several.
 */
export type Fault =
  | { readonly kind: 'refused' }
  | { readonly kind: 'reset' }
  | { readonly kind: 'lost' }
  | { readonly kind: 'slow'; readonly milliseconds: number }
  | { readonly kind: 'status500' }
  | { readonly kind: 'garbage' }
  | { readonly kind: 'throttled'; readonly exception?: string };

/**
 * One listener's faults. A fault stays until it is cleared; requests that are already under way are
 * not touched.
 */
export interface FaultSwitch {
  /** Resolves when the fault is in force (for `refused`: when the listener has closed). */
  set(fault: Fault): Promise<void>;
  /** Resolves when the service answers again, on the same port. */
  clear(): Promise<void>;
  current(): Fault | undefined;
}
