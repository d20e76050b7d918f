import {
  type IResource,
  LambdaIntegration,
  type MethodOptions,
  RequestAuthorizer,
  ResponseTransferMode,
  type RestApi,
} from 'aws-cdk-lib/aws-apigateway';
import { Duration } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import type { Environment } from '../policy/deployment.ts';
import { type Endpoint, endpointRows } from '../policy/endpoints.ts';
import { functionNames, type HttpFunctionName, isHttpFunction } from '../policy/functions.ts';
import { timeouts } from '../policy/limits.ts';
import { acknowledge } from './acknowledge.ts';
import type { Functions } from './functions.ts';
import { recordOf } from './record-of.ts';

export interface RoutesProps {
  readonly api: RestApi;
  readonly environment: Environment;
  readonly functions: Functions;
}

/**
 * Every path of policy/endpoints: its methods, and a preflight where browsers of other origins call
 * it.
 */
export class Routes extends Construct {
  private readonly api: RestApi;
  private readonly integrations: Readonly<Record<Endpoint['function'], LambdaIntegration>>;
  private readonly authorizer: RequestAuthorizer;

  constructor(scope: Construct, id: string, { api, environment, functions }: RoutesProps) {
    super(scope, id);
    this.api = api;
    this.integrations = recordOf(
      functionNames.filter(isHttpFunction).filter(servesRoutes),
      (name) => lambdaIntegration(functions, name),
    );
    this.authorizer = new RequestAuthorizer(this, 'Authorizer', {
      handler: functions.byName.authorizer.invoked,
      // With an identity source, API Gateway itself would refuse a request without it, before our
      // origin check (CORS-5).
      identitySources: [],
      // The decision depends on the whole request (Origin, Mcp-Method, Mcp-Name): nothing may be
      // remembered.
      resultsCacheTtl: Duration.seconds(0),
    });
    for (const endpoint of endpointRows)
      if (!endpoint.developmentOnly || environment === 'development') this.serve(endpoint);
  }

  private serve({ path, methods, function: name, browsers, authentication }: Endpoint) {
    const resource = this.api.root.resourceForPath(path);
    const options = authentication === 'access-token' ? this.guarded() : {};
    for (const method of methods) addMethod(resource, method, this.integrations[name], options);
    // CORS-6: CDK's own preflight is a MOCK that answers unknown origins with the first one of the
    // list.
    if (browsers === 'cross-origin') addMethod(resource, 'OPTIONS', this.integrations[name], {});
  }

  /** The authorizer first, then a usage plan by the key that the authorizer chooses. */
  private guarded(): MethodOptions {
    return { authorizer: this.authorizer, apiKeyRequired: true };
  }
}

const addMethod = (
  resource: IResource,
  method: string,
  integration: LambdaIntegration,
  options: MethodOptions,
) =>
  acknowledge(resource.addMethod(method, integration, options), {
    'AwsSolutions-COG4':
      "Our own authorizer checks what Cognito's cannot: audience, origin, age and the scopes of a tool.",
    ...(options.authorizer === undefined && {
      'AwsSolutions-APIG4':
        'Public by protocol: discovery, registration, login and preflights come before anybody has a token.',
    }),
  });

const servesRoutes = (name: HttpFunctionName): name is Endpoint['function'] =>
  name !== 'authorizer';

const lambdaIntegration = (functions: Functions, name: Endpoint['function']) =>
  new LambdaIntegration(functions.byName[name].invoked, {
    // One permission a function, for this API: one a method would be thirty resources more, and a
    // template has 500. Whoever may test methods in the account (`apigateway:POST`) then reaches
    // the functions past the web ACL and the authorizer; they check everything again.
    scopePermissionToMethod: false,
    // A streaming handler can be called in no other way, so every method of /mcp streams, those
    // that answer 405 too.
    ...(name === 'mcp'
      ? {
          responseTransferMode: ResponseTransferMode.STREAM,
          timeout: Duration.seconds(timeouts.streamSeconds),
        }
      : { timeout: Duration.seconds(timeouts.gatewaySeconds) }),
  });
