export interface Rate {
  readonly ratePerSecond: number;
  readonly burst: number;
}

/**
 * API Gateway's throttle: a bucket of `burst` tokens that fills at the rate. On AWS it is best
 * effort over many hosts; here it is exact.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-request-throttling.html
 */
export class TokenBucket {
  readonly #rate: Rate;
  #tokens: number;
  #filledAt: number | undefined;

  constructor(rate: Rate) {
    this.#rate = rate;
    this.#tokens = rate.burst;
  }

  /** Takes one token; false when there is none. */
  take(now: number): boolean {
    // Requests come here when the authorizer has answered, not in the order in which they arrived:
    // time already counted stays counted.
    const filledAt = this.#filledAt ?? now;
    const elapsed = Math.max(0, now - filledAt);
    this.#filledAt = Math.max(now, filledAt);
    this.#tokens = Math.min(
      this.#rate.burst,
      this.#tokens + (elapsed / 1000) * this.#rate.ratePerSecond,
    );
    if (this.#tokens < 1) return false;
    this.#tokens -= 1;
    return true;
  }
}
