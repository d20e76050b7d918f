import type { APIGatewayProxyEvent } from 'aws-lambda';
import { edgeHeaders } from '../../policy/edge.ts';
import { endpointRows } from '../../policy/endpoints.ts';
import { HeaderMismatch, InvalidRequest } from '../errors/errors.ts';
import { joinedHeaders } from '../http/headers.ts';
import { type Middleware, requestOf } from './request-context.ts';

/** IN-2, IN-5: repeated headers that may stand once, and repeated query parameters, are refused. */
export const requestShape = (): Middleware => ({
  before: ({ event }) => {
    const request = requestOf(event);
    const { headers, repeated } = joinedHeaders(event);
    // Between distribution and stage; where there is none, they are a caller's invention (RATE-10).
    for (const name of ofTheEdge) if (name in headers) delete headers[name];
    request.headers = headers;
    const [name] = repeated;
    if (name !== undefined) {
      const ShapeError = name.startsWith('mcp-') ? HeaderMismatch : InvalidRequest;
      throw new ShapeError({
        message: 'A header that may stand once is repeated.',
        detail: `repeated header ${name}`,
      });
    }
    // Most requests have none: the empty ones that the request was opened with stay.
    if (!event.queryStringParameters && !event.multiValueQueryStringParameters) return;
    const repeatable = repeatableByPath.get(request.path) ?? [];
    refuseRepeatedParameters(event, repeatable);
    request.query = lastValues(event);
    request.repeatedQuery = everyValue(event, repeatable);
  },
});

const ofTheEdge = Object.values(edgeHeaders);

/** The parameters that the row of a path lets be repeated. */
const repeatableByPath: ReadonlyMap<string, readonly string[]> = new Map(
  endpointRows.map(({ path, repeatable = [] }) => [path, repeatable]),
);

const refuseRepeatedParameters = (
  { multiValueQueryStringParameters: values }: APIGatewayProxyEvent,
  allowed: readonly string[],
): void => {
  for (const name in values)
    if ((values[name]?.length ?? 0) > 1 && !allowed.includes(name))
      throw new InvalidRequest({ message: 'A query parameter is repeated.' });
};

const lastValues = ({
  queryStringParameters,
}: APIGatewayProxyEvent): Readonly<Record<string, string>> => {
  const query: Record<string, string> = Object.create(null);
  for (const name in queryStringParameters) query[name] = queryStringParameters[name] ?? '';
  return query;
};

const everyValue = (
  { multiValueQueryStringParameters: values }: APIGatewayProxyEvent,
  names: readonly string[],
): Readonly<Record<string, readonly string[]>> =>
  Object.fromEntries(names.map((name) => [name, values?.[name] ?? []]));
