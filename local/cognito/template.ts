import type { AppClient, ResourceServer } from './configuration.ts';

/**
 * What the stand-in makes of the template's resolved `AWS::Cognito::*` properties. A property that it does not know,
 * or a value that it cannot play, is an error that names the resource and the property.
 */
export declare const readAppClient: (
  logicalId: string,
  properties: unknown,
  identity: { readonly clientId: string; readonly clientSecret: string },
) => AppClient;

export declare const readResourceServer: (logicalId: string, properties: unknown) => ResourceServer;

/** Checks `AWS::Cognito::UserPool` and gives what matters here: how people sign in, and the trigger's function ARN. */
export declare const readUserPool: (
  logicalId: string,
  properties: unknown,
) => { readonly signInByEmail: boolean; readonly preTokenGenerationArn?: string };

/** The prefix of the hosted domain. */
export declare const readUserPoolDomain: (logicalId: string, properties: unknown) => string;
