import {
  AccountRecovery,
  CfnManagedLoginBranding,
  CfnUserPoolClient,
  FeaturePlan,
  LambdaVersion,
  ManagedLoginVersion,
  Mfa,
  ResourceServerScope,
  StandardThreatProtectionMode,
  UserPool,
  UserPoolDomain,
  UserPoolOperation,
  UserPoolResourceServer,
} from 'aws-cdk-lib/aws-cognito';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import { Duration, Lazy } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import type { ClientProfile } from '../policy/clients.ts';
import type { Environment } from '../policy/deployment.ts';
import { brandingStylesPerPool, loginSettings, passwordPolicy } from '../policy/identity.ts';
import { resourceServer, scopes } from '../policy/scopes.ts';
import { acknowledge } from './acknowledge.ts';
import { type Configuration, ConfigurationError } from './configuration.ts';
import { removalPolicyOf } from './logs.ts';
import { creationId } from './names.ts';
import type { PublicUrl } from './public-url.ts';

export interface IdentityProps {
  readonly environment: Environment;
  readonly profiles: readonly ClientProfile[];
  readonly url: PublicUrl;
  /**
   * Puts `email` into access tokens (AUTH-10). It may know nothing of the pool or its clients, or
   * the stack would be a cycle.
   */
  readonly preTokenGeneration: IFunction;
  readonly settings: Configuration['identity'];
  /** The local runtime emulates the pool itself and no provider: its own user logs in. */
  readonly isLocal: boolean;
}

/**
 * Cognito: holds the passwords and signs the tokens. One confidential app client a client profile,
 * our callback only.
 */
export class Identity extends Construct {
  readonly userPool: UserPool;
  /** `https://<prefix>.auth.<region>.amazoncognito.com` */
  readonly domainUrl: string;
  /** App client ids by profile name. */
  readonly clientIds: Readonly<Record<string, string>>;
  private readonly providers: string[];

  constructor(
    scope: Construct,
    id: string,
    { environment, profiles, url, preTokenGeneration, settings, isLocal }: IdentityProps,
  ) {
    super(scope, id);
    if (profiles.length > brandingStylesPerPool)
      throw new ConfigurationError(
        `profiles: ${profiles.length} are deployed, but a user pool has ${brandingStylesPerPool} branding styles and every app client needs one. Switch some off.`,
      );
    this.userPool = userPool(this, environment, settings);
    this.providers = isLocal ? ['COGNITO'] : this.registeredProviders(settings);
    this.userPool.addTrigger(
      UserPoolOperation.PRE_TOKEN_GENERATION_CONFIG,
      preTokenGeneration,
      LambdaVersion.V2_0,
    );
    this.domainUrl = this.domain().baseUrl();
    const server = new UserPoolResourceServer(this, 'ResourceServer', {
      userPool: this.userPool,
      identifier: resourceServer,
      scopes: Object.entries(scopes).map(
        ([name, { words }]) =>
          new ResourceServerScope({
            scopeName: name.slice(resourceServer.length + 1),
            scopeDescription: words,
          }),
      ),
    });
    this.clientIds = Object.fromEntries(
      profiles.map((profile) => {
        const client = this.appClient(profile, url);
        client.node.addDependency(server);
        return [profile.name, client.ref];
      }),
    );
  }

  /**
   * The pool itself and every provider that was registered with it, also later than this: the names
   * are references, so that an app client waits for its providers.
   */
  private registeredProviders({ passwords }: Configuration['identity']): string[] {
    const names = () => [
      ...(passwords ? ['COGNITO'] : []),
      ...this.userPool.identityProviders.map(({ providerName }) => providerName),
    ];
    this.node.addValidation({
      validate: () =>
        names().length > 0
          ? []
          : [
              "identity.passwords is false and no identity provider is registered, so nobody could log in: new UserPoolIdentityProviderOidc(this, 'Okta', { userPool: mcp.userPool, … })",
            ],
    });
    return Lazy.list({ produce: names });
  }

  private domain() {
    return new UserPoolDomain(this, 'Domain', {
      userPool: this.userPool,
      // Prefixes are unique in a region across all accounts, and a stack may hold two of us. An
      // account id must not show in a URL (ERR-1).
      cognitoDomain: {
        domainPrefix: `${resourceServer}-${creationId(this)}`,
      },
      managedLoginVersion: ManagedLoginVersion.NEWER_MANAGED_LOGIN,
    });
  }

  /**
   * L1, because CDK's own construct adds the implicit flow and the REFRESH flow, and refuses
   * rotation beside the last.
   */
  private appClient(profile: ClientProfile, url: PublicUrl) {
    const client = new CfnUserPoolClient(this, `Client-${profile.name}`, {
      userPoolId: this.userPool.userPoolId,
      clientName: profile.name,
      // Confidential: nobody but the token function redeems a code at Cognito (OAUTH-13).
      generateSecret: true,
      allowedOAuthFlowsUserPoolClient: true,
      allowedOAuthFlows: ['code'],
      allowedOAuthScopes: [...profile.scopes, ...(profile.grantsEmail ? ['openid', 'email'] : [])],
      callbackUrLs: [url.callback],
      defaultRedirectUri: url.callback,
      supportedIdentityProviders: this.providers,
      // Managed login offers what the client's flows allow: with custom authentication alone it
      // may show an error instead of a form. SRP opens nothing beside it, since every call needs
      // the client's secret. Named none, Cognito would add REFRESH, which excludes rotation.
      explicitAuthFlows: ['ALLOW_USER_SRP_AUTH'],
      preventUserExistenceErrors: 'ENABLED',
      enableTokenRevocation: true,
      refreshTokenRotation: {
        feature: 'ENABLED',
        retryGracePeriodSeconds: loginSettings.refreshRotationGraceSeconds,
      },
      authSessionValidity: loginSettings.authSessionMinutes,
      accessTokenValidity: profile.accessTokenMinutes,
      idTokenValidity: loginSettings.idTokenMinutes,
      refreshTokenValidity: profile.refreshTokenDays,
      tokenValidityUnits: { accessToken: 'minutes', idToken: 'minutes', refreshToken: 'days' },
      readAttributes: ['email'],
      writeAttributes: ['email'],
    });
    // Managed login shows an error page to an app client without a style.
    new CfnManagedLoginBranding(this, `Branding-${profile.name}`, {
      userPoolId: this.userPool.userPoolId,
      clientId: client.ref,
      useCognitoProvidedValues: true,
    });
    return client;
  }
}

const secondFactor = { off: Mfa.OFF, optional: Mfa.OPTIONAL, required: Mfa.REQUIRED };

const userPool = (
  scope: Construct,
  environment: Environment,
  { mfa, threatProtection }: Configuration['identity'],
) => {
  const lasting = environment === 'production';
  const pool = new UserPool(scope, 'UserPool', {
    // Essentials: managed login, and access tokens that a trigger may add claims to.
    featurePlan: threatProtection ? FeaturePlan.PLUS : FeaturePlan.ESSENTIALS,
    ...(threatProtection && {
      standardThreatProtectionMode: StandardThreatProtectionMode.FULL_FUNCTION,
    }),
    selfSignUpEnabled: false,
    signInAliases: { email: true },
    signInCaseSensitive: false,
    autoVerify: { email: true },
    standardAttributes: { email: { required: true, mutable: true } },
    passwordPolicy: {
      minLength: passwordPolicy.minimumLength,
      requireDigits: true,
      requireLowercase: true,
      requireUppercase: true,
      requireSymbols: true,
      tempPasswordValidity: Duration.days(passwordPolicy.temporaryPasswordDays),
      passwordHistorySize: passwordPolicy.history,
    },
    mfa: secondFactor[mfa],
    ...(mfa !== 'off' && { mfaSecondFactor: { sms: false, otp: true } }),
    accountRecovery: AccountRecovery.EMAIL_ONLY,
    deletionProtection: lasting,
    removalPolicy: removalPolicyOf(environment),
  });
  acknowledge(pool, {
    'AwsSolutions-COG2':
      'Which users must have a second factor is for the team that runs the pool; authenticator apps are on, and SMS, which can be hijacked, is off.',
    'AwsSolutions-COG8':
      'Managed login and claims in access tokens need Essentials; the Plus tier costs more for each user and is a switch that a team can make.',
  });
  return pool;
};
