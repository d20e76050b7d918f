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
  { pool, loginUrl, trigger }: ExistingPool,
  preTokenGeneration: IFunction,
): IUserPool => {
  const userPool =
    typeof pool === 'string' ? UserPool.fromUserPoolId(scope, 'ExistingUserPool', pool) : pool;
  requireSamePlace(scope, userPool, loginUrl);
  preTokenGeneration.addPermission('ExistingUserPool', {
    principal: new ServicePrincipal('cognito-idp.amazonaws.com'),
    sourceArn: userPool.userPoolArn,
  });
  if (!trigger) Annotations.of(scope).addWarningV2('gatehouse:userPoolTrigger', withoutTrigger);
  Annotations.of(scope).addInfo(ownersPart);
  return userPool;
};

/** App clients are made where the stack is, and so is the function that the pool calls. */
const requireSamePlace = (
  scope: Construct,
  { userPoolId: id, env }: IUserPool,
  loginUrl: string,
): void => {
  const { region, account } = Stack.of(scope);
  const require = (key: string, what: string, its: string | undefined, ours: string): void => {
    if (its === undefined || its === ours || [its, ours].some(Token.isUnresolved)) return;
    const named = Token.isUnresolved(what) ? 'the user pool' : what;
    throw new ConfigurationError(
      `identity.userPool.${key}: ${named} is in ${its}, and the stack in ${ours}`,
    );
  };
  // `fromUserPoolId` takes the stack's region, whatever the id says.
  require('pool', id, regionOfId.exec(id)?.[1], region);
  require('pool', id, env.region, region);
  require('pool', id, env.account, account);
  require('loginUrl', loginUrl, regionOfPrefixDomain.exec(loginUrl)?.[1], region);
};

const regionOfId = /^([a-z]{2}(?:-[a-z]+)+-\d)_/;
const regionOfPrefixDomain = /\.auth\.([a-z0-9-]+)\.amazoncognito\.com$/;

const withoutTrigger =
  'Tools get no email address of callers, and only the groups that Cognito itself has (cognito:groups), until the owner of the existing user pool makes ' +
  "mcp.preTokenGeneration its pre-token-generation trigger, version 2 (it may be called already). Then say so: identity.userPool.trigger: true. docs/company.md, 'An existing user pool'.";

const ownersPart =
  "Sign-up, passwords, MFA, threat protection, identity providers and the web ACL of the existing user pool are its owner's. It needs the Essentials or " +
  'Plus plan: on Lite no token has an audience, and every call is refused.';
