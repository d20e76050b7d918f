import * as z from 'zod';
import { jsonResponse, type LoopbackRequest, type LoopbackResponse } from '../loopback/request.ts';
import type { AppClient } from './app-client.ts';
import type { Pool } from './pool.ts';
import type { Person } from './users.ts';

const contentType = { 'content-type': 'application/x-amz-json-1.1' };
const ok = (value: unknown): LoopbackResponse => jsonResponse(200, value, contentType);

/** An error as the service's JSON 1.1 protocol words it. */
export const apiError = (name: string, message: string, status = 400): LoopbackResponse =>
  jsonResponse(status, { __type: name, message }, contentType);

const describeInput = z.object({ UserPoolId: z.string(), ClientId: z.string() });
const listUsersInput = z.object({
  UserPoolId: z.string(),
  Filter: z.string().optional(),
  Limit: z.number().optional(),
});

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

const describedUser = (person: Person) => ({
  Username: person.username,
  Enabled: true,
  UserStatus: 'CONFIRMED',
  Attributes: Object.entries(person.attributes).map(([Name, Value]) => ({ Name, Value })),
});

/** Of ListUsers' filters only an exact one by email or sub: `email = "dev@example.com"`. */
export const readUserFilter = (
  filter: string,
): { readonly attribute: 'email' | 'sub'; readonly value: string } | undefined => {
  const [, attribute, value] = /^\s*(email|sub)\s*=\s*"((?:[^"\\]|\\.)*)"\s*$/.exec(filter) ?? [];
  if (value === undefined || (attribute !== 'email' && attribute !== 'sub')) return undefined;
  return { attribute, value: value.replace(/\\(.)/g, '$1') };
};

const operations: Readonly<Record<string, (pool: Pool, input: unknown) => LoopbackResponse>> = {
  DescribeUserPoolClient: (pool, input) => {
    const { ClientId } = describeInput.parse(input);
    const client = pool.client(ClientId);
    return client
      ? ok({ UserPoolClient: describedClient(pool, client) })
      : apiError('ResourceNotFoundException', `User pool client ${ClientId} does not exist.`);
  },
  ListUsers: (pool, input) => {
    const { Filter } = listUsersInput.parse(input);
    const filter = Filter === undefined ? undefined : readUserFilter(Filter);
    if (!filter)
      return apiError(
        'InvalidParameterException',
        'Only filters by email or sub with = are emulated here.',
      );
    const person =
      filter.attribute === 'email'
        ? pool.directory.byEmail(filter.value)
        : pool.directory.bySub(filter.value);
    return ok({ Users: person ? [describedUser(person)] : [] });
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
 * `POST /` with `X-Amz-Target`: the two operations that Gatehouse calls. Others, SignUp first of
 * all, are refused.
 */
export const userPoolsApi = (pool: Pool, request: LoopbackRequest): LoopbackResponse => {
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
    return operation(pool, input);
  } catch {
    return apiError('InvalidParameterException', 'The request is not one of the operation.');
  }
};
