import {
  readAppClient,
  readResourceServer,
  readUserPool,
  readUserPoolDomain,
} from '../../../local/cognito/template.ts';
import { aClient, aPool } from './a-pool.ts';

const identity = { clientId: 'abc', clientSecret: 'secret-of-this-run' };

/** What the stack's app client looks like once resolved. */
const clientProperties = (overrides: Record<string, unknown> = {}) => ({
  UserPoolId: 'eu-west-1_AbCdEf123',
  ClientName: 'claude',
  GenerateSecret: true,
  AllowedOAuthFlowsUserPoolClient: true,
  AllowedOAuthFlows: ['code'],
  AllowedOAuthScopes: ['gatehouse/tools.read'],
  CallbackURLs: ['https://mcp.example.com/callback'],
  SupportedIdentityProviders: ['COGNITO'],
  ExplicitAuthFlows: ['ALLOW_CUSTOM_AUTH'],
  PreventUserExistenceErrors: 'ENABLED',
  EnableTokenRevocation: true,
  RefreshTokenRotation: { Feature: 'ENABLED', RetryGracePeriodSeconds: 0 },
  AccessTokenValidity: 15,
  IdTokenValidity: 5,
  RefreshTokenValidity: 30,
  TokenValidityUnits: { AccessToken: 'minutes', IdToken: 'minutes', RefreshToken: 'days' },
  ReadAttributes: ['email'],
  ...overrides,
});

describe('an app client of the template', () => {
  it('is emulated as it stands', () => {
    expect(readAppClient('Client', clientProperties(), identity)).toEqual({
      ...identity,
      clientName: 'claude',
      callbackUrls: ['https://mcp.example.com/callback'],
      flows: ['code'],
      scopes: ['gatehouse/tools.read'],
      identityProviders: ['COGNITO'],
      accessTokenSeconds: 900,
      idTokenSeconds: 300,
      refreshTokenSeconds: 30 * 24 * 3600,
      refreshRotation: { graceSeconds: 0 },
      explicitAuthFlows: ['ALLOW_CUSTOM_AUTH'],
      tokenRevocation: true,
    });
  });

  it('has Cognito’s defaults where the template is silent', () => {
    const {
      AccessTokenValidity,
      IdTokenValidity,
      RefreshTokenValidity,
      TokenValidityUnits,
      RefreshTokenRotation,
      GenerateSecret,
      ...rest
    } = clientProperties();
    const client = readAppClient('Client', rest, identity);
    expect(client).toMatchObject({
      accessTokenSeconds: 3600,
      idTokenSeconds: 3600,
      refreshTokenSeconds: 30 * 24 * 3600,
    });
    expect(client).not.toHaveProperty('clientSecret');
    expect(client).not.toHaveProperty('refreshRotation');
  });

  it.each([
    ['the implicit flow', { AllowedOAuthFlows: ['code', 'implicit'] }, /AllowedOAuthFlows/],
    ['a property that nobody knows', { Sparkle: true }, /Client.*\n.*Sparkle/],
    [
      'REFRESH beside rotation',
      { ExplicitAuthFlows: ['ALLOW_REFRESH_TOKEN_AUTH'] },
      /ALLOW_REFRESH_TOKEN_AUTH/,
    ],
    [
      'a default redirect that is no callback',
      { DefaultRedirectURI: 'https://evil.example' },
      /DefaultRedirectURI/,
    ],
  ])('is refused with %s', (_name, overrides, message) => {
    expect(() => readAppClient('Client', clientProperties(overrides), identity)).toThrow(message);
  });
});

describe('the pool, its domain and its resource server', () => {
  const pool = {
    UsernameAttributes: ['email'],
    AdminCreateUserConfig: { AllowAdminCreateUserOnly: true },
    UserPoolTier: 'ESSENTIALS',
  };

  it('give what the local runtime needs', () => {
    const LambdaConfig = {
      PreTokenGenerationConfig: {
        LambdaArn: 'arn:aws:lambda:eu-west-1:123456789012:function:trigger',
        LambdaVersion: 'V2_0',
      },
    };
    expect(readUserPool('Pool', { ...pool, LambdaConfig })).toEqual({
      preTokenGenerationArn: LambdaConfig.PreTokenGenerationConfig.LambdaArn,
      selfSignUp: false,
    });
    expect(readUserPool('Pool', pool)).toEqual({ selfSignUp: false });
    // Cognito lets everybody sign up where nothing is said.
    const { AdminCreateUserConfig: _, ...open } = pool;
    expect(readUserPool('Pool', open)).toEqual({ selfSignUp: true });
    expect(
      readUserPoolDomain('Domain', {
        Domain: 'gatehouse',
        UserPoolId: 'x',
        ManagedLoginVersion: 2,
      }),
    ).toBe('gatehouse');
    const Scopes = [{ ScopeName: 'tools.read', ScopeDescription: 'Read' }];
    expect(
      readResourceServer('Server', {
        Identifier: 'gatehouse',
        Name: 'gatehouse',
        UserPoolId: 'x',
        Scopes,
      }),
    ).toEqual({
      identifier: 'gatehouse',
      scopes: ['tools.read'],
    });
  });

  it.each([
    ['another trigger', { LambdaConfig: { PostConfirmation: 'arn' } }],
    [
      'the trigger’s first version',
      { LambdaConfig: { PreTokenGenerationConfig: { LambdaArn: 'arn', LambdaVersion: 'V1_0' } } },
    ],
    ['phone sign-in', { UsernameAttributes: ['phone_number'] }],
  ])('are refused with %s', (_name, overrides) => {
    expect(() => readUserPool('Pool', { ...pool, ...overrides })).toThrow(/Resource Pool/);
  });
});

describe('what Cognito would not make', () => {
  it.each([
    ['a pool id of another region', { userPoolId: 'us-east-1_AbCdEf123' }, /User pool id/],
    [
      'a plain http callback',
      { clients: [aClient({ callbackUrls: ['http://mcp.example.com/callback'] })] },
      /callback URL that Cognito refuses/,
    ],
    [
      'a loopback address for localhost',
      { clients: [aClient({ callbackUrls: ['http://127.0.0.1:3000/callback'] })] },
      /callback URL/,
    ],
    [
      'a scope without a resource server',
      { clients: [aClient({ scopes: ['other/x'] })] },
      /no resource server defines: other\/x/,
    ],
    [
      'a four-minute access token',
      { clients: [aClient({ accessTokenSeconds: 240 })] },
      /5 minutes to 1 day/,
    ],
  ])('is refused at the start: %s', async (_name, overrides, message) => {
    await expect(aPool(overrides)).rejects.toThrow(message);
  });
});
