import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Template } from 'aws-cdk-lib/assertions';
import {
  ProviderAttribute,
  UserPoolIdentityProviderOidc,
  UserPoolIdentityProviderSaml,
  UserPoolIdentityProviderSamlMetadata,
} from 'aws-cdk-lib/aws-cognito';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { Stack } from 'aws-cdk-lib/core';
import { contrast } from '../../../lib/brand/contrast.ts';
import { Gatehouse } from '../../../lib/gatehouse.ts';
import type { IdentitySettings } from '../../../lib/gatehouse-props.ts';
import { clientProfiles } from '../../../policy/clients.ts';
import { brandingStylesPerPool } from '../../../policy/identity.ts';
import {
  inLocalRuntime,
  only,
  properties,
  resources,
  synthesized,
  text,
  withDomain,
} from '../synthesized.ts';
import { testApp } from '../test-app.ts';

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

  test('has managed login in the colour and with the logo of a brand, readable in both schemes', () => {
    const logo = join(import.meta.dirname, '../../judges/logo.svg');
    const branded = synthesized({
      ...withDomain,
      brand: { name: 'Orders', accent: '#0b4fb3', logo },
    });
    const styles = properties(branded, 'AWS::Cognito::ManagedLoginBranding');
    expect(styles).toHaveLength(clientProfiles.length);
    for (const { UseCognitoProvidedValues, Settings, Assets } of styles) {
      // Cognito takes no settings beside its own values.
      expect(UseCognitoProvidedValues).toBe(false);
      expect(Assets).toEqual([
        {
          Category: 'FORM_LOGO',
          ColorMode: 'DYNAMIC',
          Extension: 'SVG',
          Bytes: readFileSync(logo).toString('base64'),
        },
      ]);
      const { primaryButton, secondaryButton } = Settings.components;
      expect(primaryButton.lightMode.defaults).toEqual({
        backgroundColor: '0b4fb3ff',
        textColor: 'ffffffff',
      });
      for (const mode of [
        primaryButton.lightMode,
        primaryButton.darkMode,
        secondaryButton.lightMode,
        secondaryButton.darkMode,
      ])
        for (const { backgroundColor, textColor } of Object.values<Record<string, string>>(mode))
          expect(contrast(`#${backgroundColor}`, `#${textColor}`)).toBeGreaterThanOrEqual(4.5);
    }
    expect(properties(template, 'AWS::Cognito::ManagedLoginBranding')[0]).toMatchObject({
      UseCognitoProvidedValues: true,
    });
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
    const quiet = synthesized({ profiles: [{ name: 'julius', grantsEmail: false }] });
    const asks = properties(quiet, 'AWS::Cognito::UserPoolClient').map(
      ({ ClientName, AllowedOAuthScopes }) => [ClientName, AllowedOAuthScopes.includes('email')],
    );
    expect(asks).toEqual(clientProfiles.map(({ name }) => [name, name !== 'julius']));
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

/** A stack of a team's own, with what it registers after the Gatehouse was made. */
const synthesizedWith = (
  identity: IdentitySettings,
  register: (mcp: Gatehouse, stack: Stack) => void = () => {},
  context = {},
): Template => {
  const outdir = mkdtempSync(join(tmpdir(), 'gatehouse-test-'));
  try {
    const app = testApp({ outdir, context });
    const stack = new Stack(app, 'Reports');
    register(new Gatehouse(stack, 'Mcp', { ...withDomain, identity }), stack);
    return Template.fromStack(stack);
  } finally {
    rmSync(outdir, { recursive: true, force: true });
  }
};

const oidc = (mcp: Gatehouse, stack: Stack): void => {
  const secret = new Secret(stack, 'OktaSecret');
  new UserPoolIdentityProviderOidc(stack, 'Okta', {
    name: 'Okta',
    userPool: mcp.userPool,
    clientId: 'client-at-okta',
    clientSecret: secret.secretValue.unsafeUnwrap(),
    issuerUrl: 'https://example.okta.com',
    scopes: ['openid', 'email'],
    attributeMapping: { email: ProviderAttribute.other('email') },
  });
};
const saml = (mcp: Gatehouse, stack: Stack): void => {
  new UserPoolIdentityProviderSaml(stack, 'Entra', {
    name: 'Entra',
    userPool: mcp.userPool,
    metadata: UserPoolIdentityProviderSamlMetadata.url('https://login.example.com/metadata.xml'),
  });
};
const offered = (template: Template): readonly string[] => {
  const clients = properties(template, 'AWS::Cognito::UserPoolClient');
  const each = clients.map(({ SupportedIdentityProviders }) =>
    SupportedIdentityProviders.map(text),
  );
  for (const names of each) expect(names).toEqual(each[0]);
  return each[0];
};

describe("a company's identity providers", () => {
  test('are offered by every app client, however late they are registered', () => {
    const template = synthesizedWith({}, (mcp, stack) => {
      oidc(mcp, stack);
      saml(mcp, stack);
    });
    expect(offered(template)).toEqual([
      'COGNITO',
      expect.stringMatching(/^\$\{Okta\w+\}$/),
      expect.stringMatching(/^\$\{Entra\w+\}$/),
    ]);
  });

  test('stand alone where nobody has a password here', () => {
    expect(offered(synthesizedWith({ passwords: false }, oidc))).toEqual([
      expect.stringMatching(/^\$\{Okta\w+\}$/),
    ]);
  });

  test('have their secret by reference', () => {
    const provider = only(synthesizedWith({}, oidc), 'AWS::Cognito::UserPoolIdentityProvider');
    expect(text(provider['ProviderDetails'].client_secret)).toMatch(
      /^\{\{resolve:secretsmanager:\$\{OktaSecret\w+\}/,
    );
  });

  test('have names of their own, wherever each was named', () => {
    const okta = {
      type: 'oidc' as const,
      name: 'Okta',
      issuer: 'https://example.okta.com',
      clientId: '0oa1b2c3d4',
      secret: 'gatehouse/okta',
    };
    const registered = (name: string) => () =>
      synthesizedWith({ providers: [okta] }, (mcp, stack) => {
        new UserPoolIdentityProviderSaml(stack, 'Registered', {
          userPool: mcp.userPool,
          name,
          metadata: UserPoolIdentityProviderSamlMetadata.url('https://login.example.com/metadata'),
        });
      });
    expect(registered('Okta')).toThrow('The user pool gets an identity provider Okta twice');
    expect(registered('Entra')).not.toThrow();
  });

  test('leave nobody to sign up, where nobody has a password', () => {
    expect(() => synthesizedWith({ passwords: false, signUp: ['example.com'] }, oidc)).toThrow(
      /signUp: lets people choose a password/,
    );
  });

  test('are needed where nobody has a password: the synthesis says so', () => {
    expect(() => synthesizedWith({ passwords: false })).toThrow(/nobody could log in/);
  });

  test('are the same in the local runtime', () => {
    const template = synthesizedWith({ passwords: false }, oidc, inLocalRuntime(4000));
    expect(offered(template)).toEqual([expect.stringMatching(/^\$\{Okta\w+\}$/)]);
  });
});

test.each([
  ['off', 'OFF'],
  ['optional', 'OPTIONAL'],
  ['required', 'ON'],
] as const)('a second factor that is %s is an authenticator app or none', (mfa, expected) => {
  const pool = only(synthesizedWith({ mfa }), 'AWS::Cognito::UserPool');
  expect(pool['MfaConfiguration']).toBe(expected);
  expect(pool['EnabledMfas']).toEqual(mfa === 'off' ? undefined : ['SOFTWARE_TOKEN_MFA']);
});

test('threat protection is enforced, on the plan that has it', () => {
  expect(only(synthesizedWith({ threatProtection: true }), 'AWS::Cognito::UserPool')).toMatchObject(
    { UserPoolTier: 'PLUS', UserPoolAddOns: { AdvancedSecurityMode: 'ENFORCED' } },
  );
  const pool = only(synthesizedWith({}), 'AWS::Cognito::UserPool');
  expect(pool['UserPoolTier']).toBe('ESSENTIALS');
  expect(pool).not.toHaveProperty('UserPoolAddOns');
});

describe('signing up', () => {
  test('is for nobody, and no function decides about it, unless domains are listed', () => {
    const pool = only(template, 'AWS::Cognito::UserPool');
    expect(pool['AdminCreateUserConfig']).toEqual({ AllowAdminCreateUserOnly: true });
    expect(pool['LambdaConfig']).not.toHaveProperty('PreSignUp');
  });

  test('of listed domains is decided by a function that may nothing but write its log', () => {
    const open = synthesizedWith({ signUp: ['example.com', 'example.org'] });
    const pool = only(open, 'AWS::Cognito::UserPool');
    expect(pool).toMatchObject({
      AdminCreateUserConfig: { AllowAdminCreateUserOnly: false },
      AutoVerifiedAttributes: ['email'],
    });
    const [id = ''] = pool['LambdaConfig'].PreSignUp['Fn::GetAtt'];
    const fn = resources(open, 'AWS::Lambda::Function')[id]?.Properties ?? {};
    expect(fn['Environment'].Variables).toMatchObject({
      SIGN_UP_DOMAINS: 'example.com,example.org',
    });
    const policies = properties(open, 'AWS::IAM::Policy').filter(({ Roles }) =>
      JSON.stringify(Roles).includes(fn['Role']['Fn::GetAtt'][0]),
    );
    expect(JSON.stringify(policies)).not.toMatch(/dynamodb|cognito|secretsmanager/);
    expect(policies).toHaveLength(1);
  });

  test.each([
    [['Example.com'], /host name/],
    [Array.from({ length: 51 }, (_, index) => `a${index}.example.com`), /over 50 domains/],
  ])('is refused for %j', (signUp, message) => {
    expect(() => synthesizedWith({ signUp })).toThrow(message);
  });
});
