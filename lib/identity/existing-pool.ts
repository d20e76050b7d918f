import { type IUserPool, UserPool } from 'aws-cdk-lib/aws-cognito';
import { ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import { Annotations, Token } from 'aws-cdk-lib/core';
import type { Construct } from 'constructs';
import { requireSamePlace } from '../same-place.ts';
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
  requireBeside(scope, userPool, loginUrl);
  preTokenGeneration.addPermission('ExistingUserPool', {
    principal: new ServicePrincipal('cognito-idp.amazonaws.com'),
    sourceArn: userPool.userPoolArn,
  });
  if (!trigger) Annotations.of(scope).addWarningV2('gatehouse:userPoolTrigger', withoutTrigger);
  Annotations.of(scope).addInfo(ownersPart);
  return userPool;
};

/** App clients are made where the stack is, and so is the function that the pool calls. */
const requireBeside = (
  scope: Construct,
  { userPoolId: id, env }: IUserPool,
  loginUrl: string,
): void => {
  const pool = `identity.userPool.pool: ${Token.isUnresolved(id) ? 'the user pool' : id}`;
  // `fromUserPoolId` takes the stack's region, whatever the id says.
  requireSamePlace(scope, pool, regionIn(regionOfId, id));
  requireSamePlace(scope, pool, env);
  const login = `identity.userPool.loginUrl: ${loginUrl}`;
  requireSamePlace(scope, login, regionIn(regionOfPrefixDomain, loginUrl));
};

const regionIn = (shape: RegExp, text: string) => {
  const region = shape.exec(text)?.[1];
  return region === undefined ? {} : { region };
};

const regionOfId = /^([a-z]{2}(?:-[a-z]+)+-\d)_/;
const regionOfPrefixDomain = /\.auth\.([a-z0-9-]+)\.amazoncognito\.com$/;

const withoutTrigger =
  'Tools get no email address of callers, and only the groups that Cognito itself has (cognito:groups), until the owner of the existing user pool makes ' +
  "mcp.preTokenGeneration its pre-token-generation trigger, version 2 (it may be called already). Then say so: identity.userPool.trigger: true. docs/company.md, 'An existing user pool'.";

const ownersPart =
  "Sign-up, passwords, MFA, threat protection, identity providers and the web ACL of the existing user pool are its owner's. It needs the Essentials or " +
  'Plus plan: on Lite no token has an audience, and every call is refused.';
