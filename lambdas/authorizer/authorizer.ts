import middy from '@middy/core';
import type {
  APIGatewayAuthorizerResult,
  APIGatewayRequestAuthorizerEvent,
  Context,
} from 'aws-lambda';
import type { Authenticate } from '../access-token/verifier.ts';
import {
  ForeignOrigin,
  type HttpError,
  InsufficientScope,
  InvalidToken,
  MissingToken,
} from '../errors/errors.ts';
import { toHttpError } from '../errors/to-http-error.ts';
import type { Caller } from '../http/caller.ts';
import { clientAddress } from '../http/client-address.ts';
import { joinedHeaders } from '../http/headers.ts';
import { log } from '../logging/log.ts';
import type { SafeFields } from '../logging/safe-logger.ts';
import { countEvents } from '../logging/security-events.ts';
import { userHash } from '../logging/user-hash.ts';
import { authorize } from './authorize.ts';
import type { Definitions } from './required-scopes.ts';
import type { AuthorizerSettings } from './settings.ts';
import { Unauthorized } from './unauthorized.ts';
import { shareOf } from './usage-plan-share.ts';

export interface AuthorizerOptions {
  readonly settings: Pick<
    AuthorizerSettings,
    | 'ENVIRONMENT'
    | 'LOG_SENSITIVE_DATA'
    | 'AUDIT_SUBJECT'
    | 'ALLOWED_ORIGINS'
    | 'TRUSTED_PROXY_HEADER'
    | 'USAGE_PLAN_KEYS'
    | 'USAGE_PLAN_SHARE_KEY'
  >;
  readonly authenticate: Authenticate;
  readonly definitions: Definitions;
  readonly clock?: () => Date;
}

/**
 * The REQUEST authorizer of `/mcp`: it stands beside the security stack, because it returns
 * policies and not responses (API Gateway developer guide, "Output from an API Gateway Lambda authorizer").
 *
 * - allowed: a policy for this request alone, who calls, and the usage-plan key of the caller's
 * share of the profile's users
 * - a foreign origin or a missing scope: Deny with a context, which the ACCESS_DENIED gateway
 * response puts into its body
 * - no token or a bad one: the error `Unauthorized`, of which API Gateway makes UNAUTHORIZED with
 * its challenge
 * - anything else: the event AuthorizerFailure and another error, of which API Gateway makes
 * AUTHORIZER_FAILURE (503); nobody is let in
 */
export const authorizer = ({
  settings,
  authenticate,
  definitions,
  clock = () => new Date(),
}: AuthorizerOptions) => {
  const logger = log({
    service: 'authorizer',
    environment: settings.ENVIRONMENT,
    sensitive: settings.LOG_SENSITIVE_DATA,
    subjects: settings.AUDIT_SUBJECT,
  });
  const count = countEvents();

  const report = (error: HttpError, event: APIGatewayRequestAuthorizerEvent): void => {
    const { requestId, resourcePath: endpoint, identity } = event.requestContext;
    const { headers } = joinedHeaders(lowerCased(event));
    const line = logger({ requestId, endpoint });
    const fields: SafeFields = {
      code: error.code,
      status: error.status,
      method: event.httpMethod,
      sourceIp: clientAddress(identity.sourceIp, headers, settings.TRUSTED_PROXY_HEADER),
      origin: headers['origin'],
      detail: error.detail,
      cause: error.cause,
    };
    // Without an event it is a failure of ours: code, configuration, or keys that cannot be had.
    const name = error.event ?? 'AuthorizerFailure';
    line.event(name, fields);
    count(name, endpoint);
  };

  /** LOG-6: a call that goes no further has no other line in the trail. */
  const trail = (
    { sub, clientId, profile, groups }: Caller,
    { code }: HttpError,
    event: APIGatewayRequestAuthorizerEvent,
  ): void => {
    const { requestId, resourcePath: endpoint, identity } = event.requestContext;
    const { headers } = joinedHeaders(lowerCased(event));
    logger({ requestId, endpoint }).trail('refusal', {
      sub,
      clientId,
      profile,
      groups,
      sourceIp: clientAddress(identity.sourceIp, headers, settings.TRUSTED_PROXY_HEADER),
      outcome: 'refused',
      code,
    });
  };

  return middy<APIGatewayRequestAuthorizerEvent, APIGatewayAuthorizerResult, unknown, Context>()
    .handler(
      async (event: APIGatewayRequestAuthorizerEvent): Promise<APIGatewayAuthorizerResult> => {
        const input = { ...joinedHeaders(lowerCased(event)), now: clock() };
        const caller = await authorize(input, {
          origins: settings.ALLOWED_ORIGINS,
          authenticate,
          definitions,
          refused: (of, error) => trail(of, error, event),
        });
        return allow(event.methodArn, caller, usagePlanKey(caller, settings));
      },
    )
    .onError((request) => {
      const error = toHttpError(request.error);
      report(error, request.event);
      if (error instanceof MissingToken || error instanceof InvalidToken) throw new Unauthorized();
      if (!(error instanceof ForeignOrigin) && !(error instanceof InsufficientScope))
        throw new Error('AuthorizerFailure');
      request.response = deny(request.event.methodArn, error);
    });
};

/** Header names in lower case: API Gateway passes them on as HTTP/1.1 clients wrote them. */
const lowerCased = ({ headers, multiValueHeaders }: APIGatewayRequestAuthorizerEvent) => ({
  headers: mapped(headers),
  multiValueHeaders: mapped(multiValueHeaders),
});

const mapped = <Value>(named: Readonly<Record<string, Value>> | null): Record<string, Value> =>
  Object.fromEntries(
    Object.entries(named ?? {}).map(([name, value]) => [name.toLowerCase(), value]),
  );

const policy = (
  effect: 'Allow' | 'Deny',
  methodArn: string,
): APIGatewayAuthorizerResult['policyDocument'] => ({
  Version: '2012-10-17',
  Statement: [{ Action: 'execute-api:Invoke', Effect: effect, Resource: methodArn }],
});

/** RATE-8: a flood of one user stays in the share of users that the user is in. */
const usagePlanKey = (
  { profile, sub }: Caller,
  settings: Pick<AuthorizerSettings, 'USAGE_PLAN_KEYS' | 'USAGE_PLAN_SHARE_KEY'>,
): string => {
  const keys = settings.USAGE_PLAN_KEYS[profile] ?? [];
  const key = keys[shareOf(sub, settings.USAGE_PLAN_SHARE_KEY, keys.length)];
  // An app client without a usage plan is a deployment gone wrong, and INVALID_API_KEY would say
  // nothing about it.
  if (key === undefined) throw new Error(`no usage plan key for the profile ${profile}`);
  return key;
};

const allow = (
  methodArn: string,
  caller: Caller,
  usageIdentifierKey: string,
): APIGatewayAuthorizerResult => ({
  // Stands in API Gateway's own logs: nobody's name (LOG-2).
  principalId: userHash(caller.sub),
  policyDocument: policy('Allow', methodArn),
  context: {
    sub: caller.sub,
    profile: caller.profile,
    clientId: caller.clientId,
    scopes: caller.scopes.join(' '),
  },
  usageIdentifierKey,
});

const deny = (methodArn: string, error: HttpError): APIGatewayAuthorizerResult => {
  const required = error.data['requiredScopes'];
  const scope = Array.isArray(required) ? required.join(' ') : '';
  return {
    principalId: 'nobody',
    policyDocument: policy('Deny', methodArn),
    // Our own words and the policy's scope names: the gateway response copies them between quotes.
    context: {
      reason: error.code,
      message: scope ? `${error.message} Needed: ${scope}` : error.message,
      requiredScope: scope,
    },
  };
};
