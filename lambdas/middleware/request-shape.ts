import type { APIGatewayProxyEvent } from 'aws-lambda';
import { HeaderMismatch, InvalidRequest } from '../errors/errors.ts';
import { type Middleware, requestOf } from './open-request.ts';

/**
 * Fields with one value at most: two of them mean that two parties read the message differently (request smuggling, a token
 * beside a token). Others may be repeated and are joined (RFC 9110 section 5.3).
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

/** IN-2, IN-5: repeated headers that may stand once, and repeated query parameters, are refused. */
export const requestShape = (): Middleware => ({
  before: ({ event }) => {
    const request = requestOf(event);
    request.headers = headersOf(event);
    request.query = queryOf(event);
  },
});

const headersOf = ({ headers, multiValueHeaders }: APIGatewayProxyEvent): Record<string, string> => {
  const single: Record<string, string> = Object.create(null);
  for (const name in headers) single[name] = headers[name] ?? '';
  for (const name in multiValueHeaders) {
    const values = multiValueHeaders[name];
    if (!values || values.length < 2) continue;
    if (isSingular(name)) throw name.startsWith('mcp-') ? new HeaderMismatch(repeated(name)) : new InvalidRequest(repeated(name));
    single[name] = values.join(name === 'cookie' ? '; ' : ', ');
  }
  return single;
};

const repeated = (name: string) => ({ message: 'A header that may stand once is repeated.', detail: `repeated header ${name}` });

const queryOf = ({ queryStringParameters, multiValueQueryStringParameters }: APIGatewayProxyEvent): Record<string, string> => {
  const query: Record<string, string> = Object.create(null);
  for (const name in queryStringParameters) query[name] = queryStringParameters[name] ?? '';
  for (const name in multiValueQueryStringParameters) {
    if ((multiValueQueryStringParameters[name]?.length ?? 0) > 1) throw new InvalidRequest({ message: 'A query parameter is repeated.' });
  }
  return query;
};
