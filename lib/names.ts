import { Aws, Fn, Names, Stack } from 'aws-cdk-lib/core';
import type { Construct } from 'constructs';
import { deploymentNameCharacters } from '../policy/deployment.ts';

/**
 * A name for what AWS names once for all regions (CloudFront's policies): by stack, construct and
 * region, so that the same stack can stand in a second region.
 */
export const globalName = (scope: Construct, id: string): string =>
  `${Names.uniqueResourceName(scope, { maxLength: 60 })}-${id}-${Aws.REGION}`;

/** The stack's own id: a new one for each creation, eight hexadecimal digits. */
const stackId = (): string =>
  Fn.select(0, Fn.split('-', Fn.select(2, Fn.split('/', Aws.STACK_ID))));

/**
 * What tells this creation of this construct from every other: the stack's id and a part of the
 * construct's address. Lower case, 17 characters, no account id (ERR-1).
 */
export const creationId = (scope: Construct): string => `${stackId()}-${scope.node.addr.slice(-8)}`;

/**
 * What tells two Gatehouses apart, in one stack or in several: for people and for metrics. Ids of
 * constructs may hold what names of metrics may not, and a nested stack gets its name at the
 * deployment alone, so its path stands for it.
 */
export const deploymentName = (scope: Construct): string => {
  const stack = topStackOf(Stack.of(scope));
  const path = scope.node.path.slice(stack.node.path.length + 1);
  const name = `${stack.stackName}-${path.replaceAll(/[^\w-]+/g, '-')}`;
  if (name.length <= deploymentNameCharacters) return name;
  const address = scope.node.addr.slice(-8);
  return `${name.slice(0, deploymentNameCharacters - address.length - 1)}-${address}`;
};

const topStackOf = (stack: Stack): Stack =>
  stack.nestedStackParent === undefined ? stack : topStackOf(stack.nestedStackParent);
