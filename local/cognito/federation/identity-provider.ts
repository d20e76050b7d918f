import * as z from 'zod';
import { readProperties } from '../../template/read-properties.ts';

/** A provider of the pool whose login is emulated. */
export interface OidcProvider {
  readonly type: 'OIDC';
  readonly name: string;
  readonly clientId: string;
  readonly clientSecret: string;
  readonly issuer: string;
  readonly scopes: string;
  /** Attributes of the pool to claims of the provider. */
  readonly mapping: Readonly<Record<string, string>>;
  readonly identifiers: readonly string[];
}

/** One that nobody can log in with here. */
export interface OtherProvider {
  readonly type: 'other';
  readonly name: string;
  readonly identifiers: readonly string[];
  /** Why, for the person at the login page. */
  readonly reason: string;
}

export type IdentityProvider = OidcProvider | OtherProvider;

const properties = z.object({
  UserPoolId: z.string(),
  ProviderName: z.string(),
  ProviderType: z.enum([
    'OIDC',
    'SAML',
    'Google',
    'Facebook',
    'LoginWithAmazon',
    'SignInWithApple',
  ]),
  ProviderDetails: z.record(z.string(), z.string()).default({}),
  AttributeMapping: z.record(z.string(), z.string()).default({}),
  IdpIdentifiers: z.array(z.string()).default([]),
});

const oidcDetails = z.strictObject({
  client_id: z.string(),
  client_secret: z.string(),
  oidc_issuer: z.string(),
  authorize_scopes: z.string(),
  attributes_request_method: z.literal('GET', 'only GET is emulated').default('GET'),
});

/**
 * What `AWS::Cognito::UserPoolIdentityProvider` describes.
 * @param isMadeUp - whether a secret is one that nobody has given to the local runtime
 */
export const readIdentityProvider = (
  logicalId: string,
  given: unknown,
  isMadeUp: (secret: string) => boolean,
): IdentityProvider => {
  const provider = readProperties(
    logicalId,
    'AWS::Cognito::UserPoolIdentityProvider',
    given,
    properties,
    {},
  );
  const { ProviderName: name, ProviderType: type, IdpIdentifiers: identifiers } = provider;
  const other = (reason: string): OtherProvider => ({ type: 'other', name, identifiers, reason });
  if (type !== 'OIDC') return other(`${type} is not emulated on this computer`);
  const details = oidcDetails.safeParse(provider.ProviderDetails);
  if (!details.success)
    return other(`it has details that are not emulated: ${z.prettifyError(details.error)}`);
  const { client_id, client_secret, oidc_issuer, authorize_scopes } = details.data;
  if (isMadeUp(client_secret)) return other('its secret is not in .env.local');
  return {
    type,
    name,
    identifiers,
    clientId: client_id,
    clientSecret: client_secret,
    issuer: oidc_issuer,
    scopes: authorize_scopes,
    mapping: provider.AttributeMapping,
  };
};
