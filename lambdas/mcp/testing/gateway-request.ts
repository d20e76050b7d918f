import type { APIGatewayProxyEvent } from 'aws-lambda';
import { endpoints } from '../../../policy/endpoints.ts';
import type { Caller } from '../../http/caller.ts';
import type { SecuredRequest } from '../../http/request.ts';
import { silentLogger } from './call-context.ts';

/** Fifteen minutes, which is what a call has at most. */
const remainingMilliseconds = (): number => 900_000;

/** An address of the documentation network (RFC 5737). */
const sourceIp = '192.0.2.1';

/** A POST to `/mcp` that has passed the security stack. */
export const gatewayRequest = (
  message: object,
  headers: Readonly<Record<string, string>>,
  caller: Caller,
): SecuredRequest => {
  const body = JSON.stringify(message);
  return {
    event: gatewayEvent(body, headers),
    method: 'POST',
    path: endpoints.mcp.path,
    headers,
    query: {},
    repeatedQuery: {},
    body,
    // As the stack parses it: what JSON cannot carry does not arrive.
    json: JSON.parse(body),
    sourceIp,
    requestId: 'test-request',
    now: new Date(),
    logger: silentLogger,
    remainingMilliseconds,
    correlate: () => {},
    securityEvent: () => {},
    trail: () => {},
    caller,
  };
};

const gatewayEvent = (
  body: string,
  headers: Readonly<Record<string, string>>,
): APIGatewayProxyEvent => ({
  body,
  headers: { ...headers },
  multiValueHeaders: {},
  httpMethod: 'POST',
  isBase64Encoded: false,
  path: endpoints.mcp.path,
  pathParameters: null,
  queryStringParameters: null,
  multiValueQueryStringParameters: null,
  stageVariables: null,
  resource: endpoints.mcp.path,
  requestContext: {
    accountId: '111111111111',
    apiId: 'test',
    authorizer: {},
    protocol: 'HTTP/1.1',
    httpMethod: 'POST',
    identity: {
      accessKey: null,
      accountId: null,
      apiKey: null,
      apiKeyId: null,
      caller: null,
      clientCert: null,
      cognitoAuthenticationProvider: null,
      cognitoAuthenticationType: null,
      cognitoIdentityId: null,
      cognitoIdentityPoolId: null,
      principalOrgId: null,
      sourceIp,
      user: null,
      userAgent: 'gatehouse/testing',
      userArn: null,
    },
    path: endpoints.mcp.path,
    stage: 'test',
    requestId: 'test-request',
    requestTimeEpoch: Date.now(),
    resourceId: 'test',
    resourcePath: endpoints.mcp.path,
  },
});
