import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Key } from 'aws-cdk-lib/aws-kms';
import { Duration, Stack } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import type { Environment } from '../policy/deployment.ts';
import { removalPolicyOf } from './logs.ts';

/**
 * The one key that logs and alarm messages are encrypted with. Alarms cannot publish to a topic
 * under AWS's own SNS key.
 */
export class Encryption extends Construct {
  readonly key: Key;

  constructor(
    scope: Construct,
    id: string,
    { environment }: { readonly environment: Environment },
  ) {
    super(scope, id);
    const { partition, region, account } = Stack.of(this);
    this.key = new Key(this, 'Key', {
      description: 'Gatehouse: log groups and alarm messages',
      enableKeyRotation: true,
      pendingWindow: Duration.days(30),
      removalPolicy: removalPolicyOf(environment),
    });
    this.key.addToResourcePolicy(
      new PolicyStatement({
        // The regional name is the one that the key must let in.
        // https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/encrypt-log-data-kms.html
        principals: [new ServicePrincipal(`logs.${region}.amazonaws.com`)],
        actions: [
          'kms:Encrypt',
          'kms:Decrypt',
          'kms:ReEncrypt*',
          'kms:GenerateDataKey*',
          'kms:Describe*',
        ],
        resources: ['*'],
        conditions: {
          ArnLike: {
            'kms:EncryptionContext:aws:logs:arn': `arn:${partition}:logs:${region}:${account}:log-group:*`,
          },
        },
      }),
    );
    this.key.addToResourcePolicy(
      new PolicyStatement({
        principals: [new ServicePrincipal('cloudwatch.amazonaws.com')],
        actions: ['kms:Decrypt', 'kms:GenerateDataKey*'],
        resources: ['*'],
        conditions: { StringEquals: { 'aws:SourceAccount': account } },
      }),
    );
  }
}
