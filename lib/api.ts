import {
  AccessLogFormat,
  ApiKeySourceType,
  EndpointType,
  LogGroupLogDestination,
  type MethodDeploymentOptions,
  MethodLoggingLevel,
  RestApi,
  type Stage,
} from 'aws-cdk-lib/aws-apigateway';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { LogGroup } from 'aws-cdk-lib/aws-logs';
import { Stack } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import type { Environment, UrlMode } from '../policy/deployment.ts';
import { type EndpointName, endpoints } from '../policy/endpoints.ts';
import type { MethodThrottles } from '../policy/limits.ts';
import { acknowledge } from './acknowledge.ts';
import { logGroup } from './logs.ts';

export interface ApiProps {
  /** Tells the metrics of two deployments apart. */
  readonly name: string;
  readonly stageName: string;
  readonly environment: Environment;
  readonly urlMode: UrlMode;
  /** Whether requests are logged, which needs the account's logging role. */
  readonly accessLog: boolean;
  readonly methodThrottles: MethodThrottles;
  readonly logKey: IKey;
}

/**
 * The REST API and its one stage. Routes come later (routes.ts): the functions need this API's id
 * first.
 */
export class Api extends Construct {
  readonly restApi: RestApi;
  readonly accessLog: LogGroup | undefined;
  /** Host of the bare API, whatever the URL mode. */
  readonly executeApiHost: string;

  constructor(scope: Construct, id: string, props: ApiProps) {
    super(scope, id);
    this.accessLog = props.accessLog
      ? logGroup(this, 'AccessLog', { environment: props.environment, key: props.logKey })
      : undefined;
    this.restApi = new RestApi(this, 'RestApi', {
      // The metrics' dimension: two Gatehouses of one name would share their alarms.
      restApiName: props.name,
      description: 'Gatehouse: remote MCP server',
      // Long streams need a regional endpoint.
      endpointConfiguration: { types: [EndpointType.REGIONAL] },
      apiKeySourceType: ApiKeySourceType.AUTHORIZER,
      disableExecuteApiEndpoint: props.urlMode === 'domain',
      // CDK's own would overwrite the account's; see logging-role.ts.
      cloudWatchRole: false,
      deployOptions: {
        stageName: props.stageName,
        tracingEnabled: true,
        // Detailed metrics are custom metrics, one set a method, at a price each; the alarms and the
        // dashboard read the stage's own, which cost nothing.
        metricsEnabled: false,
        loggingLevel: MethodLoggingLevel.OFF,
        // Execution logs with data would hold headers and bodies (LOG-5).
        dataTraceEnabled: false,
        ...(this.accessLog && {
          accessLogDestination: new LogGroupLogDestination(this.accessLog),
          accessLogFormat: AccessLogFormat.custom(JSON.stringify(accessLogFields)),
        }),
        throttlingRateLimit: props.methodThrottles.default.ratePerSecond,
        throttlingBurstLimit: props.methodThrottles.default.burst,
        methodOptions: methodOptions(props.methodThrottles),
      },
    });
    acknowledge(this.restApi, {
      'AwsSolutions-APIG2':
        'Each function validates the whole request with a schema of its own, and answers in its own error shape.',
    });
    acknowledge(this.stage, {
      'AwsSolutions-APIG6':
        'Execution logs would hold headers and bodies (LOG-5); the access log has a line for every request.',
      'NIST.800.53.R5-APIGWExecutionLoggingEnabled':
        'Execution logs would hold headers and bodies (LOG-5); the access log has a line for every request.',
      'NIST.800.53.R5-APIGWCacheEnabledAndEncrypted':
        'No answer of this API may be kept for another caller.',
      'NIST.800.53.R5-APIGWSSLEnabled':
        'A client certificate is for HTTP backends; every backend here is a Lambda function that IAM guards.',
    });
    // CDK's own output names the bare stage in every URL mode; a deployment has one URL, and the
    // stack names it.
    this.restApi.node.tryRemoveChild('Endpoint');
    const { region, urlSuffix } = Stack.of(this);
    // Not `restApi.url`: that names the stage, the stage needs the deployment, and that needs every
    // function: a cycle.
    this.executeApiHost = `${this.restApi.restApiId}.execute-api.${region}.${urlSuffix}`;
  }

  get stage(): Stage {
    return this.restApi.deploymentStage;
  }
}

/** A row for each method of the endpoints that have a throttle of their own. */
const methodOptions = ({ default: _, ...own }: ApiProps['methodThrottles']) =>
  Object.fromEntries(
    endpointNames(own).flatMap((name) =>
      endpoints[name].methods.map((method) => [
        `${endpoints[name].path}/${method}`,
        throttle(own[name]),
      ]),
    ),
  );

const endpointNames = <T extends Partial<Record<EndpointName, unknown>>>(throttles: T) => {
  const isEndpoint = (name: string): name is Extract<keyof T, EndpointName> =>
    name in endpoints && name in throttles;
  return Object.keys(throttles).filter(isEndpoint);
};

const throttle = ({
  ratePerSecond,
  burst,
}: {
  readonly ratePerSecond: number;
  readonly burst: number;
}): MethodDeploymentOptions => ({
  // A row of its own does not inherit the default row's switches.
  metricsEnabled: false,
  loggingLevel: MethodLoggingLevel.OFF,
  throttlingRateLimit: ratePerSecond,
  throttlingBurstLimit: burst,
});

/**
 * LOG-5: the route's template rather than the path (which the caller writes), no query, no header.
 * API Gateway does not escape values, so nothing that the caller can put a quote into may stand
 * here: no user agent, no path (LOG-3).
 *
 * Every request pays for each byte, so there is nothing that stands elsewhere
 * too: the time is the event's own, latencies of the parts are metrics, and what the web ACL refused
 * is in its log.
 */
const accessLogFields = {
  requestId: '$context.requestId',
  sourceIp: '$context.identity.sourceIp',
  method: '$context.httpMethod',
  route: '$context.resourcePath',
  status: '$context.status',
  errorType: '$context.error.responseType',
  responseLength: '$context.responseLength',
  responseLatency: '$context.responseLatency',
  integrationStatus: '$context.integrationStatus',
  profile: '$context.authorizer.profile',
} as const;
