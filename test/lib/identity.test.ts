import { clientProfiles } from '../../policy/clients.ts';
import { brandingStylesPerPool } from '../../policy/identity.ts';
import { inLocalRuntime, only, properties, synthesized, text, withDomain } from './synthesized.ts';

const template = synthesized();

describe('the user pool', () => {
  test('lets nobody sign up, and asks for good passwords', () => {
    expect(only(template, 'AWS::Cognito::UserPool')).toMatchObject({
      AdminCreateUserConfig: { AllowAdminCreateUserOnly: true },
      UserPoolTier: 'ESSENTIALS',
      DeletionProtection: 'ACTIVE',
      MfaConfiguration: 'OPTIONAL',
      EnabledMfas: ['SOFTWARE_TOKEN_MFA'],
      AccountRecoverySetting: { RecoveryMechanisms: [{ Name: 'verified_email', Priority: 1 }] },
      Policies: {
        PasswordPolicy: {
          MinimumLength: 12,
          RequireSymbols: true,
          RequireNumbers: true,
          RequireUppercase: true,
          RequireLowercase: true,
        },
      },
      LambdaConfig: { PreTokenGenerationConfig: { LambdaVersion: 'V2_0' } },
    });
  });

  test('has a domain with managed login, and no account id in its name', () => {
    const domain = only(template, 'AWS::Cognito::UserPoolDomain');
    expect(domain).toMatchObject({ ManagedLoginVersion: 2 });
    expect(JSON.stringify(domain)).not.toContain('AWS::AccountId');
  });

  test('knows the scopes of the policy', () => {
    expect(only(template, 'AWS::Cognito::UserPoolResourceServer')).toMatchObject({
      Identifier: 'gatehouse',
      Scopes: [{ ScopeName: 'tools.read' }, { ScopeName: 'tools.call' }],
    });
  });
});

describe('an app client', () => {
  const clients = properties(template, 'AWS::Cognito::UserPoolClient');

  test('exists once a profile, with a branding style', () => {
    expect(clients.map(({ ClientName }) => ClientName)).toEqual(
      clientProfiles.map(({ name }) => name),
    );
    expect(properties(template, 'AWS::Cognito::ManagedLoginBranding')).toHaveLength(
      clientProfiles.length,
    );
  });

  test.each(clients.map((client) => [client['ClientName'], client] as const))(
    '%s is confidential, code flow only, our callback only',
    (_, client) => {
      expect(client).toMatchObject({
        GenerateSecret: true,
        AllowedOAuthFlows: ['code'],
        AllowedOAuthFlowsUserPoolClient: true,
        CallbackURLs: ['https://mcp.example.com/callback'],
        ExplicitAuthFlows: ['ALLOW_USER_SRP_AUTH'],
        PreventUserExistenceErrors: 'ENABLED',
        EnableTokenRevocation: true,
        RefreshTokenRotation: { Feature: 'ENABLED', RetryGracePeriodSeconds: 60 },
        SupportedIdentityProviders: ['COGNITO'],
      });
      expect(client['AllowedOAuthScopes']).not.toContain('aws.cognito.signin.user.admin');
      expect(client).not.toHaveProperty('LogoutURLs');
    },
  );

  test('may ask for the email address where the profile grants it, and nowhere else (AUTH-10)', () => {
    const asks = clients.map(({ ClientName, AllowedOAuthScopes }) => [
      ClientName,
      AllowedOAuthScopes.includes('email'),
    ]);
    expect(asks).toEqual(clientProfiles.map(({ name, grantsEmail }) => [name, grantsEmail]));
  });

  test('has the lifetimes of its profile', () => {
    expect(
      clients.map(({ AccessTokenValidity, RefreshTokenValidity }) => [
        AccessTokenValidity,
        RefreshTokenValidity,
      ]),
    ).toEqual(
      clientProfiles.map(({ accessTokenMinutes, refreshTokenDays }) => [
        accessTokenMinutes,
        refreshTokenDays,
      ]),
    );
  });

  test('calls back to the deployment in every URL mode', () => {
    const callback = (configuration: object, context?: Record<string, unknown>) =>
      text(
        properties(synthesized(configuration, {}, context), 'AWS::Cognito::UserPoolClient')[0]?.[
          'CallbackURLs'
        ][0],
      );
    expect(callback({ urlMode: 'stage' })).toMatch(
      /^https:\/\/\$\{\w+\}\.execute-api\.\$\{AWS::Region\}\.\$\{AWS::URLSuffix\}\/prod\/callback$/,
    );
    expect(callback({})).toMatch(/^https:\/\/\$\{\w+\.DomainName\}\/callback$/);
    expect(callback({}, inLocalRuntime(4000))).toBe('http://localhost:4000/callback');
  });
});

test('more profiles than a user pool has branding styles are refused', () => {
  const added = brandingStylesPerPool - clientProfiles.length + 1;
  const profiles = Array.from({ length: added }, (_, index) => ({
    name: `added-${index}`,
    loopback: true,
  }));
  expect(() => synthesized({ ...withDomain, profiles })).toThrow(
    /21 are deployed, but a user pool has 20 branding styles/,
  );
});
