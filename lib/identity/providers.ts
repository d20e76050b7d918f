import {
  CfnUserPoolIdentityProvider,
  type IUserPool,
  UserPoolIdentityProvider,
} from 'aws-cdk-lib/aws-cognito';
import { SecretValue, Stack } from 'aws-cdk-lib/core';
import type { Construct } from 'constructs';
import { groupsAttribute } from '../../policy/identity.ts';
import { ConfigurationError } from '../configuration.ts';
import type { ProviderSetting } from './provider-settings.ts';

/**
 * The company's providers of the configuration, registered with the pool as one by hand would be.
 * L1: its keys are CloudFormation's and Cognito's own, and CDK's construct would want the secret
 * as plain text.
 */
export const configuredProviders = (
  scope: Construct,
  userPool: IUserPool,
  settings: readonly ProviderSetting[],
): void => {
  for (const setting of settings) {
    requireNoValue(scope, setting);
    const provider = new CfnUserPoolIdentityProvider(scope, `Provider-${setting.name}`, {
      userPoolId: userPool.userPoolId,
      providerName: setting.name,
      providerType: setting.type.toUpperCase(),
      providerDetails: detailsOf(setting),
      attributeMapping: {
        ...setting.attributes,
        ...(setting.groups !== undefined && { [groupsAttribute]: setting.groups }),
      },
      ...(setting.domains.length > 0 && { idpIdentifiers: [...setting.domains] }),
    });
    // By reference, so that the app clients wait for it.
    userPool.registerIdentityProvider(
      UserPoolIdentityProvider.fromProviderName(
        scope,
        `ProviderName-${setting.name}`,
        provider.ref,
      ),
    );
  }
};

/**
 * "Identity provider details": the keys of each type.
 * https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_CreateIdentityProvider.html
 */
const detailsOf = (setting: ProviderSetting): Readonly<Record<string, string>> => {
  if (setting.type === 'saml') return { MetadataURL: setting.metadataUrl };
  const { clientId, issuer, scopes, secret } = setting;
  return {
    client_id: clientId,
    client_secret: secretReference(secret),
    oidc_issuer: issuer,
    authorize_scopes: scopes.join(' '),
    attributes_request_method: 'GET',
  };
};

/** CDK writes the value of a secret as a dynamic reference, and one in another is no reference. */
const requireNoValue = (scope: Construct, setting: ProviderSetting): void => {
  if (setting.type !== 'oidc') return;
  const name: unknown = Stack.of(scope).resolve(setting.secret.name);
  if (typeof name === 'string' && name.startsWith('{{resolve:'))
    throw new ConfigurationError(
      `identity.providers.${setting.name}.secret: is the value of a secret; give its name or its ARN: secret.secretName`,
    );
};

/** A dynamic reference: CloudFormation reads the secret, and the template never has it. */
const secretReference = ({
  name,
  key,
}: Extract<ProviderSetting, { readonly type: 'oidc' }>['secret']): string =>
  SecretValue.secretsManager(name, { ...(key !== undefined && { jsonField: key }) }).unsafeUnwrap();
