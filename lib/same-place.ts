import { type ResourceEnvironment, Stack, Token } from 'aws-cdk-lib/core';
import type { Construct } from 'constructs';
import { ConfigurationError } from './configuration.ts';

/**
 * For what is used where it is: the deployment would fail half-way.
 * @param what - begins the sentence, with the property: `encryptionKey: the key`
 * @throws ConfigurationError for another region or account than the stack's, where both are known
 */
export const requireSamePlace = (
  scope: Construct,
  what: string,
  { region, account }: Partial<ResourceEnvironment>,
): void => {
  const stack = Stack.of(scope);
  for (const [its, ours] of [
    [region, stack.region],
    [account, stack.account],
  ]) {
    if (its === undefined || its === ours || [its, ours].some(Token.isUnresolved)) continue;
    throw new ConfigurationError(`${what} is in ${its}, and the stack in ${ours}`);
  }
};
