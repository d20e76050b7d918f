import type { Headers, HttpResponse } from '../gateway/http-response.ts';
import type { GatewayRequest } from '../gateway/request.ts';
import type { CachePolicy } from './policies.ts';

interface Kept {
  readonly answer: HttpResponse;
  readonly storedAt: number;
  readonly freshUntil: number;
}

/**
 * How many answers are kept: far more than there are metadata documents, and a bound on what a
 * caller can fill.
 */
const maximumEntries = 500;

/**
 * https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/HTTPStatusCodes.html. Emulated
 * at its strictest: the documentation leaves open which of them a `no-store` keeps out.
 */
const keptStatuses: ReadonlySet<number> = new Set([
  400, 403, 404, 405, 414, 500, 501, 502, 503, 504,
]);
const defaultErrorSeconds = 10;

/**
 * A distribution's cache: successful GET answers, as long as their own `Cache-Control` says, within
 * the policy's bounds; and errors, to HEAD too, as long as the distribution says, whatever else is
 * said.
 */
export class EdgeCache {
  readonly #kept = new Map<string, Kept>();
  readonly #errorSeconds: ReadonlyMap<number, number>;

  constructor(errorSeconds: ReadonlyMap<number, number>) {
    this.#errorSeconds = errorSeconds;
  }

  /** A fresh answer, with its `Age`. */
  find(policy: CachePolicy, request: GatewayRequest): HttpResponse | undefined {
    const kept = this.#kept.get(keyOf(policy, request));
    if (kept === undefined || kept.freshUntil <= request.receivedAt || !isReadable(request))
      return undefined;
    const age = Math.floor((request.receivedAt - kept.storedAt) / 1000);
    return { ...kept.answer, headers: [...kept.answer.headers, ['age', String(age)]] };
  }

  store(policy: CachePolicy, request: GatewayRequest, answer: HttpResponse): void {
    if (!isReadable(request) || !(answer.body instanceof Buffer)) return;
    const isDocument = request.httpMethod === 'GET' && answer.status === 200;
    if (!isDocument && !keptStatuses.has(answer.status)) return;
    const seconds = isDocument
      ? freshSeconds(policy, answer.headers)
      : (this.#errorSeconds.get(answer.status) ?? defaultErrorSeconds);
    if (seconds <= 0) return;
    const [oldest] = this.#kept.keys();
    if (this.#kept.size >= maximumEntries && oldest !== undefined) this.#kept.delete(oldest);
    this.#kept.set(keyOf(policy, request), {
      answer,
      storedAt: request.receivedAt,
      freshUntil: request.receivedAt + seconds * 1000,
    });
  }
}

const isReadable = ({ httpMethod }: GatewayRequest): boolean =>
  httpMethod === 'GET' || httpMethod === 'HEAD';

const keyOf = (policy: CachePolicy, request: GatewayRequest): string =>
  JSON.stringify([request.rawPath, ...policy.headers.map((name) => request.header(name) ?? null)]);

/** https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/Expiration.html */
const freshSeconds = (
  { minimumSeconds, defaultSeconds, maximumSeconds }: CachePolicy,
  headers: Headers,
): number => {
  const control =
    headers.findLast(([name]) => name.toLowerCase() === 'cache-control')?.[1].toLowerCase() ?? '';
  if (/\b(no-store|no-cache|private)\b/.test(control)) return minimumSeconds;
  const age = /\bs-maxage=(\d+)/.exec(control)?.[1] ?? /\bmax-age=(\d+)/.exec(control)?.[1];
  return Math.min(
    maximumSeconds,
    Math.max(minimumSeconds, age === undefined ? defaultSeconds : Number(age)),
  );
};
