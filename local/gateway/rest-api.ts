import * as z from 'zod';
import { StartupFailure } from '../failure.ts';
import { readInvokePermissions } from '../iam/invoke-permissions.ts';
import type { LambdaFunction } from '../lambda/function.ts';
import { propertiesOf, type Stack } from '../template/stack.ts';
import { type Authorizer, readAuthorizers } from './authorizer.ts';
import { type GatewayResponses, readGatewayResponses } from './gateway-responses.ts';
import { type Integration, integrationProperties, readIntegration } from './integration.ts';
import { Routes } from './routes.ts';
import { readStage, type Stage } from './stage.ts';
import { readUsagePlans, type UsagePlans } from './usage-plans.ts';

/** One method of one resource, with all that stands in its way. */
export interface Method {
  readonly httpMethod: string;
  /** The resource's template: `/mcp`, `/.well-known/{proxy+}`. */
  readonly resourcePath: string;
  readonly resourceId: string;
  readonly authorizer?: Authorizer;
  readonly apiKeyRequired: boolean;
  readonly integration: Integration;
  /** Whether the function's permissions let API Gateway invoke it for this method. */
  readonly mayInvoke: boolean;
}

/** The template's REST API and its one stage. */
export interface RestApi {
  readonly id: string;
  readonly account: string;
  readonly region: string;
  readonly partition: string;
  readonly stage: Stage;
  readonly routes: Routes<Method>;
  readonly gatewayResponses: GatewayResponses;
  readonly usagePlans: UsagePlans;
  readonly keySource: 'AUTHORIZER' | 'HEADER';
  readonly binaryMediaTypes: readonly string[];
  /**
   * Whether the bare execute-api address is switched off: then only a custom domain reaches the
   * API.
   */
  readonly executeApiDisabled: boolean;
}

const restApiProperties = z.looseObject({
  Name: z.string(),
  ApiKeySourceType: z.enum(['AUTHORIZER', 'HEADER']).default('HEADER'),
  BinaryMediaTypes: z.array(z.string()).default([]),
  DisableExecuteApiEndpoint: z.boolean().default(false),
  EndpointConfiguration: z.strictObject({
    Types: z.tuple([z.literal('REGIONAL')]),
    IpAddressType: z.string().optional(),
  }),
});

const resourceProperties = z.strictObject({
  ParentId: z.string(),
  PathPart: z.string(),
  RestApiId: z.string(),
});

const methodProperties = z.looseObject({
  ApiKeyRequired: z.boolean().default(false),
  AuthorizationType: z.enum(['NONE', 'CUSTOM']),
  AuthorizerId: z.string().optional(),
  HttpMethod: z.string(),
  Integration: integrationProperties,
  // What a proxy integration answers is not filtered by these.
  MethodResponses: z.unknown().optional(),
  ResourceId: z.string(),
  RestApiId: z.string(),
});

/** @throws StartupFailure for anything that API Gateway would do and this does not. */
export const readRestApi = (
  stack: Stack,
  functions: ReadonlyMap<string, LambdaFunction>,
): RestApi => {
  const [resource, ...others] = stack.resources('AWS::ApiGateway::RestApi');
  if (resource === undefined || others.length > 0)
    throw new StartupFailure(
      `The template has ${others.length + (resource ? 1 : 0)} REST APIs; the local runtime emulates exactly one.`,
    );
  const properties = propertiesOf(restApiProperties, resource);
  const paths = readPaths(stack, stack.attribute(resource.logicalId, 'RootResourceId'));
  const mayInvoke = readInvokePermissions(stack);
  const id = stack.ref(resource.logicalId);
  const { region, account, partition } = stack.deployment;
  const apiArn = `arn:${partition}:execute-api:${region}:${account}:${id}`;
  const authorizers = readAuthorizers(stack, functions, { mayInvoke, apiArn });
  const stage = readStage(stack);
  const methods = stack.resources('AWS::ApiGateway::Method').map((each): Method => {
    const method = propertiesOf(methodProperties, each);
    const authorizer =
      method.AuthorizationType === 'CUSTOM'
        ? authorizers.get(method.AuthorizerId ?? '')
        : undefined;
    if (method.AuthorizationType === 'CUSTOM' && authorizer === undefined)
      throw new StartupFailure(
        `${each.logicalId} names an authorizer that the template does not have.`,
      );
    const resourcePath = paths.get(method.ResourceId);
    if (resourcePath === undefined)
      throw new StartupFailure(
        `${each.logicalId} belongs to a resource that the template does not have.`,
      );
    const integration = readIntegration(method.Integration, functions, each.logicalId);
    return {
      httpMethod: method.HttpMethod,
      resourcePath,
      resourceId: method.ResourceId,
      apiKeyRequired: method.ApiKeyRequired,
      integration,
      mayInvoke:
        integration.kind !== 'lambda' ||
        mayInvoke({
          functionArn: integration.functionArn,
          service: 'apigateway.amazonaws.com',
          sourceArn: `${apiArn}/${stage.name}/${method.HttpMethod}${resourcePath}`,
        }),
      ...(authorizer && { authorizer }),
    };
  });
  return {
    id,
    ...stack.deployment,
    stage,
    routes: new Routes(methods),
    gatewayResponses: readGatewayResponses(stack),
    usagePlans: readUsagePlans(stack, id, stage.name),
    keySource: properties.ApiKeySourceType,
    binaryMediaTypes: properties.BinaryMediaTypes,
    executeApiDisabled: properties.DisableExecuteApiEndpoint,
  };
};

/** Paths by resource id, the root's included. */
const readPaths = (stack: Stack, rootId: string): ReadonlyMap<string, string> => {
  const parts = new Map(
    stack
      .resources('AWS::ApiGateway::Resource')
      .map((each) => [stack.ref(each.logicalId), propertiesOf(resourceProperties, each)]),
  );
  const pathOf = (id: string): string => {
    const part = parts.get(id);
    if (part === undefined) return '';
    return `${pathOf(part.ParentId)}/${part.PathPart}`;
  };
  return new Map([[rootId, '/'], ...[...parts.keys()].map((id) => [id, pathOf(id)] as const)]);
};
