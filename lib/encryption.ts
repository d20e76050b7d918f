import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { type IKey, Key } from 'aws-cdk-lib/aws-kms';
import { Annotations, Duration, Stack } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import type { Environment } from '../policy/deployment.ts';
import { removalPolicyOf } from './logs.ts';
import { requireSamePlace } from './same-place.ts';

export interface EncryptionProps {
  readonly environment: Environment;
  /** A key of the team's own. @default one is made */
  readonly given?: IKey | undefined;
}

/** An imported key has its policy elsewhere, and nobody here can see it. */
const importedKey =
  'The policy of an imported encryptionKey cannot be changed from here. Let logs.<region>.amazonaws.com encrypt and decrypt ' +
  'for the log groups of this account, and cloudwatch.amazonaws.com decrypt and generate data keys, or the deployment fails and alarms reach nobody.';

/**
 * The one key that logs and alarm messages are encrypted with. Alarms cannot publish to a topic
 * under AWS's own SNS key.
 */
export class Encryption extends Construct {
  readonly key: IKey;

  constructor(scope: Construct, id: string, { environment, given }: EncryptionProps) {
    super(scope, id);
    if (given) requireSamePlace(this, 'encryptionKey: the key', given.env);
    this.key =
      given ??
      new Key(this, 'Key', {
        description: 'Gatehouse: log groups and alarm messages',
        enableKeyRotation: true,
        pendingWindow: Duration.days(30),
        removalPolicy: removalPolicyOf(environment),
      });
    const added = this.allow().map((statement) => this.key.addToResourcePolicy(statement));
    if (added.some(({ statementAdded }) => !statementAdded))
      Annotations.of(this).addWarningV2('gatehouse:keyPolicy', importedKey);
  }

  /** What the services need that encrypt with the key. */
  private allow(): readonly PolicyStatement[] {
    const { partition, region, account } = Stack.of(this);
    return [
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
      new PolicyStatement({
        principals: [new ServicePrincipal('cloudwatch.amazonaws.com')],
        actions: ['kms:Decrypt', 'kms:GenerateDataKey*'],
        resources: ['*'],
        conditions: { StringEquals: { 'aws:SourceAccount': account } },
      }),
    ];
  }
}
