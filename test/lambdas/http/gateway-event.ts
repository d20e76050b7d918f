import type { APIGatewayProxyEvent, APIGatewayRequestAuthorizerEvent, Context } from 'aws-lambda';

/** A request as a client writes it; API Gateway's event of it is made below. */
export interface Asked {
  readonly method?: string;
  readonly path?: string;
  readonly resource?: string;
  /** Pairs, since a name may be repeated. */
  readonly headers?: Readonly<Record<string, string | readonly string[]>>;
  readonly query?: readonly (readonly [string, string])[];
  readonly body?: string | null;
  readonly base64?: boolean;
  readonly sourceIp?: string;
}

export const requestId = 'c6af9ac6-7b61-11e6-9a41-93e8deadbeef';

const lists = (pairs: readonly (readonly [string, string])[]): Record<string, string[]> => {
  const all = new Map<string, string[]>();
  for (const [name, value] of pairs) all.set(name, [...(all.get(name) ?? []), value]);
  return Object.fromEntries(all);
};

const last = (all: Readonly<Record<string, readonly string[]>>): Record<string, string> =>
  Object.fromEntries(Object.entries(all).map(([name, values]) => [name, values.at(-1) ?? '']));

const parts = ({
  method = 'POST',
  path = '/mcp',
  resource = path,
  headers = {},
  query = [],
  sourceIp = '192.0.2.7',
}: Asked) => {
  const multiValueHeaders = lists(
    Object.entries(headers).flatMap(([name, value]) =>
      typeof value === 'string'
        ? [[name, value] as const]
        : value.map((each) => [name, each] as const),
    ),
  );
  const multiValueQueryStringParameters = lists(query);
  return {
    httpMethod: method,
    path,
    resource,
    headers: last(multiValueHeaders),
    multiValueHeaders,
    // API Gateway sends null, not an empty object.
    queryStringParameters: query.length > 0 ? last(multiValueQueryStringParameters) : null,
    multiValueQueryStringParameters: query.length > 0 ? multiValueQueryStringParameters : null,
    pathParameters: null,
    stageVariables: null,
    requestContext: {
      requestId,
      resourcePath: resource,
      identity: { sourceIp },
      httpMethod: method,
      stage: 'prod',
      path: `/prod${path}`,
    },
  };
};

export const gatewayEvent = (asked: Asked = {}): APIGatewayProxyEvent =>
  ({
    ...parts(asked),
    body: asked.body ?? null,
    isBase64Encoded: asked.base64 ?? false,
  }) as unknown as APIGatewayProxyEvent;

export const methodArn = 'arn:aws:execute-api:us-east-1:123456789012:abcdef1234/prod/POST/mcp';

export const authorizerEvent = (asked: Asked = {}): APIGatewayRequestAuthorizerEvent =>
  ({ ...parts(asked), type: 'REQUEST', methodArn }) as unknown as APIGatewayRequestAuthorizerEvent;

export const lambdaContext = (remaining = 20_000): Context =>
  ({
    awsRequestId: 'aws-request',
    functionName: 'test',
    getRemainingTimeInMillis: () => remaining,
  }) as unknown as Context;
