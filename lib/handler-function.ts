import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { IVpc } from 'aws-cdk-lib/aws-ec2';
import { type IGrantable, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import type { LogGroup } from 'aws-cdk-lib/aws-logs';
import { Duration } from 'aws-cdk-lib/core';
import { Construct, type IConstruct } from 'constructs';
import { type Environment, liveAlias } from '../policy/deployment.ts';
import { type FunctionName, functionSettings } from '../policy/functions.ts';
import { acknowledge } from './acknowledge.ts';
import type { Bundle } from './bundle/build.ts';
import { checkEnvironment } from './environment-size.ts';
import type { Concurrency } from './gatehouse-props.ts';
import { logGroup } from './logs.ts';
import { secretVariables, type ToolSettings } from './tool-settings.ts';

/** One IAM statement of a function's role, in full. */
export interface Permission {
  readonly sid?: string;
  readonly actions: readonly string[];
  readonly resource: string;
  /** DynamoDB partition keys in reach (IAM condition `dynamodb:LeadingKeys`). */
  readonly leadingKeys?: readonly string[];
  /** DynamoDB attributes that a request may name, with `*` in them (IAM condition `dynamodb:Attributes`). */
  readonly attributes?: readonly string[];
}

export interface HandlerFunctionProps {
  readonly name: FunctionName;
  readonly environment: Environment;
  /** With the export `handler`. */
  readonly bundle: Bundle;
  readonly timeoutSeconds: number;
  readonly variables: Readonly<Record<string, string>>;
  readonly grants: readonly Permission[];
  /** What the tools need of the function that runs them. @default nothing */
  readonly settings?: ToolSettings | undefined;
  /** @default no bound but the account's, none kept warm */
  readonly concurrency?: Concurrency | undefined;
  /** Whether calls go to a version of the function, by an alias, and not to its newest code. */
  readonly isAliased?: boolean;
  readonly logKey: IKey;
}

/**
 * What every function may do besides its own grants: write its own log, and its traces. Nothing
 * else, so no managed policy.
 */
export const everyFunctionPermissions = {
  log: ['logs:CreateLogStream', 'logs:PutLogEvents'],
  trace: ['xray:PutTraceSegments', 'xray:PutTelemetryRecords'],
} as const;

/**
 * A function as all of ours are: arm64, the pinned Node, JSON logs, a role and a log group of its
 * own.
 */
export class HandlerFunction extends Construct {
  readonly name: FunctionName;
  readonly function: lambda.Function;
  readonly logGroup: LogGroup;
  /** What API Gateway and Cognito invoke: the function, or the version that is in service. */
  readonly invoked: lambda.IFunction;
  readonly alias: lambda.Alias | undefined;

  constructor(scope: Construct, id: string, props: HandlerFunctionProps) {
    super(scope, id);
    this.name = props.name;
    const lasting = props.environment === 'production';
    const { settings = {}, concurrency = {} } = props;
    const variables = {
      ...props.variables,
      ...settings.environment,
      ...secretVariables(settings),
    };
    checkEnvironment(props.name, variables);
    this.logGroup = logGroup(this, 'Log', { environment: props.environment, key: props.logKey });
    const role = new Role(this, 'Role', {
      assumedBy: new ServicePrincipal('lambda.amazonaws.com'),
      description: `Gatehouse ${props.name}`,
    });
    role.addToPolicy(
      new PolicyStatement({
        actions: [...everyFunctionPermissions.log],
        resources: [this.logGroup.logGroupArn],
      }),
    );
    for (const grant of props.grants) allow(role, grant);
    for (const secret of Object.values(settings.secrets ?? {})) secret.grantRead(role);
    if (settings.vpc) role.addToPolicy(new PolicyStatement(networkInterfaces));
    this.function = inFolder(
      props.bundle,
      settings.assets,
      (folder) =>
        new lambda.Function(this, 'Function', {
          description: `Gatehouse ${props.name}`,
          code: lambda.Code.fromAsset(folder),
          handler: 'index.handler',
          runtime: lambda.Runtime.NODEJS_24_X,
          architecture: lambda.Architecture.ARM_64,
          memorySize: settings.memoryMegabytes ?? functionSettings[props.name].memoryMegabytes,
          timeout: Duration.seconds(settings.timeoutSeconds ?? props.timeoutSeconds),
          role,
          environment: variables,
          ...(concurrency.reserved !== undefined && {
            reservedConcurrentExecutions: concurrency.reserved,
          }),
          // On the version and not on the alias: an alias that keeps instances warm while its calls
          // are shifted is refused by Lambda, and left in a state that no later deployment mends.
          ...(concurrency.provisioned !== undefined && {
            currentVersionOptions: { provisionedConcurrentExecutions: concurrency.provisioned },
          }),
          ...(settings.vpc && networkOf(settings, settings.vpc)),
          // API Gateway decides which requests are traced. In active mode Lambda would also trace,
          // of the calls that come with no decision (of log lines, of a schedule, of Cognito), the
          // first of each second, and a trace costs more than a call.
          // X-Ray's two permissions come with this (everyFunctionPermissions.trace).
          tracing: lambda.Tracing.PASS_THROUGH,
          logGroup: this.logGroup,
          loggingFormat: lambda.LoggingFormat.JSON,
          applicationLogLevelV2: lasting
            ? lambda.ApplicationLogLevel.INFO
            : lambda.ApplicationLogLevel.DEBUG,
          // Without START, END and REPORT: nothing reads them, and each is paid for.
          systemLogLevelV2: lambda.SystemLogLevel.WARN,
        }),
    );
    const isAliased = props.isAliased || concurrency.provisioned !== undefined;
    this.alias = isAliased ? this.function.addAlias(liveAlias) : undefined;
    this.invoked = asFunction(this.alias ?? this.function);
    acknowledge(this, {
      'AwsSolutions-IAM5[Resource::*]':
        'X-Ray has no resource-level permissions, and tracing is the only statement with a wildcard.',
      'NIST.800.53.R5-IAMNoInlinePolicy':
        'The policy belongs to this one role and must not outlive it or be attached to another.',
      'NIST.800.53.R5-LambdaConcurrency':
        'Web ACL, method throttles and usage plans bound the calls; a reservation would take from the account and refuse logins first.',
      'NIST.800.53.R5-LambdaDLQ': noQueue,
      'Serverless-LambdaDLQ': noQueue,
      'Serverless-LambdaTracing':
        'Every request is traced that API Gateway has sampled; calls without a request lead nowhere.',
      'NIST.800.53.R5-LambdaInsideVPC':
        'It reaches only public AWS endpoints and metadata documents; a VPC would add a NAT gateway and nothing to defend.',
    });
  }
}

/** An alias is a function, which CDK's types do not say under strict settings. */
const asFunction = (construct: IConstruct): lambda.IFunction => {
  if (isFunction(construct)) return construct;
  throw new Error(`${construct.node.path} is no function.`);
};

const isFunction = (construct: IConstruct): construct is lambda.IFunction =>
  construct instanceof lambda.FunctionBase;

const noQueue =
  'Invocations are synchronous, but for those of the audit trail, whose lines stay where they were written, and of the schedule that keeps instances warm, which carry nothing.';

/**
 * What Lambda does with the role of a function in a VPC; it has no resource-level permissions.
 * https://docs.aws.amazon.com/lambda/latest/dg/configuration-vpc.html
 */
const networkInterfaces = {
  actions: [
    'ec2:CreateNetworkInterface',
    'ec2:DescribeNetworkInterfaces',
    'ec2:DescribeSubnets',
    'ec2:DeleteNetworkInterface',
    'ec2:AssignPrivateIpAddresses',
    'ec2:UnassignPrivateIpAddresses',
  ],
  resources: ['*'],
};

const networkOf = ({ vpcSubnets, securityGroups }: ToolSettings, vpc: IVpc) => ({
  vpc,
  ...(vpcSubnets && { vpcSubnets }),
  ...(securityGroups && { securityGroups: [...securityGroups] }),
});

const allow = (role: IGrantable, { sid, actions, resource, leadingKeys, attributes }: Permission) =>
  role.grantPrincipal.addToPrincipalPolicy(
    new PolicyStatement({
      ...(sid !== undefined && { sid }),
      actions: [...actions],
      resources: [resource],
      // `ForAllValues` holds where there is no key at all, as in a scan: so there must be one.
      ...(leadingKeys && {
        conditions: {
          'ForAllValues:StringLike': {
            'dynamodb:LeadingKeys': [...leadingKeys],
            ...(attributes && { 'dynamodb:Attributes': [...attributes] }),
          },
          Null: { 'dynamodb:LeadingKeys': 'false' },
        },
      }),
    }),
  );

/** CDK takes folders as assets, and copies one as soon as a function is made of it. */
const inFolder = <T>(
  { code, sourceMap }: Bundle,
  assets: string | undefined,
  use: (folder: string) => T,
): T => {
  const folder = mkdtempSync(join(tmpdir(), 'gatehouse-'));
  try {
    writeFileSync(join(folder, 'index.mjs'), code);
    // Where lambdas/logging/source-position.ts looks for it.
    writeFileSync(join(folder, 'index.mjs.map'), JSON.stringify(sourceMap));
    if (assets !== undefined)
      cpSync(assets, join(folder, 'assets'), { recursive: true, dereference: true });
    return use(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
};
