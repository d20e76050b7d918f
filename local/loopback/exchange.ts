import type { IncomingHttpHeaders } from 'node:http';

/** One request to a stand-in, read to its end. */
export interface Ask {
  readonly method: string;
  /** Path and query as they came, on whatever host was asked for. */
  readonly url: URL;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** What a stand-in answers. */
export interface Reply {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string | readonly string[]>>;
  readonly body?: string;
}

export const jsonReply = (
  status: number,
  value: unknown,
  headers: Reply['headers'] = {},
): Reply => ({
  status,
  headers: {
    'content-type': 'application/json;charset=UTF-8',
    'cache-control': 'no-store',
    ...headers,
  },
  body: JSON.stringify(value),
});
