import type { Cognito, CognitoConfiguration } from './configuration.ts';

export type { AppClient, Cognito, CognitoConfiguration, ResourceServer, User } from './configuration.ts';

/** Starts the stand-in for a user pool with its hosted domain. Rejects when the configuration could not be one of Cognito's. */
export declare const startCognito: (configuration: CognitoConfiguration) => Promise<Cognito>;
