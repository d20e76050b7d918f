import * as z from 'zod';
import { StartupFailure } from '../failure.ts';
import type { InvokePermissions } from '../iam/invoke-permissions.ts';
import { evaluatePolicy, policyDocument } from '../iam/policy-evaluation.ts';
import type { LambdaFunction } from '../lambda/function.ts';
import { propertiesOf, type Stack } from '../template/stack.ts';
import type { GatewayResponseType } from './gateway-response-types.ts';
import { parseInvocationUri } from './integration.ts';
import type { GatewayRequest } from './request.ts';

export interface Authorizer {
  readonly lambda: LambdaFunction;
  /**
   * Whether the request has what the identity source asks for; without it the function is not
   * called.
   */
  readonly hasIdentity: (request: GatewayRequest) => boolean;
  /** Whether the function's permissions let API Gateway invoke it for this authorizer. */
  readonly mayInvoke: boolean;
}

/** The authorizer's word. Its context comes along with a refusal too. */
export type Authorization =
  | { readonly kind: 'allowed'; readonly context: AuthorizerContext; readonly usageKey?: string }
  | {
      readonly kind: 'refused';
      readonly type: GatewayResponseType;
      readonly message?: string;
      readonly context: AuthorizerContext;
    };

/** Every value is text by the time anybody reads it. */
export type AuthorizerContext = Readonly<Record<string, string>>;

const authorizerProperties = z.looseObject({
  // Nothing is remembered here, so a template that asks for it is refused.
  AuthorizerResultTtlInSeconds: z.literal(0, 'must be 0: the local runtime caches no decision'),
  AuthorizerUri: z.string(),
  IdentitySource: z.string().default(''),
  Type: z.literal('REQUEST'),
});

export const readAuthorizers = (
  stack: Stack,
  functions: ReadonlyMap<string, LambdaFunction>,
  { mayInvoke, apiArn }: { readonly mayInvoke: InvokePermissions; readonly apiArn: string },
): ReadonlyMap<string, Authorizer> =>
  new Map(
    stack.resources('AWS::ApiGateway::Authorizer').map((resource) => {
      const { AuthorizerUri, IdentitySource } = propertiesOf(authorizerProperties, resource);
      const functionArn = parseInvocationUri(AuthorizerUri)?.functionArn ?? '';
      const lambda = functions.get(functionArn);
      if (lambda === undefined)
        throw new StartupFailure(
          `${resource.logicalId}.AuthorizerUri is ${AuthorizerUri}, which invokes no function of the template.`,
        );
      const sources = IdentitySource.split(',').flatMap((source) =>
        source.trim() === '' ? [] : [identityOf(source.trim(), resource.logicalId)],
      );
      const id = stack.ref(resource.logicalId);
      return [
        id,
        {
          lambda,
          hasIdentity: (request) => sources.every((source) => source(request)),
          mayInvoke: mayInvoke({
            functionArn,
            service: 'apigateway.amazonaws.com',
            sourceArn: `${apiArn}/authorizers/${id}`,
          }),
        },
      ];
    }),
  );

const identityOf = (source: string, where: string): ((request: GatewayRequest) => boolean) => {
  const [, part, name] = /^method\.request\.(header|querystring)\.(.+)$/.exec(source) ?? [];
  if (name === undefined)
    throw new StartupFailure(
      `${where}.IdentitySource is ${source}, which the local runtime does not know.`,
    );
  return part === 'header'
    ? (request) => Boolean(request.header(name))
    : (request) => Boolean(request.query.get(name)?.at(-1));
};

/**
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-lambda-authorizer-output.html
 */
const authorizerOutput = z.looseObject({
  principalId: z.string().min(1),
  policyDocument,
  context: z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()])).nullish(),
  usageIdentifierKey: z.string().nullish(),
});

/** Asks the function, and reads its answer as API Gateway does. */
export const authorize = async (
  { lambda, hasIdentity, mayInvoke }: Authorizer,
  request: GatewayRequest,
  event: unknown,
  options: { readonly methodArn: string; readonly traceId: string },
): Promise<Authorization> => {
  if (!hasIdentity(request)) return { kind: 'refused', type: 'UNAUTHORIZED', context: {} };
  if (!mayInvoke) return { kind: 'refused', type: 'AUTHORIZER_CONFIGURATION_ERROR', context: {} };
  const outcome = await lambda.invoke(event, { traceId: options.traceId });
  if (outcome.kind === 'failed') {
    return {
      kind: 'refused',
      type: outcome.error.errorMessage === 'Unauthorized' ? 'UNAUTHORIZED' : 'AUTHORIZER_FAILURE',
      context: {},
    };
  }
  const output = authorizerOutput.safeParse(
    outcome.kind === 'result' ? JSON.parse(outcome.payload) : undefined,
  );
  if (!output.success)
    return { kind: 'refused', type: 'AUTHORIZER_CONFIGURATION_ERROR', context: {} };
  const { principalId, policyDocument: policy, context: given, usageIdentifierKey } = output.data;
  const context = { ...asText(given ?? {}), principalId };
  const decision = evaluatePolicy(policy, 'execute-api:Invoke', options.methodArn);
  if (decision === 'allow')
    return {
      kind: 'allowed',
      context,
      ...(usageIdentifierKey != null && { usageKey: usageIdentifierKey }),
    };
  const suffix = decision === 'explicit deny' ? ' with an explicit deny' : '';
  return {
    kind: 'refused',
    type: 'ACCESS_DENIED',
    message: `User is not authorized to access this resource${suffix}`,
    context,
  };
};

const asText = (
  context: Readonly<Record<string, string | number | boolean | null>>,
): Record<string, string> =>
  Object.fromEntries(
    Object.entries(context).flatMap(([name, value]) =>
      value === null ? [] : [[name, String(value)]],
    ),
  );
