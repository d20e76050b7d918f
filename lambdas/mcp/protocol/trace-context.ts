import type { TraceContext } from '../authoring/call-context.ts';
import type { RequestContext } from './request-context.ts';

/** W3C Trace Context section 3.2: neither id is all zeros, and there is no version ff. */
const traceparent = /^(?!ff)[\da-f]{2}-(?!0{32})[\da-f]{32}-(?!0{16})[\da-f]{16}-[\da-f]{2}$/;
/** W3C Trace Context section 3.3.1.5: what must be passed on. */
const tracestateCharacters = 512;
/** W3C Baggage section 3.3.2. */
const baggageCharacters = 8192;
const printable = /^[\t\x20-\x7e]+$/;

/**
 * The caller's trace context (SEP-414): `_meta` says it for one message, headers for the whole
 * request. What is malformed is left out; tracestate means nothing without its traceparent.
 */
export const traceContextOf = ({
  meta,
  request: { headers },
}: Pick<RequestContext, 'meta' | 'request'>): TraceContext => {
  const source = typeof meta['traceparent'] === 'string' ? meta : headers;
  const parent = source['traceparent'];
  const state = source['tracestate'];
  const baggage = meta['baggage'] ?? headers['baggage'];
  const context: { -readonly [Key in keyof TraceContext]: string } = {};
  if (typeof parent === 'string' && traceparent.test(parent)) {
    context.traceparent = parent;
    if (isField(state, tracestateCharacters)) context.tracestate = state;
  }
  if (isField(baggage, baggageCharacters)) context.baggage = baggage;
  return context;
};

const isField = (value: unknown, mostCharacters: number): value is string =>
  typeof value === 'string' && value.length <= mostCharacters && printable.test(value);
