import { ManagedPolicy, PermissionsBoundary } from 'aws-cdk-lib/aws-iam';
import { Tags } from 'aws-cdk-lib/core';
import type { Construct } from 'constructs';
import type { Configuration } from './configuration.ts';

/** What an account asks of everything in it: tags for the bill, a boundary for every role. */
export const applyAccountRules = (
  scope: Construct,
  { tags, permissionsBoundary }: Pick<Configuration, 'tags' | 'permissionsBoundary'>,
): void => {
  // A dashboard takes tags in the newest resource model alone, and costs nothing that a tag explains.
  const excludeResourceTypes = ['AWS::CloudWatch::Dashboard'];
  for (const [key, value] of Object.entries(tags))
    Tags.of(scope).add(key, value, { excludeResourceTypes });
  if (permissionsBoundary === undefined) return;
  const policy = ManagedPolicy.fromManagedPolicyArn(scope, 'Boundary', permissionsBoundary);
  PermissionsBoundary.of(scope).apply(policy);
};
