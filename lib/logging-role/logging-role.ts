import { PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import { CustomResource, Duration, Stack } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import type { Environment } from '../../policy/deployment.ts';
import { functionSettings } from '../../policy/functions.ts';
import { acknowledge } from '../acknowledge.ts';
import { logGroup } from '../logs.ts';
import { handlerCode } from './handler-code.ts';

export interface LoggingRoleProps {
  readonly environment: Environment;
  readonly logKey: IKey;
}

/**
 * API Gateway writes logs with one role for the whole account and region, and refuses a stage with
 * an access log where there is none: so a fresh account could not deploy. CloudFormation's
 * `AWS::ApiGateway::Account` would overwrite the role of everybody else, and take it away again.
 *
 * This makes the role only where the account has none, and leaves it when the stack goes, because
 * other APIs may write with it by then.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-logging.html
 */
export class LoggingRole extends Construct {
  /** What a stage with an access log must wait for. */
  readonly made: CustomResource;

  constructor(scope: Construct, id: string, { environment, logKey }: LoggingRoleProps) {
    super(scope, id);
    const { partition, account, region } = Stack.of(this);
    const roleName = `gatehouse-api-gateway-logs-${region}`;
    const roleArn = `arn:${partition}:iam::${account}:role/${roleName}`;
    const policyArn = `arn:${partition}:iam::aws:policy/service-role/AmazonAPIGatewayPushToCloudWatchLogs`;
    const log = logGroup(this, 'Log', { environment, key: logKey });
    const role = new Role(this, 'Role', {
      assumedBy: new ServicePrincipal('lambda.amazonaws.com'),
      description: 'Gatehouse logging-role',
    });
    for (const statement of [
      {
        actions: ['logs:CreateLogStream', 'logs:PutLogEvents'],
        resources: [log.logGroupArn],
      },
      {
        actions: ['apigateway:GET', 'apigateway:PATCH'],
        resources: [`arn:${partition}:apigateway:${region}::/account`],
      },
      { actions: ['iam:CreateRole'], resources: [roleArn] },
      {
        actions: ['iam:AttachRolePolicy'],
        resources: [roleArn],
        conditions: { ArnEquals: { 'iam:PolicyARN': policyArn } },
      },
      {
        actions: ['iam:PassRole'],
        resources: [roleArn],
        conditions: { StringEquals: { 'iam:PassedToService': 'apigateway.amazonaws.com' } },
      },
    ])
      role.addToPolicy(new PolicyStatement(statement));
    const handler = new lambda.Function(this, 'Function', {
      description: 'Gatehouse logging-role',
      code: lambda.Code.fromInline(handlerCode),
      handler: 'index.handler',
      runtime: lambda.Runtime.NODEJS_24_X,
      architecture: lambda.Architecture.ARM_64,
      memorySize: functionSettings.health.memoryMegabytes,
      timeout: Duration.minutes(2),
      role,
      logGroup: log,
      loggingFormat: lambda.LoggingFormat.JSON,
      systemLogLevelV2: lambda.SystemLogLevel.WARN,
    });
    this.made = new CustomResource(this, 'Made', {
      serviceToken: handler.functionArn,
      resourceType: 'Custom::ApiGatewayLoggingRole',
      serviceTimeout: Duration.minutes(3),
      properties: { RoleName: roleName, RoleArn: roleArn, PolicyArn: policyArn },
    });
    this.made.node.addDependency(role);
    acknowledge(this, {
      'NIST.800.53.R5-IAMNoInlinePolicy':
        'The policy belongs to this one role and must not outlive it or be attached to another.',
      'NIST.800.53.R5-LambdaConcurrency': 'It runs when the stack is created, and then no more.',
      'NIST.800.53.R5-LambdaDLQ': 'CloudFormation waits for its answer, and says what failed.',
      'Serverless-LambdaDLQ': 'CloudFormation waits for its answer, and says what failed.',
      'Serverless-LambdaTracing': 'It runs when the stack is created, and then no more.',
      'NIST.800.53.R5-LambdaInsideVPC': 'It reaches only public AWS endpoints.',
    });
  }
}
