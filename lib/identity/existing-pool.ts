import { type IUserPool, UserPool } from 'aws-cdk-lib/aws-cognito';
import { ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import { Annotations, Stack, Token } from 'aws-cdk-lib/core';
import type { Construct } from 'constructs';
import { ConfigurationError } from '../configuration.ts';
import type { ExistingPool } from './existing-pool-settings.ts';

/**
 * Somebody else's pool. It is read by its id alone: whatever set one of its properties
 * (UpdateUserPool) would reset all others, so its trigger is its owner's to set.
 */
export const importedPool = (
  scope: Construct,
  { pool, trigger }: ExistingPool,
  preTokenGeneration: IFunction,
): IUserPool => {
  const userPool = typeof pool === 'string' ? byId(scope, pool) : pool;
  preTokenGeneration.addPermission('ExistingUserPool', {
    principal: new ServicePrincipal('cognito-idp.amazonaws.com'),
    sourceArn: userPool.userPoolArn,
  });
  if (!trigger) Annotations.of(scope).addWarningV2('gatehouse:userPoolTrigger', withoutTrigger);
  Annotations.of(scope).addInfo(ownersPart);
  return userPool;
};

const byId = (scope: Construct, id: string): IUserPool => {
  const { region } = Stack.of(scope);
  const own = id.split('_')[0];
  if (!Token.isUnresolved(id) && !Token.isUnresolved(region) && own !== region)
    throw new ConfigurationError(
      `identity.userPool.pool: ${id} is in ${own}, and the stack in ${region}`,
    );
  return UserPool.fromUserPoolId(scope, 'ExistingUserPool', id);
};

const withoutTrigger =
  'Tools get no email address of callers, and only the groups that Cognito itself has (cognito:groups), until the owner of the existing user pool makes ' +
  "mcp.preTokenGeneration its pre-token-generation trigger, version 2 (it may be called already). Then say so: identity.userPool.trigger: true. docs/company.md, 'An existing user pool'.";

const ownersPart =
  "Sign-up, passwords, MFA, threat protection, identity providers and the web ACL of the existing user pool are its owner's. It needs the Essentials or " +
  'Plus plan: on Lite no token has an audience, and every call is refused.';
