import { readIdentityProvider } from '../../../../local/cognito/federation/identity-provider.ts';
import { SecretValues } from '../../../../local/template/secrets.ts';
import { aClient, aPool } from '../a-pool.ts';

const reference = '{{resolve:secretsmanager:gatehouse/okta:SecretString:::}}';
const okta = (secret: string) => ({
  UserPoolId: 'pool',
  ProviderName: 'Okta',
  ProviderType: 'OIDC',
  ProviderDetails: {
    client_id: 'abc',
    client_secret: secret,
    oidc_issuer: 'https://example.okta.com',
    authorize_scopes: 'openid email',
    attributes_request_method: 'GET',
  },
  AttributeMapping: { email: 'email' },
  IdpIdentifiers: ['example.com'],
});
const saml = {
  UserPoolId: 'pool',
  ProviderName: 'Entra',
  ProviderType: 'SAML',
  ProviderDetails: { MetadataURL: 'https://login.example.com/metadata.xml' },
};

const read = (provider: object, secrets = new SecretValues()) =>
  readIdentityProvider('Provider', provider, (secret) => secrets.isMadeUp(secret));

describe('a provider of the template', () => {
  it('is emulated where it is OIDC and its secret was given', () => {
    const secrets = new SecretValues({}, { 'gatehouse/okta': 'from the file' });
    expect(read(okta(secrets.resolve(reference) ?? ''), secrets)).toMatchObject({
      type: 'OIDC',
      clientSecret: 'from the file',
      identifiers: ['example.com'],
      mapping: { email: 'email' },
    });
  });

  it('is not reached without its secret', () => {
    const secrets = new SecretValues();
    expect(read(okta(secrets.resolve(reference) ?? ''), secrets)).toMatchObject({
      type: 'other',
      reason: 'its secret is not in .env.local',
    });
  });

  it('is not emulated where it is SAML, or has details of its own', () => {
    expect(read(saml)).toMatchObject({ type: 'other', reason: expect.stringMatching(/^SAML/) });
    const { ProviderDetails, ...rest } = okta('secret');
    const details = { ...ProviderDetails, token_url: 'https://example.com/token' };
    expect(read({ ...rest, ProviderDetails: details })).toMatchObject({
      type: 'other',
      reason: expect.stringMatching(/token_url/),
    });
  });

  it.each([
    [reference, 'gatehouse/okta', 'of a name'],
    [
      '{{resolve:secretsmanager:gatehouse/okta:SecretString:key::}}',
      'gatehouse/okta#key',
      'of a key',
    ],
    [
      '{{resolve:secretsmanager:arn:aws:secretsmanager:eu-west-1:123456789012:secret:okta-AbC:SecretString:::}}',
      'arn:aws:secretsmanager:eu-west-1:123456789012:secret:okta-AbC',
      'of an ARN',
    ],
  ])('has the secret that the reference %s names', (text, name) => {
    expect(new SecretValues({}, { [name]: 'given' }).resolve(text)).toBe('given');
    expect(new SecretValues().resolve(text)).toMatch(/^[0-9a-f]{48}$/);
  });
});

it('the login page says that SAML is not emulated, and lets the built-in user log in', async () => {
  const pool = await aPool({
    clients: [aClient({ identityProviders: ['Entra'] })],
    identityProviders: [read(saml)],
  });
  try {
    const page = await (await pool.get(`/login?${pool.authorizeQuery()}`)).text();
    expect(page).toContain('Entra is not reached from here: SAML is not emulated');
    expect(await pool.code()).not.toBe('');
  } finally {
    await pool.cognito.stop();
  }
});
