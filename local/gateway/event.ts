import type { AuthorizerContext } from './authorizer.ts';
import { allValues, type GatewayRequest, headerValues, lastValues } from './request.ts';
import type { RequestDetails } from './request-details.ts';
import type { Method, RestApi } from './rest-api.ts';
import type { Match } from './routes.ts';

export interface Routed {
  readonly api: RestApi;
  readonly request: GatewayRequest;
  readonly match: Match<Method>;
  readonly details: RequestDetails;
  /** The path without stage, still encoded. */
  readonly path: string;
  readonly authorizer?: AuthorizerContext;
}

/** Content types whose bodies come as bytes (base64), by the API's binary media types. */
export const isBinary = (api: RestApi, contentType: string | undefined): boolean => {
  const type = contentType?.split(';')[0]?.trim().toLowerCase() ?? '';
  return api.binaryMediaTypes.some(
    (pattern) => pattern === '*/*' || pattern.toLowerCase() === type,
  );
};

/**
 * The event of a Lambda proxy integration.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-lambda-proxy-integrations.html
 */
export const proxyEvent = (routed: Routed) => {
  const { api, request } = routed;
  const binary = isBinary(api, request.header('content-type'));
  return {
    ...requestParts(routed),
    requestContext: requestContext(routed),
    body: request.body.length === 0 ? null : request.body.toString(binary ? 'base64' : 'utf8'),
    isBase64Encoded: binary && request.body.length > 0,
  };
};

/**
 * The event of a REQUEST authorizer: the request without its body.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-lambda-authorizer-input.html
 */
export const authorizerEvent = (routed: Routed, methodArn: string) => ({
  type: 'REQUEST',
  methodArn,
  ...requestParts(routed),
  requestContext: requestContext(routed),
});

/** `arn:aws:execute-api:{region}:{account}:{api}/{stage}/{method}/{path}` */
export const methodArnOf = ({
  api,
  request,
  path,
}: Pick<Routed, 'api' | 'request' | 'path'>): string =>
  `arn:${api.partition}:execute-api:${api.region}:${api.account}:${api.id}/${api.stage.name}/${request.httpMethod}/${path.replace(/^\//, '')}`;

const requestParts = ({ api, request, match, details, path }: Routed) => {
  const headers = headerValues(forwarded(request, details));
  const { variables } = api.stage;
  return {
    resource: match.method.resourcePath,
    path,
    httpMethod: request.httpMethod,
    headers: lastValues(headers),
    multiValueHeaders: allValues(headers),
    queryStringParameters: lastValues(request.query),
    multiValueQueryStringParameters: allValues(request.query),
    pathParameters: Object.keys(match.pathParameters).length === 0 ? null : match.pathParameters,
    stageVariables: Object.keys(variables).length === 0 ? null : variables,
  };
};

/**
 * The headers that the gateway adds. It appends the caller's address to whatever X-Forwarded-For
 * the caller wrote.
 */
const forwarded = (request: GatewayRequest, { traceId }: RequestDetails) => {
  const own = new Set([
    'x-forwarded-for',
    'x-forwarded-proto',
    'x-forwarded-port',
    'x-amzn-trace-id',
  ]);
  const claimed = request.headers
    .filter(([name]) => name.toLowerCase() === 'x-forwarded-for')
    .map(([, value]) => value);
  return [
    ...request.headers.filter(([name]) => !own.has(name.toLowerCase())),
    ['X-Amzn-Trace-Id', traceId] as const,
    ['X-Forwarded-For', [...claimed, request.sourceIp].join(', ')] as const,
    ['X-Forwarded-Port', request.header('host')?.split(':').at(-1) ?? ''] as const,
    ['X-Forwarded-Proto', 'http'] as const,
  ];
};

const requestContext = ({ api, request, match, details, authorizer }: Routed) => ({
  resourceId: match.method.resourceId,
  resourcePath: match.method.resourcePath,
  httpMethod: request.httpMethod,
  extendedRequestId: details.extendedRequestId,
  requestTime: details.requestTime,
  path: request.rawPath,
  accountId: api.account,
  protocol: request.protocol,
  stage: api.stage.name,
  domainPrefix: details.domainName.split('.')[0] ?? '',
  requestTimeEpoch: details.requestTimeEpoch,
  requestId: details.requestId,
  identity: {
    cognitoIdentityPoolId: null,
    accountId: null,
    cognitoIdentityId: null,
    caller: null,
    sourceIp: request.sourceIp,
    principalOrgId: null,
    accessKey: null,
    cognitoAuthenticationType: null,
    cognitoAuthenticationProvider: null,
    userArn: null,
    userAgent: request.header('user-agent') ?? null,
    user: null,
  },
  domainName: details.domainName,
  apiId: api.id,
  ...(authorizer && { authorizer: { ...authorizer, integrationLatency: 0 } }),
});
