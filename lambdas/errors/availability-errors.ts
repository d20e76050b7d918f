import { lifetimes } from '../../policy/lifetimes.ts';
import { type ErrorDetails, family } from './http-error.ts';

// Limits (D), and what is behind us.
const limit = /* @__PURE__ */ family({
  oauth: 'temporarily_unavailable',
  event: 'RateLimitExceeded',
});
export class RateLimitExceeded extends /* @__PURE__ */ limit(
  'rate_limit_exceeded',
  429,
  'Too many requests.',
) {}
/** It passes by itself, so it always says when to try again (RFC 9110 section 15.6.4). */
export class TemporarilyUnavailable extends /* @__PURE__ */ family()(
  'temporarily_unavailable',
  503,
  'The service is temporarily unavailable.',
) {
  constructor(details: ErrorDetails = {}) {
    super({ retryAfterSeconds: lifetimes.retryAfterSeconds, ...details });
  }
}
/** A tool, prompt or resource that was still at work when the function's time ran out. */
export class OutOfTime extends /* @__PURE__ */ family()(
  'out_of_time',
  504,
  'This did not finish in the time that it has.',
  { jsonRpc: -32_603 },
) {}
export class Unexpected extends /* @__PURE__ */ family()(
  'server_error',
  500,
  'Something went wrong on our side.',
  {
    jsonRpc: -32_603,
  },
) {}
