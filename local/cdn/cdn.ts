import { randomBytes } from 'node:crypto';
import type { Headers, HttpResponse } from '../gateway/http-response.ts';
import { type GatewayRequest, makeRequest } from '../gateway/request.ts';
import { EdgeCache } from './cache.ts';
import type { Behavior, Distribution } from './distribution.ts';
import { matchesPattern } from './path-pattern.ts';

/**
 * The address of an edge server, which is all that the stage's connection shows (a range of
 * CloudFront's own). Whoever took the caller's address from the connection would count every caller
 * as one.
 */
const edgeAddress = '130.176.0.1';

/** Meant for the next hop alone. */
const hopByHop = new Set([
  'connection',
  'expect',
  'keep-alive',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
]);

/** A response, and how it came about. */
interface Responded {
  readonly answer: HttpResponse;
  readonly cache: 'Hit' | 'Miss' | 'Error' | 'FunctionGeneratedResponse';
  /** CloudFront's own: the origin was not asked, or did not answer. */
  readonly own?: true;
}

/** CloudFront in front of the stage. */
export class Cdn {
  readonly #distribution: Distribution;
  readonly #origin: (request: GatewayRequest) => Promise<HttpResponse>;
  readonly #caches = new Map<Behavior, EdgeCache>();

  constructor(
    distribution: Distribution,
    origin: (request: GatewayRequest) => Promise<HttpResponse>,
  ) {
    this.#distribution = distribution;
    this.#origin = origin;
  }

  async answer(viewer: GatewayRequest): Promise<HttpResponse> {
    const behavior = this.#distribution.behaviors.find(({ pathPattern }) =>
      matchesPattern(pathPattern, viewer.rawPath),
    );
    if (behavior === undefined) return ownError(403, 'no behavior takes this path');
    const id = `${randomBytes(40).toString('base64url')}==`;
    const { answer, cache, own } = await this.#respond(behavior, viewer, id);
    const marks: Headers = [
      ['via', `1.1 ${this.#distribution.domainName} (CloudFront)`],
      ['x-cache', `${cache} from cloudfront`],
      ['x-amz-cf-pop', 'LOCAL-C1'],
      ['x-amz-cf-id', id],
    ];
    return {
      ...answer,
      // A response headers policy does not reach what CloudFront answers itself.
      headers: [...(own ? answer.headers : behavior.applyHeaders(answer.headers)), ...marks],
      ...(viewer.tooLarge && { close: true }),
    };
  }

  async #respond(behavior: Behavior, viewer: GatewayRequest, id: string): Promise<Responded> {
    if (!behavior.methods.includes(viewer.httpMethod))
      return byCloudFront(403, 'this method is not passed on');
    if ((viewer.httpMethod === 'GET' || viewer.httpMethod === 'HEAD') && viewer.body.length > 0) {
      return byCloudFront(403, 'a GET request has no body');
    }
    const { id: distributionId, domainName } = this.#distribution;
    const outcome = behavior.edgeFunction?.onViewerRequest(viewer, {
      distributionId,
      domainName,
      requestId: id,
    }) ?? {
      kind: 'request',
      request: viewer,
    };
    if (outcome.kind === 'failed') return byCloudFront(503, 'the edge function failed');
    if (outcome.kind === 'response') {
      return {
        answer: {
          status: outcome.status,
          headers: outcome.headers,
          body: Buffer.from(outcome.body),
        },
        cache: 'FunctionGeneratedResponse',
      };
    }
    const cache = this.#cacheOf(behavior);
    const kept = cache.find(behavior.cache, outcome.request);
    if (kept !== undefined) return { answer: kept, cache: kept.status >= 400 ? 'Error' : 'Hit' };
    const response = await withReadTimeout(
      this.#origin(originRequest(behavior, outcome.request, id)),
      behavior.origin.readMilliseconds,
    );
    if (response === 'silent') return byCloudFront(504, 'the origin did not answer in time');
    cache.store(behavior.cache, outcome.request, response);
    return { answer: response, cache: response.status >= 400 ? 'Error' : 'Miss' };
  }

  #cacheOf(behavior: Behavior): EdgeCache {
    const cache = this.#caches.get(behavior) ?? new EdgeCache(this.#distribution.keptErrorSeconds);
    this.#caches.set(behavior, cache);
    return cache;
  }
}

/**
 * What goes to the origin: what the behavior passes on of the viewer's, the viewer's address
 * appended to X-Forwarded-For, and the origin's own headers over all.
 */
const originRequest = (
  { origin, passes, cache }: Behavior,
  viewer: GatewayRequest,
  id: string,
): GatewayRequest => {
  const own = new Set([
    'host',
    'via',
    'x-amz-cf-id',
    'x-forwarded-for',
    ...Object.keys(origin.headers),
  ]);
  const isPassed = (name: string): boolean =>
    passes === 'all but Host' || passes.includes(name) || cache.headers.includes(name);
  const passed = viewer.headers.filter(([spelled]) => {
    const name = spelled.toLowerCase();
    return !own.has(name) && !hopByHop.has(name) && isPassed(name);
  });
  const claimed = viewer.headers
    .filter(([name]) => name.toLowerCase() === 'x-forwarded-for')
    .map(([, value]) => value);
  const headers: Headers = [
    ['Host', origin.domainName],
    ...passed,
    ['X-Forwarded-For', [...claimed, viewer.sourceIp].join(', ')],
    ...(passes === 'all but Host' ? [] : [['User-Agent', 'Amazon CloudFront'] as const]),
    ['Via', '1.1 local.cloudfront.net (CloudFront)'],
    ['X-Amz-Cf-Id', id],
    ...Object.entries(origin.headers),
  ];
  const query = viewer.rawQuery === '' || passes !== 'all but Host' ? '' : `?${viewer.rawQuery}`;
  return makeRequest({
    ...viewer,
    target: `${origin.path}${viewer.rawPath}${query}`,
    rawHeaders: headers.flat(),
    sourceIp: edgeAddress,
  });
};

/**
 * The origin may be silent this long before the first byte, and again between any two pieces of a
 * stream.
 */
const withReadTimeout = async (
  answer: Promise<HttpResponse>,
  milliseconds: number,
): Promise<HttpResponse | 'silent'> => {
  const first = await before(answer, milliseconds);
  if (first === 'silent') return first;
  const { body } = first;
  return Symbol.asyncIterator in body ? { ...first, body: watched(body, milliseconds) } : first;
};

async function* watched(
  body: AsyncIterable<Uint8Array>,
  milliseconds: number,
): AsyncGenerator<Uint8Array, void, undefined> {
  const pieces = body[Symbol.asyncIterator]();
  try {
    for (;;) {
      const piece = await before(pieces.next(), milliseconds);
      if (piece === 'silent') throw new Error('the origin fell silent');
      if (piece.done) return;
      yield piece.value;
    }
  } finally {
    // Not awaited: it comes to an end only when the origin speaks again.
    pieces.return?.().catch(() => {});
  }
}

const before = async <T>(promise: Promise<T>, milliseconds: number): Promise<T | 'silent'> => {
  const late = Promise.withResolvers<'silent'>();
  const timer = setTimeout(() => late.resolve('silent'), milliseconds);
  try {
    return await Promise.race([promise, late.promise]);
  } finally {
    clearTimeout(timer);
  }
};

const byCloudFront = (status: number, reason: string): Responded => ({
  answer: ownError(status, reason),
  cache: 'Error',
  own: true,
});

/** What CloudFront answers itself. */
const ownError = (status: number, reason: string): HttpResponse => ({
  status,
  headers: [['content-type', 'text/html']],
  body: Buffer.from(
    `<!DOCTYPE html>\n<title>ERROR: The request could not be satisfied</title>\n<h1>${status} ERROR</h1>\n<p>${reason}.</p>\n`,
  ),
});
