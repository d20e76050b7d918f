import * as z from 'zod';
import type { LoopbackRequest, LoopbackResponse } from '../loopback/request.ts';
import { apiError, ok } from './api-response.ts';
import type { AppClient } from './app-client.ts';
import { clientOperations } from './client-operations.ts';
import type { Pool } from './pool.ts';
import { type Operation, userOperations } from './user-operations.ts';

const describeInput = z.object({ UserPoolId: z.string(), ClientId: z.string() });
const describedClient = (pool: Pool, client: AppClient) => ({
  UserPoolId: pool.configuration.userPoolId,
  ClientName: client.clientName,
  ClientId: client.clientId,
  ...(client.clientSecret !== undefined && { ClientSecret: client.clientSecret }),
  AccessTokenValidity: client.accessTokenSeconds,
  IdTokenValidity: client.idTokenSeconds,
  RefreshTokenValidity: client.refreshTokenSeconds,
  TokenValidityUnits: { AccessToken: 'seconds', IdToken: 'seconds', RefreshToken: 'seconds' },
  CallbackURLs: client.callbackUrls,
  AllowedOAuthFlows: client.flows,
  AllowedOAuthScopes: client.scopes,
  AllowedOAuthFlowsUserPoolClient: true,
  ExplicitAuthFlows: client.explicitAuthFlows,
  EnableTokenRevocation: client.tokenRevocation,
  ...(client.refreshRotation && {
    RefreshTokenRotation: {
      Feature: 'ENABLED',
      RetryGracePeriodSeconds: client.refreshRotation.graceSeconds,
    },
  }),
});

const operations: Readonly<Record<string, Operation>> = {
  ...userOperations,
  ...clientOperations,
  DescribeUserPoolClient: (pool, input) => {
    const { ClientId } = describeInput.parse(input);
    const client = pool.client(ClientId);
    return client
      ? ok({ UserPoolClient: describedClient(pool, client) })
      : apiError('ResourceNotFoundException', `User pool client ${ClientId} does not exist.`);
  },
};

const poolOf = z.object({ UserPoolId: z.string() });

const parseJson = (body: string): unknown => {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
};

/** The operation that a request names, for the counts; `undefined` when it names none of ours. */
export const operationName = ({ headers }: LoopbackRequest): string | undefined => {
  const target = headers['x-amz-target'];
  const name =
    typeof target === 'string'
      ? /^AWSCognitoIdentityProviderService\.(\w+)$/.exec(target)?.[1]
      : undefined;
  return name !== undefined && Object.hasOwn(operations, name) ? name : undefined;
};

/**
 * `POST /` with `X-Amz-Target`: the operations that Gatehouse and its commands call. Others, SignUp first of
 * all, are refused.
 */
export const userPoolsApi = async (
  pool: Pool,
  request: LoopbackRequest,
): Promise<LoopbackResponse> => {
  const name = operationName(request);
  const operation = name === undefined ? undefined : operations[name];
  if (!operation)
    return apiError(
      'UnknownOperationException',
      'The local runtime does not emulate this operation of Cognito.',
    );
  // The signature itself is not verified: nobody here has a secret to check it with. An unsigned
  // call is refused.
  if (!request.headers.authorization?.startsWith('AWS4-HMAC-SHA256 ')) {
    return apiError('MissingAuthenticationTokenException', 'Missing Authentication Token');
  }
  const input = parseJson(request.body);
  const named = poolOf.safeParse(input);
  if (!named.success)
    return apiError('InvalidParameterException', 'The request is not one of the operation.');
  if (named.data.UserPoolId !== pool.configuration.userPoolId) {
    return apiError(
      'ResourceNotFoundException',
      `User pool ${named.data.UserPoolId} does not exist.`,
    );
  }
  try {
    return await operation(pool, input);
  } catch {
    return apiError('InvalidParameterException', 'The request is not one of the operation.');
  }
};
