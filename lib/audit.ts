import { CfnRule } from 'aws-cdk-lib/aws-events';
import { PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { CfnDeliveryStream } from 'aws-cdk-lib/aws-kinesisfirehose';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { CfnPermission } from 'aws-cdk-lib/aws-lambda';
import { CfnSubscriptionFilter, type LogGroup } from 'aws-cdk-lib/aws-logs';
import { Aws, Stack } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import { auditTrail } from '../policy/audit-trail.ts';
import type { Environment } from '../policy/deployment.ts';
import { timeouts } from '../policy/limits.ts';
import { acknowledge } from './acknowledge.ts';
import type { Bundle } from './bundle/build.ts';
import type { Configuration } from './configuration.ts';
import type { Concurrency } from './gatehouse-props.ts';
import { HandlerFunction } from './handler-function.ts';
import { resourceOf } from './logs.ts';
import type { TrailBucket } from './trail-bucket.ts';

export interface AuditTrailProps {
  readonly environment: Environment;
  readonly settings: Configuration['audit'];
  readonly bundle: Bundle;
  /** The functions whose lines are taken over. */
  readonly writers: readonly HandlerFunction[];
  readonly concurrency?: Concurrency | undefined;
  /** A part of the objects' names in the bucket. */
  readonly deployment: string;
  readonly logKey: IKey;
}

/** What marks a line of the trail among a function's others. */
const trailLines = '{ $.trail = "*" }';

/**
 * LOG-6: the audit trail. The functions write its lines among their others, which costs a call
 * nothing; subscriptions take them to a function whose own log group is the trail.
 * docs/decisions/0013 weighs the other ways.
 */
export class AuditTrail extends Construct {
  readonly function: HandlerFunction;

  constructor(scope: Construct, id: string, props: AuditTrailProps) {
    super(scope, id);
    const { environment, settings, bundle, writers, logKey } = props;
    this.function = new HandlerFunction(this, 'Writer', {
      name: 'audit-trail',
      environment,
      bundle,
      timeoutSeconds: timeouts.auditTrailSeconds,
      variables: { POWERTOOLS_SERVICE_NAME: 'audit-trail' },
      grants: [],
      concurrency: props.concurrency,
      logKey,
    });
    for (const writer of writers) this.subscribe(writer);
    this.recordDeployments();
    if (settings.bucket !== undefined) this.deliver(settings.bucket, props);
  }

  /** Log group of the trail. */
  get logGroup(): LogGroup {
    return this.function.logGroup;
  }

  /** Apart from that of all other log groups. */
  keep(days: number): void {
    resourceOf(this.logGroup).retentionInDays = days;
  }

  /** As cdk-nag names a resource: a reference to one of the same stack is `<Bucket.Arn>`. */
  private asRulesSay(arn: string): string {
    const found: unknown = Stack.of(this).resolve(arn);
    if (typeof found === 'string') return found;
    const reference = /^\{"Fn::GetAtt":\["(\w+)","(\w+)"\]\}$/.exec(JSON.stringify(found));
    return reference === null ? '<elsewhere>' : `<${reference.slice(1).join('.')}>`;
  }

  private subscribe({ name, logGroup }: HandlerFunction): void {
    const permission = this.permit(`From-${name}`, 'logs.amazonaws.com', logGroup.logGroupArn);
    // CloudWatch Logs tries the destination out when a subscription is made.
    new CfnSubscriptionFilter(this, `Lines-${name}`, {
      logGroupName: logGroup.logGroupName,
      filterPattern: trailLines,
      destinationArn: this.function.function.functionArn,
    }).node.addDependency(permission);
  }

  /** What CloudFormation does to this stack; who asked for it stands in CloudTrail alone. */
  private recordDeployments(): void {
    const rule = new CfnRule(this, 'Deployments', {
      description: 'Gatehouse: deployments, for the audit trail',
      eventPattern: {
        source: ['aws.cloudformation'],
        'detail-type': ['CloudFormation Stack Status Change'],
        detail: { 'stack-id': [Aws.STACK_ID] },
      },
      targets: [{ id: 'AuditTrail', arn: this.function.function.functionArn }],
    });
    acknowledge(rule, {
      'Serverless-EventBusDLQ':
        'EventBridge tries the function for a day; what is lost even so stands in CloudTrail.',
    });
    this.permit('From-deployments', 'events.amazonaws.com', rule.attrArn);
  }

  private permit(id: string, principal: string, sourceArn: string): CfnPermission {
    return new CfnPermission(this, id, {
      action: 'lambda:InvokeFunction',
      functionName: this.function.function.functionArn,
      principal,
      sourceArn,
      // An event rule's ARN holds the account; a log group's name could be another's too.
      ...(principal.startsWith('logs.') && { sourceAccount: Aws.ACCOUNT_ID }),
    });
  }

  /** Copies the trail into a bucket, which may lock what comes in for as long as its owner says. */
  private deliver(bucket: string | TrailBucket, { deployment }: AuditTrailProps): void {
    const bucketArn = typeof bucket === 'string' ? bucket : bucket.bucketArn;
    const { partition, region, account } = Stack.of(this);
    const prefix = `${auditTrail.bucketPrefix}/${deployment}`;
    const writer = new Role(this, 'BucketWriter', {
      description: 'Gatehouse audit trail: writes to the bucket',
      assumedBy: new ServicePrincipal('firehose.amazonaws.com', {
        conditions: { StringEquals: { 'aws:SourceAccount': account } },
      }),
    });
    writer.addToPolicy(
      new PolicyStatement({
        actions: ['s3:PutObject', 's3:AbortMultipartUpload'],
        resources: [`${bucketArn}/${prefix}/*`],
      }),
    );
    writer.addToPolicy(
      new PolicyStatement({
        actions: ['s3:GetBucketLocation', 's3:ListBucketMultipartUploads'],
        resources: [bucketArn],
      }),
    );
    // A bucket that is named by its ARN has its key elsewhere, and nobody here can see it.
    if (typeof bucket !== 'string')
      bucket.encryptionKey?.grant(writer, 'kms:GenerateDataKey', 'kms:Decrypt');
    const { seconds, megabytes } = auditTrail.bucketBuffer;
    const stream = new CfnDeliveryStream(this, 'ToBucket', {
      deliveryStreamType: 'DirectPut',
      deliveryStreamEncryptionConfigurationInput: { keyType: 'AWS_OWNED_CMK' },
      extendedS3DestinationConfiguration: {
        bucketArn,
        roleArn: writer.roleArn,
        prefix: `${prefix}/!{timestamp:yyyy/MM/dd}/`,
        errorOutputPrefix: `${prefix}/undelivered/!{firehose:error-output-type}/!{timestamp:yyyy/MM/dd}/`,
        bufferingHints: { intervalInSeconds: seconds, sizeInMBs: megabytes },
        compressionFormat: 'GZIP',
        // CloudWatch Logs hands over batches of its own form, packed: here they become lines.
        processingConfiguration: {
          enabled: true,
          processors: [
            {
              type: 'Decompression',
              parameters: [{ parameterName: 'CompressionFormat', parameterValue: 'GZIP' }],
            },
            {
              type: 'CloudWatchLogProcessing',
              parameters: [{ parameterName: 'DataMessageExtraction', parameterValue: 'true' }],
            },
          ],
        },
      },
    });
    stream.node.addDependency(writer);
    const sender = new Role(this, 'BucketSender', {
      description: 'Gatehouse audit trail: hands lines over',
      assumedBy: new ServicePrincipal('logs.amazonaws.com', {
        conditions: {
          StringLike: { 'aws:SourceArn': `arn:${partition}:logs:${region}:${account}:*` },
        },
      }),
    });
    sender.addToPolicy(
      new PolicyStatement({
        actions: ['firehose:PutRecord', 'firehose:PutRecordBatch'],
        resources: [stream.attrArn],
      }),
    );
    new CfnSubscriptionFilter(this, 'Copy', {
      logGroupName: this.logGroup.logGroupName,
      filterPattern: trailLines,
      destinationArn: stream.attrArn,
      roleArn: sender.roleArn,
    }).node.addDependency(sender);
    const inline = {
      'NIST.800.53.R5-IAMNoInlinePolicy':
        'The policy belongs to this one role and must not outlive it or be attached to another.',
    };
    acknowledge(sender, inline);
    acknowledge(writer, {
      ...inline,
      [`AwsSolutions-IAM5[Resource::${this.asRulesSay(bucketArn)}/${prefix}/*]`]:
        "Firehose names the objects by the time; the prefix is the trail's own.",
    });
  }
}
