import type { AppClient } from '../app-client.ts';

/**
 * The pre-sign-up trigger's event, of somebody whom a provider sends for the first time or who signs
 * up.
 * https://docs.aws.amazon.com/cognito/latest/developerguide/user-pool-lambda-pre-sign-up.html
 */
export interface PreSignUpEvent {
  readonly version: '1';
  readonly triggerSource: 'PreSignUp_ExternalProvider' | 'PreSignUp_SignUp';
  readonly region: string;
  readonly userPoolId: string;
  readonly userName: string;
  readonly callerContext: { readonly awsSdkVersion: string; readonly clientId: string };
  readonly request: {
    readonly userAttributes: Readonly<Record<string, string>>;
    readonly validationData: Readonly<Record<string, string>>;
  };
  readonly response: {
    readonly autoConfirmUser: false;
    readonly autoVerifyEmail: false;
    readonly autoVerifyPhone: false;
  };
}

/** Calls the function; rejects when it refuses. */
export type PreSignUp = (event: PreSignUpEvent) => Promise<unknown>;

interface EventPool {
  readonly region: string;
  readonly userPoolId: string;
}

export const preSignUpEvent = (
  pool: EventPool,
  { clientId }: Pick<AppClient, 'clientId'>,
  userName: string,
  userAttributes: Readonly<Record<string, string>>,
  triggerSource: PreSignUpEvent['triggerSource'] = 'PreSignUp_ExternalProvider',
): PreSignUpEvent => ({
  version: '1',
  triggerSource,
  region: pool.region,
  userPoolId: pool.userPoolId,
  userName,
  callerContext: { awsSdkVersion: 'aws-sdk-unknown-unknown', clientId },
  request: { userAttributes, validationData: {} },
  response: { autoConfirmUser: false, autoVerifyEmail: false, autoVerifyPhone: false },
});
