import { Aws, Fn, Names, Stack } from 'aws-cdk-lib/core';
import type { Construct } from 'constructs';

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

/** What tells two Gatehouses apart, in one stack or in several: for people and for metrics. */
export const deploymentName = (scope: Construct): string =>
  `${Stack.of(scope).stackName}-${pathInStack(scope).replaceAll('/', '-')}`;

const pathInStack = ({ node }: Construct): string =>
  node.path.slice(Stack.of(node.scope ?? node.root).node.path.length + 1);
