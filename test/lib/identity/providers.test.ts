import { SecretValue } from 'aws-cdk-lib/core';
import { readConfiguration } from '../../../lib/configuration.ts';
import { only, properties, synthesized, withDomain } from '../synthesized.ts';

const okta = {
  type: 'oidc',
  name: 'Okta',
  issuer: 'https://example.okta.com',
  clientId: '0oa1b2c3d4',
  secret: 'gatehouse/okta',
  groups: 'groups',
  domains: ['example.com'],
};
const entra = {
  type: 'saml',
  name: 'Entra',
  metadataUrl: 'https://login.microsoftonline.com/tenant/federationmetadata/metadata.xml',
  domains: ['example.org'],
};
const withProviders = (...providers: readonly object[]) => ({
  ...withDomain,
  identity: { providers },
});
const type = 'AWS::Cognito::UserPoolIdentityProvider';

describe("the company's providers of the configuration", () => {
  const template = synthesized(withProviders(okta, entra));
  const [first, second] = properties(template, type);

  test('an OIDC provider has its secret by reference', () => {
    expect(first).toEqual({
      UserPoolId: expect.anything(),
      ProviderName: 'Okta',
      ProviderType: 'OIDC',
      ProviderDetails: {
        client_id: '0oa1b2c3d4',
        client_secret: '{{resolve:secretsmanager:gatehouse/okta:SecretString:::}}',
        oidc_issuer: 'https://example.okta.com',
        authorize_scopes: 'openid email profile',
        attributes_request_method: 'GET',
      },
      AttributeMapping: {
        email: 'email',
        email_verified: 'email_verified',
        name: 'name',
        'custom:groups': 'groups',
      },
      IdpIdentifiers: ['example.com'],
    });
  });

  test('a SAML provider has its metadata, and the names that such providers use', () => {
    expect(second).toMatchObject({
      ProviderType: 'SAML',
      ProviderDetails: { MetadataURL: entra.metadataUrl },
      AttributeMapping: { email: expect.stringMatching(/\/claims\/emailaddress$/) },
    });
  });

  test('every app client offers them, and lets them fill what they map', () => {
    for (const client of properties(template, 'AWS::Cognito::UserPoolClient')) {
      expect(client['SupportedIdentityProviders']).toEqual([
        'COGNITO',
        { Ref: expect.stringContaining('Okta') },
        { Ref: expect.stringContaining('Entra') },
      ]);
      expect(client['WriteAttributes']).toEqual(
        expect.arrayContaining(['email', 'name', 'custom:groups']),
      );
      expect(client['WriteAttributes']).not.toContain('email_verified');
    }
  });

  test('a key of a secret that holds JSON is named', () => {
    const template = synthesized(
      withProviders({ ...okta, secret: { name: 'gatehouse/okta', key: 'secret' } }),
    );
    expect(only(template, type)['ProviderDetails'].client_secret).toBe(
      '{{resolve:secretsmanager:gatehouse/okta:SecretString:secret::}}',
    );
  });

  test('where nobody has a password they stand alone', () => {
    const template = synthesized({
      ...withDomain,
      identity: { passwords: false, providers: [okta] },
    });
    for (const client of properties(template, 'AWS::Cognito::UserPoolClient'))
      expect(client['SupportedIdentityProviders']).toHaveLength(1);
  });
});

test('every pool has the attribute for groups, since it could not be taken away again', () => {
  const schemas = [synthesized(), synthesized(withProviders(okta))].map(
    (template) => only(template, 'AWS::Cognito::UserPool')['Schema'],
  );
  expect(schemas[0]).toContainEqual({
    Name: 'groups',
    AttributeDataType: 'String',
    Mutable: true,
    StringAttributeConstraints: { MaxLength: '2048' },
  });
  expect(schemas[1]).toEqual(schemas[0]);
});

test('where there is no provider nobody may fill the groups', () => {
  for (const client of properties(synthesized(), 'AWS::Cognito::UserPoolClient'))
    expect(client['WriteAttributes']).not.toContain('custom:groups');
});

describe('a provider is refused', () => {
  test.each([
    ['with the secret itself', { ...okta, secret: 'GOCSPX-abcdefghijklmnop' }, /not the name of/],
    ['with a secret in base64', { ...okta, secret: 'q83v/xI0VniavN4=' }, /not the name of/],
    ['with an issuer that ends with a slash', { ...okta, issuer: 'https://a.example/' }, /slash/],
    ['with an issuer over http', { ...okta, issuer: 'http://a.example' }, /https URL/],
    ["with one of Cognito's names", { ...okta, name: 'google' }, /Cognito's own/],
    [
      'with an attribute that the pool has not',
      { ...okta, attributes: { shoe: 'a' } },
      /no key shoe/,
    ],
    ['without an address', { ...okta, attributes: { name: 'name' } }, /maps no "email"/],
    ['without openid', { ...okta, scopes: ['email'] }, /no "openid"/],
    ['of a type that is not known', { ...okta, type: 'ldap' }, /type/],
    ['with a key that is not known', { ...okta, isuer: 'x' }, /has no key isuer/],
    ['with a domain that is no host', { ...okta, domains: ['@example.com'] }, /host name/],
    [
      'with a domain that Cognito has no room for',
      { ...okta, domains: [`${'a'.repeat(37)}.com`] },
      /over 40/,
    ],
  ])('%s', (_, provider, message) => {
    expect(() => readConfiguration(withProviders(provider))).toThrow(message);
  });

  test('with the value of a secret in place of its name', () => {
    const secret = SecretValue.secretsManager('gatehouse/okta').unsafeUnwrap();
    expect(() => synthesized(withProviders({ ...okta, secret }))).toThrow(
      'identity.providers.Okta.secret: is the value of a secret',
    );
  });

  test('whose name or domain another one has', () => {
    expect(() => readConfiguration(withProviders(okta, { ...entra, name: 'OKTA' }))).toThrow(
      /the name okta twice/,
    );
    expect(() =>
      readConfiguration(withProviders(okta, { ...entra, domains: ['example.com'] })),
    ).toThrow(/the domain example.com twice/);
  });

  test('beyond the number that is bounded', () => {
    const many = Array.from({ length: 21 }, (_, index) => ({
      ...entra,
      name: `Entra-${index}`,
      domains: [],
    }));
    expect(() => readConfiguration(withProviders(...many))).toThrow(/over 20 providers/);
  });
});
