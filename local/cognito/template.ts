import * as z from 'zod';
import { StartupFailure } from '../failure.ts';
import { readProperties } from '../template/read-properties.ts';
import type { AppClient } from './app-client.ts';
import type { ResourceServer } from './configuration.ts';
import { cognitoFigures } from './figures.ts';
import { type PasswordPolicy, passwordPolicy } from './password-policy.ts';

/** CloudFormation takes "true" for true and "5" for 5. */
const boolean = z.union([z.boolean(), z.stringbool()]);
const number = z.coerce.number().int();

const unitSeconds = { seconds: 1, minutes: 60, hours: 3600, days: 24 * 3600 } as const;
const unit = z.enum(['seconds', 'minutes', 'hours', 'days']);

const clientProperties = z.object({
  ClientName: z.string().optional(),
  UserPoolId: z.string(),
  GenerateSecret: boolean.default(false),
  AllowedOAuthFlowsUserPoolClient: z.literal(
    true,
    'must be true, or the client may use no hosted domain',
  ),
  AllowedOAuthFlows: z
    .array(z.enum(['code', 'client_credentials'], 'is none of the flows that are emulated'))
    .length(1, 'Cognito lets no client have client_credentials beside another flow'),
  AllowedOAuthScopes: z.array(z.string()).min(1),
  CallbackURLs: z.array(z.string()).default([]),
  DefaultRedirectURI: z.string().optional(),
  SupportedIdentityProviders: z.array(z.string()).default([]),
  ExplicitAuthFlows: z.array(z.string()).default([]),
  PreventUserExistenceErrors: z
    .literal('ENABLED', 'the local runtime never tells who has an account')
    .default('ENABLED'),
  EnableTokenRevocation: boolean.default(true),
  RefreshTokenRotation: z
    .strictObject({
      Feature: z.enum(['ENABLED', 'DISABLED']),
      RetryGracePeriodSeconds: number.default(0),
    })
    .optional(),
  AccessTokenValidity: number.optional(),
  IdTokenValidity: number.optional(),
  RefreshTokenValidity: number.optional(),
  TokenValidityUnits: z
    .strictObject({
      AccessToken: unit.default('hours'),
      IdToken: unit.default('hours'),
      RefreshToken: unit.default('days'),
    })
    .default({ AccessToken: 'hours', IdToken: 'hours', RefreshToken: 'days' }),
});

const clientIgnored = {
  LogoutURLs: 'nothing of Gatehouse sends a browser to the logout page',
  AnalyticsConfiguration: 'Pinpoint analytics change no login',
  AuthSessionValidity: 'a bound on the steps of an API login, which is not emulated',
  EnablePropagateAdditionalUserContextData: 'threat protection is not emulated',
  ReadAttributes: 'attributes are read with aws.cognito.signin.user.admin, which no client has',
  WriteAttributes: 'and written with it',
} as const;

/** What makes of `AWS::Cognito::UserPoolClient` the client that the local runtime emulates. */
export const readAppClient = (
  logicalId: string,
  properties: unknown,
  identity: { readonly clientId: string; readonly clientSecret: string },
): AppClient => {
  const client = readProperties(
    logicalId,
    'AWS::Cognito::UserPoolClient',
    properties,
    clientProperties,
    clientIgnored,
  );
  const { TokenValidityUnits: units, RefreshTokenRotation: rotation } = client;
  if (
    client.DefaultRedirectURI !== undefined &&
    !client.CallbackURLs.includes(client.DefaultRedirectURI)
  ) {
    throw new StartupFailure(
      `Resource ${logicalId}: DefaultRedirectURI must be one of CallbackURLs.`,
    );
  }
  if (
    rotation?.Feature === 'ENABLED' &&
    client.ExplicitAuthFlows.includes('ALLOW_REFRESH_TOKEN_AUTH')
  ) {
    throw new StartupFailure(
      `Resource ${logicalId}: Cognito takes no ALLOW_REFRESH_TOKEN_AUTH beside refresh token rotation.`,
    );
  }
  const seconds = (
    validity: number | undefined,
    validityUnit: keyof typeof unitSeconds,
    fallback: number,
  ): number => (validity === undefined ? fallback : validity * unitSeconds[validityUnit]);
  return {
    clientId: identity.clientId,
    ...(client.GenerateSecret && { clientSecret: identity.clientSecret }),
    clientName: client.ClientName ?? logicalId,
    callbackUrls: client.CallbackURLs,
    flows: client.AllowedOAuthFlows,
    scopes: client.AllowedOAuthScopes,
    identityProviders: client.SupportedIdentityProviders,
    accessTokenSeconds: seconds(
      client.AccessTokenValidity,
      units.AccessToken,
      cognitoFigures.accessTokenSeconds,
    ),
    idTokenSeconds: seconds(client.IdTokenValidity, units.IdToken, cognitoFigures.idTokenSeconds),
    refreshTokenSeconds: seconds(
      client.RefreshTokenValidity,
      units.RefreshToken,
      cognitoFigures.refreshTokenSeconds,
    ),
    ...(rotation?.Feature === 'ENABLED' && {
      refreshRotation: { graceSeconds: rotation.RetryGracePeriodSeconds },
    }),
    explicitAuthFlows: client.ExplicitAuthFlows,
    tokenRevocation: client.EnableTokenRevocation,
  };
};

const resourceServerProperties = z.object({
  Identifier: z.string(),
  Name: z.string(),
  UserPoolId: z.string(),
  Scopes: z
    .array(z.strictObject({ ScopeName: z.string(), ScopeDescription: z.string() }))
    .default([]),
});

export const readResourceServer = (logicalId: string, properties: unknown): ResourceServer => {
  const server = readProperties(
    logicalId,
    'AWS::Cognito::UserPoolResourceServer',
    properties,
    resourceServerProperties,
    {},
  );
  return { identifier: server.Identifier, scopes: server.Scopes.map(({ ScopeName }) => ScopeName) };
};

const poolProperties = z.object({
  UsernameAttributes: z.tuple([z.literal('email')], 'only sign-in by email is emulated'),
  UsernameConfiguration: z
    .strictObject({ CaseSensitive: z.literal(false, 'addresses are compared without case') })
    .optional(),
  Policies: z.strictObject({ PasswordPolicy: passwordPolicy.optional() }).optional(),
  AdminCreateUserConfig: z
    .looseObject({ AllowAdminCreateUserOnly: boolean.default(false) })
    .optional(),
  LambdaConfig: z
    .strictObject({
      PreTokenGenerationConfig: z.strictObject({
        LambdaArn: z.string(),
        LambdaVersion: z.literal('V2_0', 'only version 2 of the trigger event is emulated'),
      }),
      PreSignUp: z.string().optional(),
    })
    .optional(),
});

const poolIgnored = {
  AccountRecoverySetting: 'people of the local runtime do not reset a password by themselves',
  AutoVerifiedAttributes: 'people of the local runtime have verified addresses',
  DeletionProtection: 'the local runtime forgets everything when it stops',
  EmailVerificationMessage: 'a mail is printed, in words of ours',
  EmailVerificationSubject: 'a mail is printed, in words of ours',
  EnabledMfas: 'the local runtime asks for no second factor',
  MfaConfiguration: 'the local runtime asks for no second factor',
  Schema: 'the local runtime keeps the attributes that it is given',
  SmsVerificationMessage: 'no message is sent',
  UserPoolName: 'a name',
  UserPoolTags: 'tags change no behaviour',
  UserPoolTier:
    'the local runtime emulates Essentials: managed login, resource binding, access-token customization',
  UserPoolAddOns: 'threat protection is not emulated',
  VerificationMessageTemplate: 'a mail is printed, in words of ours',
} as const;

interface TemplatePool {
  readonly preTokenGenerationArn?: string;
  readonly preSignUpArn?: string;
  readonly passwordPolicy?: PasswordPolicy;
  readonly selfSignUp: boolean;
}

/** Checks `AWS::Cognito::UserPool`, and gives the functions of its triggers if it has any. */
export const readUserPool = (logicalId: string, properties: unknown): TemplatePool => {
  const {
    LambdaConfig: lambda,
    Policies,
    AdminCreateUserConfig: creation,
  } = readProperties(logicalId, 'AWS::Cognito::UserPool', properties, poolProperties, poolIgnored);
  const policy = Policies?.PasswordPolicy;
  return {
    // Cognito's own default is that everybody may.
    selfSignUp: creation?.AllowAdminCreateUserOnly !== true,
    ...(lambda && { preTokenGenerationArn: lambda.PreTokenGenerationConfig.LambdaArn }),
    ...(lambda?.PreSignUp !== undefined && { preSignUpArn: lambda.PreSignUp }),
    ...(policy && { passwordPolicy: policy }),
  };
};

const groupProperties = z.object({ GroupName: z.string(), UserPoolId: z.string() });
const groupIgnored = {
  Description: 'words for people',
  Precedence: 'roles of groups are not emulated',
} as const;

export const readUserPoolGroup = (logicalId: string, properties: unknown): string =>
  readProperties(
    logicalId,
    'AWS::Cognito::UserPoolGroup',
    properties,
    groupProperties,
    groupIgnored,
  ).GroupName;

const domainProperties = z.object({
  Domain: z.string(),
  UserPoolId: z.string(),
  ManagedLoginVersion: number.optional(),
});

/** The prefix of the hosted domain. */
export const readUserPoolDomain = (logicalId: string, properties: unknown): string =>
  readProperties(logicalId, 'AWS::Cognito::UserPoolDomain', properties, domainProperties, {})
    .Domain;
