import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { Construct } from 'constructs';
import type { Environment } from '../../policy/deployment.ts';
import { timeouts } from '../../policy/limits.ts';
import type { Bundles } from '../bundle/bundle.ts';
import type { Configuration } from '../configuration.ts';
import { HandlerFunction } from '../handler-function.ts';

export interface TriggersProps {
  readonly environment: Environment;
  readonly bundles: Bundles['byFunction'];
  readonly settings: Pick<Configuration['identity'], 'signUp'>;
  readonly concurrency: Configuration['concurrency'];
  readonly logKey: IKey;
}

/** What Cognito asks at a login. They may know nothing of the pool, or the stack would be a cycle. */
export interface Triggers {
  /** Puts the address and the groups into access tokens (AUTH-10, AUTH-12). */
  readonly preTokenGeneration: HandlerFunction;
  /** Refuses who may not sign up. Only where some may. */
  readonly preSignUp: HandlerFunction | undefined;
}

export const makeTriggers = (
  scope: Construct,
  { environment, bundles, settings: { signUp }, concurrency, logKey }: TriggersProps,
): Triggers => {
  const make = (
    id: string,
    name: 'pre-token-generation' | 'pre-sign-up',
    variables: Readonly<Record<string, string>> = {},
  ) =>
    new HandlerFunction(scope, id, {
      name,
      environment,
      bundle: bundles[name],
      timeoutSeconds: timeouts.cognitoSeconds,
      // It writes no log line of its own.
      variables: { POWERTOOLS_SERVICE_NAME: name, ...variables },
      grants: [],
      concurrency: concurrency[name],
      logKey,
    });
  return {
    preTokenGeneration: make('PreTokenGeneration', 'pre-token-generation'),
    preSignUp:
      signUp.length === 0
        ? undefined
        : make('PreSignUp', 'pre-sign-up', { SIGN_UP_DOMAINS: signUp.join(',') }),
  };
};
