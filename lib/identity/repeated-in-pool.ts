import {
  CfnUserPoolIdentityProvider,
  CfnUserPoolResourceServer,
  type IUserPool,
} from 'aws-cdk-lib/aws-cognito';
import { Stack } from 'aws-cdk-lib/core';
import type { Construct, IConstruct } from 'constructs';

/**
 * What a user pool would be given twice under one name: a line each. Cognito refuses the second, and
 * CloudFormation hears of it in the middle of a deployment.
 */
export const repeatedInPool = (scope: Construct, userPool: IUserPool): string[] => {
  const pool = poolOf(scope, userPool.userPoolId);
  const lines = scope.node.root.node.findAll().flatMap((construct) => lineOf(construct, pool));
  return [...new Set(lines.filter((line, index) => lines.indexOf(line) < index))];
};

const lineOf = (construct: IConstruct, pool: string): string[] => {
  const isOurs = ({ userPoolId }: { readonly userPoolId: string }) =>
    poolOf(construct, userPoolId) === pool;
  if (construct instanceof CfnUserPoolIdentityProvider && isOurs(construct))
    return [
      `The user pool gets an identity provider ${construct.providerName} twice: give one of them another name`,
    ];
  if (construct instanceof CfnUserPoolResourceServer && isOurs(construct))
    return [
      `The user pool gets a resource server ${construct.identifier} twice: it can serve one deployment only`,
    ];
  return [];
};

/** An id is the same everywhere, a reference in its stack alone. */
const poolOf = (construct: IConstruct, userPoolId: string): string => {
  const stack = Stack.of(construct);
  const id: unknown = stack.resolve(userPoolId);
  return typeof id === 'string' ? id : `${stack.node.path} ${JSON.stringify(id)}`;
};
