import { CfnLogDeliveryConfiguration, type IUserPool } from 'aws-cdk-lib/aws-cognito';
import type { LogGroup } from 'aws-cdk-lib/aws-logs';
import { ArnFormat, Stack } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import type { Environment } from '../../policy/deployment.ts';
import { loginLogPrefix } from '../../policy/identity.ts';
import { acknowledge } from '../acknowledge.ts';
import { logGroup } from '../logs.ts';
import { creationId } from '../names.ts';

export interface LoginLogProps {
  readonly environment: Environment;
  readonly userPool: IUserPool;
}

/**
 * What threat protection saw of each login, sign-up and change of a password, which Cognito exports
 * on the Plus plan alone.
 * https://docs.aws.amazon.com/cognito/latest/developerguide/exporting-quotas-and-usage.html
 */
export class LoginLog extends Construct {
  readonly logGroup: LogGroup;

  constructor(scope: Construct, id: string, { environment, userPool }: LoginLogProps) {
    super(scope, id);
    this.logGroup = logGroup(this, 'Group', {
      environment,
      // Cognito refuses a group under a key of the account: CloudWatch Logs encrypts it with its own.
      key: undefined,
      // The prefix keeps AWS from writing a longer and longer resource policy; the stack's own id
      // keeps a group that an earlier stack left behind out of the way.
      logGroupName: `${loginLogPrefix}${creationId(this)}`,
    });
    acknowledge(this.logGroup, {
      'NIST.800.53.R5-CloudWatchLogGroupEncrypted':
        'Cognito exports to no log group under a key of the account; CloudWatch Logs encrypts this one with a key of its own.',
    });
    new CfnLogDeliveryConfiguration(this, 'Delivery', {
      userPoolId: userPool.userPoolId,
      logConfigurations: [
        {
          eventSource: 'userAuthEvents',
          logLevel: 'INFO',
          cloudWatchLogsConfiguration: {
            // The API refuses the trailing `:*` that a log group's own ARN has.
            logGroupArn: Stack.of(this).formatArn({
              service: 'logs',
              resource: 'log-group',
              resourceName: this.logGroup.logGroupName,
              arnFormat: ArnFormat.COLON_RESOURCE_NAME,
            }),
          },
        },
      ],
    });
  }
}
