import type { Headers } from './http-response.ts';

/** A request as it came over the wire, read to its end or to the size limit. */
export interface GatewayRequest {
  readonly httpMethod: string;
  /** As the client wrote it: encoded, without query, with the stage where there is one. */
  readonly rawPath: string;
  /** After the first `?`, still encoded. */
  readonly rawQuery: string;
  readonly query: ReadonlyMap<string, readonly string[]>;
  /** Spelled as the client did. */
  readonly headers: Headers;
  /** The last value of a header, by any spelling of its name. */
  readonly header: (name: string) => string | undefined;
  readonly body: Buffer;
  /** The body went past the limit, and `body` holds only its beginning. */
  readonly tooLarge: boolean;
  /** The socket's peer: nothing that the client writes changes it. */
  readonly sourceIp: string;
  readonly protocol: string;
  readonly receivedAt: number;
}

export const makeRequest = (given: {
  readonly httpMethod: string;
  readonly target: string;
  readonly rawHeaders: readonly string[];
  readonly body: Buffer;
  readonly tooLarge: boolean;
  readonly sourceIp: string;
  readonly protocol: string;
  readonly receivedAt: number;
}): GatewayRequest => {
  const { target, rawHeaders, ...rest } = given;
  // The absolute form of a request target (RFC 9112 section 3.2.2) means the same path.
  const path = target.replace(/^https?:\/\/[^/?]*/i, '');
  const [rawPath = '', ...query] = path.split('?');
  const headers = pairs(rawHeaders);
  const last = new Map(headers.map(([name, value]) => [name.toLowerCase(), value]));
  return {
    ...rest,
    rawPath: rawPath === '' ? '/' : rawPath,
    rawQuery: query.join('?'),
    query: parseQuery(query.join('?')),
    headers,
    header: (name) => last.get(name.toLowerCase()),
  };
};

/** The same request with some headers set to one value each, or (undefined) removed. */
export const withHeaders = (
  request: GatewayRequest,
  changes: Readonly<Record<string, string | undefined>>,
): GatewayRequest => {
  const changed = new Map(
    Object.entries(changes).map(([name, value]) => [name.toLowerCase(), [name, value] as const]),
  );
  const added = [...changed.values()].flatMap(([name, value]) =>
    value === undefined ? [] : [[name, value] as const],
  );
  const headers = [
    ...request.headers.filter(([name]) => !changed.has(name.toLowerCase())),
    ...added,
  ];
  return {
    ...request,
    headers,
    header: (name) =>
      changed.has(name.toLowerCase()) ? changed.get(name.toLowerCase())?.[1] : request.header(name),
  };
};

const pairs = (rawHeaders: readonly string[]): Headers =>
  rawHeaders.flatMap((name, index) =>
    index % 2 === 0 ? [[name, rawHeaders[index + 1] ?? ''] as const] : [],
  );

const parseQuery = (query: string): ReadonlyMap<string, readonly string[]> => {
  const values = new Map<string, string[]>();
  for (const [name, value] of new URLSearchParams(query))
    values.set(name, [...(values.get(name) ?? []), value]);
  return values;
};

/**
 * Values by name, in the two forms that events have: the last one, and all of them. Null when there
 * are none.
 */
export const lastValues = (
  values: ReadonlyMap<string, readonly string[]>,
): Record<string, string> | null =>
  values.size === 0
    ? null
    : Object.fromEntries([...values].map(([name, all]) => [name, all.at(-1) ?? '']));

export const allValues = (
  values: ReadonlyMap<string, readonly string[]>,
): Record<string, string[]> | null =>
  values.size === 0 ? null : Object.fromEntries([...values].map(([name, all]) => [name, [...all]]));

/** Headers by name as the client spelled it; repeated ones together. */
export const headerValues = (headers: Headers): ReadonlyMap<string, readonly string[]> => {
  const spelling = new Map<string, string>();
  const values = new Map<string, string[]>();
  for (const [name, value] of headers) {
    const key = spelling.get(name.toLowerCase()) ?? name;
    spelling.set(name.toLowerCase(), key);
    values.set(key, [...(values.get(key) ?? []), value]);
  }
  return values;
};
