import type { Agent, IncomingHttpHeaders, OutgoingHttpHeaders } from 'node:http';
import type { LookupFunction } from 'node:net';
import { urlToHttpOptions } from 'node:url';
import { http, https } from './node-http.ts';

/**
 * One request over node's own http: fetch would load undici at the first login of every instance.
 */
export interface OutboundRequest {
  readonly url: URL;
  readonly method: 'GET' | 'POST';
  readonly headers: OutgoingHttpHeaders;
  readonly body?: string;
  readonly timeoutMs: number;
  /** A longer response is cut off. */
  readonly maximumBytes: number;
  readonly agent?: Agent;
  /**
   * Connects to this very address, whatever the name resolves to by then (DNS rebinding). TLS still
   * proves the name.
   */
  readonly address?: ResolvedAddress;
}

export interface ResolvedAddress {
  readonly address: string;
  readonly family: number;
}

export interface OutboundResponse {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
  /** The body, parsed; undefined when it is not JSON. */
  readonly json: unknown;
}

/**
 * No response that can be used. `wasSent` false: the connection failed outright, so the request
 * certainly had no effect.
 */
export class OutboundRequestFailed extends Error {
  override readonly name = 'OutboundRequestFailed';
  readonly wasSent: boolean;
  /** A kept-alive connection that the other side had closed meanwhile. */
  readonly stale: boolean;
  constructor(wasSent: boolean, stale: boolean, cause: unknown) {
    super('The other side gave no usable response.', { cause });
    this.wasSent = wasSent;
    this.stale = stale;
  }
}

const pinnedTo =
  ({ address, family }: ResolvedAddress): LookupFunction =>
  (_name, { all }, found) =>
    all ? found(null, [{ address, family }]) : found(null, address, family);

// An address of AWS is asked again and again, and Node takes a URL apart as often as it is given one.
const connections = new WeakMap<URL, ReturnType<typeof urlToHttpOptions>>();

const connectionTo = (url: URL) => {
  let options = connections.get(url);
  if (options === undefined) {
    options = urlToHttpOptions(url);
    connections.set(url, options);
  }
  return options;
};

/**
 * Redirects are not followed.
 * @throws OutboundRequestFailed
 */
export const sendRequest = ({
  url,
  address,
  body,
  maximumBytes,
  timeoutMs,
  method,
  headers,
  agent,
}: OutboundRequest): Promise<OutboundResponse> =>
  new Promise((resolve, reject) => {
    let connected = false;
    let responded = false;
    const outgoing = (url.protocol === 'http:' ? http : https).request({
      ...connectionTo(url),
      method,
      headers,
      ...(agent && { agent }),
      ...(address && { lookup: pinnedTo(address) }),
    });
    // A timer of our own: for an abort signal node watches both streams for their end, on every
    // call.
    const timer = setTimeout(
      () => outgoing.destroy(new Error('The other side is too slow.')),
      timeoutMs,
    );
    const fail = (cause: unknown) => {
      clearTimeout(timer);
      // Only a connection that is gone: one that has been waited for in vain may well have delivered
      // the request.
      const isStale = outgoing.reusedSocket && !responded && isGone(cause);
      reject(new OutboundRequestFailed(connected, isStale, cause));
    };
    outgoing.on('socket', (socket) => {
      if (outgoing.reusedSocket || !socket.connecting) connected = true;
      else
        socket.once(
          url.protocol === 'http:' ? 'connect' : 'secureConnect',
          () => (connected = true),
        );
    });
    outgoing.on('response', (response) => {
      responded = true;
      const chunks: Buffer[] = [];
      let bytes = 0;
      response.on('data', (chunk: Buffer) => {
        bytes += chunk.length;
        chunks.push(chunk);
        if (bytes <= maximumBytes) return;
        fail(new Error('The response is too long.'));
        // Without the error: a socket that went back to its agent has nobody to catch it.
        outgoing.destroy();
      });
      response.on('end', () => {
        clearTimeout(timer);
        const text = textOf(chunks);
        resolve({
          status: response.statusCode ?? 0,
          // Node makes them when they are first read, and few read them.
          get headers() {
            return response.headers;
          },
          text,
          json: parseJson(text),
        });
      });
      response.on('error', fail);
    });
    outgoing.on('error', fail);
    outgoing.end(body);
  });

/** Most responses come in one piece. */
const textOf = (chunks: readonly Buffer[]): string => {
  const [only] = chunks;
  const whole = only !== undefined && chunks.length === 1 ? only : Buffer.concat(chunks);
  return whole.toString('utf8');
};

const isGone = (cause: unknown): boolean =>
  typeof cause === 'object' &&
  cause !== null &&
  'code' in cause &&
  (cause.code === 'ECONNRESET' || cause.code === 'EPIPE');

const parseJson = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};
