import type { IKey } from 'aws-cdk-lib/aws-kms';
import { CfnLogGroup, LogGroup, type LogGroupProps } from 'aws-cdk-lib/aws-logs';
import { RemovalPolicy } from 'aws-cdk-lib/core';
import type { Construct } from 'constructs';
import type { Environment } from '../policy/deployment.ts';
import { lifetimes } from '../policy/lifetimes.ts';

export interface LogsProps {
  readonly environment: Environment;
  /** Undefined where a service writes to no log group under a key of the account. */
  readonly key: IKey | undefined;
  /** Only where a service demands a prefix; it must carry the stack's own id. */
  readonly logGroupName?: LogGroupProps['logGroupName'];
}

/**
 * What production leaves behind when a stack is deleted or a part replaced. Not when a *creation*
 * fails: `Retain` would keep what the failed attempt made, and the next attempt would meet it.
 */
export const removalPolicyOf = (environment: Environment): RemovalPolicy =>
  environment === 'production' ? RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE : RemovalPolicy.DESTROY;

/** Every log group is made here: encrypted, and kept as long as policy/lifetimes says. */
export const logGroup = (
  scope: Construct,
  id: string,
  { environment, key, logGroupName }: LogsProps,
): LogGroup => {
  const group = new LogGroup(scope, id, {
    ...(logGroupName !== undefined && { logGroupName }),
    ...(key !== undefined && { encryptionKey: key }),
    removalPolicy: removalPolicyOf(environment),
  });
  // Days as a number: the enum of CDK has no value for each figure that the policy may state.
  resourceOf(group).retentionInDays = lifetimes.logRetentionDays;
  return group;
};

/** The CloudFormation resource of a log group. */
export const resourceOf = ({ node: { defaultChild } }: LogGroup): CfnLogGroup => {
  if (!(defaultChild instanceof CfnLogGroup))
    throw new Error('A log group is made of no resource.');
  return defaultChild;
};
