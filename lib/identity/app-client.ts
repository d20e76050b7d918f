import {
  CfnManagedLoginBranding,
  CfnUserPoolClient,
  type IUserPool,
} from 'aws-cdk-lib/aws-cognito';
import type { Construct } from 'constructs';
import type { ClientProfile } from '../../policy/clients.ts';
import { loginSettings } from '../../policy/identity.ts';
import type { BrandSetting } from '../brand/brand.ts';
import { managedLoginStyle } from '../brand/managed-login.ts';
import type { PublicUrl } from '../public-url.ts';

export interface AppClientProps {
  readonly userPool: IUserPool;
  readonly profile: ClientProfile;
  readonly url: PublicUrl;
  readonly brand: BrandSetting | undefined;
  /** Names of the identity providers; a token where they are known only later. */
  readonly providers: string[];
  /** Attributes that a provider may fill; a token where they are known only later. */
  /** Whether the pool's domain has managed login. */
  readonly managedLogin: boolean;
  readonly attributes: { readonly read: string[]; readonly write: string[] };
}

/**
 * The app client of a client profile. L1, because CDK's own construct adds the implicit flow and
 * the REFRESH flow, and refuses rotation beside the last.
 */
export const appClient = (
  scope: Construct,
  { userPool, profile, url, brand, providers, managedLogin, attributes }: AppClientProps,
): CfnUserPoolClient => {
  const client = new CfnUserPoolClient(scope, `Client-${profile.name}`, {
    userPoolId: userPool.userPoolId,
    clientName: profile.name,
    // Confidential: nobody but the token function redeems a code at Cognito (OAUTH-13).
    generateSecret: true,
    allowedOAuthFlowsUserPoolClient: true,
    allowedOAuthFlows: ['code'],
    allowedOAuthScopes: [...profile.scopes, ...(profile.grantsEmail ? ['openid', 'email'] : [])],
    callbackUrLs: [url.callback],
    defaultRedirectUri: url.callback,
    supportedIdentityProviders: providers,
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
    // A provider's claims are written with the client's permission, at each login: without it the
    // login fails. No user writes any, as no client has the scope aws.cognito.signin.user.admin.
    readAttributes: attributes.read,
    writeAttributes: attributes.write,
  });
  // Managed login shows an error page to an app client without a style.
  if (managedLogin)
    new CfnManagedLoginBranding(scope, `Branding-${profile.name}`, {
      userPoolId: userPool.userPoolId,
      clientId: client.ref,
      ...managedLoginStyle(brand),
    });
  return client;
};
