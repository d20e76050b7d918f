/**
 * The pre-token-generation trigger's event, version 2.
 * https://docs.aws.amazon.com/cognito/latest/developerguide/user-pool-lambda-pre-token-generation.html
 */
export interface PreTokenGenerationEvent {
  readonly version: '2';
  readonly triggerSource: 'TokenGeneration_HostedAuth' | 'TokenGeneration_RefreshTokens';
  readonly region: string;
  readonly userPoolId: string;
  readonly userName: string;
  readonly callerContext: { readonly awsSdkVersion: string; readonly clientId: string };
  readonly request: {
    readonly userAttributes: Readonly<Record<string, string>>;
    readonly groupConfiguration: {
      readonly groupsToOverride: readonly string[];
      readonly iamRolesToOverride: readonly string[];
      readonly preferredRole: null;
    };
    readonly scopes: readonly string[];
  };
  readonly response: { readonly claimsAndScopeOverrideDetails: null };
}

/** Calls the function and gives back what it returned, unchecked. */
export type PreTokenGeneration = (event: PreTokenGenerationEvent) => Promise<unknown>;
