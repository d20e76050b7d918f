import type { IncomingHttpHeaders } from 'node:http';

/** One request to an emulated service, read to its end. */
export interface LoopbackRequest {
  readonly method: string;
  /** Path and query as they came, on whatever host was asked for. */
  readonly url: URL;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
  /** Names and values in turn, as they came. */
  readonly rawHeaders: readonly string[];
  readonly remoteAddress: string;
}

/** What an emulated service answers. */
export interface LoopbackResponse {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string | readonly string[]>>;
  readonly body?: string;
}

export const jsonResponse = (
  status: number,
  value: unknown,
  headers: LoopbackResponse['headers'] = {},
): LoopbackResponse => ({
  status,
  headers: {
    'content-type': 'application/json;charset=UTF-8',
    'cache-control': 'no-store',
    ...headers,
  },
  body: JSON.stringify(value),
});
