import type { APIGatewayProxyEvent } from 'aws-lambda';

/**
 * Fields with one value at most: two of them mean that two parties read the message differently
 * (request smuggling, a token beside a token). Others may be repeated and are joined (RFC 9110
 * section 5.3).
 */
const singular = new Set([
  'authorization',
  'content-type',
  'content-length',
  'host',
  'origin',
  'referer',
  'user-agent',
  'last-event-id',
  'traceparent',
]);
const isSingular = (name: string): boolean => singular.has(name) || name.startsWith('mcp-');

/** Repeatable headers joined, and the names of those that may stand once and are repeated. */
export const joinedHeaders = ({
  headers,
  multiValueHeaders,
}: Pick<APIGatewayProxyEvent, 'headers' | 'multiValueHeaders'>) => {
  const joined: Record<string, string> = Object.create(null);
  const repeated: string[] = [];
  for (const name in headers) joined[name] = headers[name] ?? '';
  for (const name in multiValueHeaders) {
    const values = multiValueHeaders[name];
    if (!values || values.length < 2) continue;
    if (isSingular(name)) repeated.push(name);
    joined[name] = values.join(name === 'cookie' ? '; ' : ', ');
  }
  return { headers: joined, repeated };
};

/** A copy with names in lower case; of two spellings the later one counts. */
export const lowerCased = (
  named: Readonly<Record<string, string>> = {},
): Record<string, string> => {
  const headers: Record<string, string> = {};
  for (const name in named) {
    const value = named[name];
    if (value !== undefined) headers[name.toLowerCase()] = value;
  }
  return headers;
};
