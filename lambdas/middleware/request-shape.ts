import type { APIGatewayProxyEvent } from 'aws-lambda';
import { edgeHeaders } from '../../policy/edge.ts';
import { HeaderMismatch, InvalidRequest } from '../errors/errors.ts';
import { joinedHeaders } from '../http/headers.ts';
import { type Middleware, requestOf } from './request-context.ts';

/** IN-2, IN-5: repeated headers that may stand once, and repeated query parameters, are refused. */
export const requestShape = (): Middleware => ({
  before: ({ event }) => {
    const request = requestOf(event);
    const { headers, repeated } = joinedHeaders(event);
    // Between distribution and stage; where there is none, they are a caller's invention (RATE-10).
    for (const name of Object.values(edgeHeaders)) delete headers[name];
    request.headers = headers;
    const [name] = repeated;
    if (name !== undefined) {
      const Kind = name.startsWith('mcp-') ? HeaderMismatch : InvalidRequest;
      throw new Kind({
        message: 'A header that may stand once is repeated.',
        detail: `repeated header ${name}`,
      });
    }
    request.query = queryOf(event);
  },
});

const queryOf = ({
  queryStringParameters,
  multiValueQueryStringParameters,
}: APIGatewayProxyEvent): Record<string, string> => {
  const query: Record<string, string> = Object.create(null);
  for (const name in queryStringParameters) query[name] = queryStringParameters[name] ?? '';
  for (const name in multiValueQueryStringParameters) {
    if ((multiValueQueryStringParameters[name]?.length ?? 0) > 1)
      throw new InvalidRequest({ message: 'A query parameter is repeated.' });
  }
  return query;
};
