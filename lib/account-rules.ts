import { ManagedPolicy, PermissionsBoundary } from 'aws-cdk-lib/aws-iam';
import { Tags } from 'aws-cdk-lib/core';
import type { Construct } from 'constructs';
import type { Configuration } from './configuration.ts';

/** What an account asks of everything in it: tags for the bill, a boundary for every role. */
export const applyAccountRules = (
  scope: Construct,
  { tags, permissionsBoundary }: Pick<Configuration, 'tags' | 'permissionsBoundary'>,
): void => {
  for (const [key, value] of Object.entries(tags)) Tags.of(scope).add(key, value);
  if (permissionsBoundary === undefined) return;
  const policy = ManagedPolicy.fromManagedPolicyArn(scope, 'Boundary', permissionsBoundary);
  PermissionsBoundary.of(scope).apply(policy);
};
