import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import {
  type IUserPool,
  LambdaVersion,
  UserPool,
  UserPoolOperation,
} from 'aws-cdk-lib/aws-cognito';
import { Stack } from 'aws-cdk-lib/core';
import { readConfiguration } from '../../../lib/configuration.ts';
import { Gatehouse } from '../../../lib/gatehouse.ts';
import type { IdentitySettings } from '../../../lib/gatehouse-props.ts';
import { inLocalRuntime, only, properties, synthesized, text, withDomain } from '../synthesized.ts';
import { testApp } from '../test-app.ts';

const userPool = {
  pool: 'eu-west-1_AbCdEf123',
  loginUrl: 'https://login.example.com',
  providers: ['Okta'],
  attributes: ['custom:department'],
};
const withPool = (more: object = {}) => ({
  ...withDomain,
  identity: { userPool: { ...userPool, ...more } },
});

describe('an existing user pool', () => {
  const template = synthesized(withPool());

  test('is neither made, nor changed, nor guarded in the place of its owner', () => {
    for (const type of [
      'AWS::Cognito::UserPool',
      'AWS::Cognito::UserPoolDomain',
      'AWS::Cognito::UserPoolIdentityProvider',
    ])
      expect(properties(template, type)).toEqual([]);
    const guarded = properties(template, 'AWS::WAFv2::WebACLAssociation');
    expect(guarded.map(({ ResourceArn }) => text(ResourceArn))).toEqual([
      expect.stringMatching(/\/stages\//),
    ]);
    expect(JSON.stringify(template.toJSON())).not.toMatch(/"cognito-idp:(?!Describe)/);
  });

  test('gets our app clients and our resource server', () => {
    expect(only(template, 'AWS::Cognito::UserPoolResourceServer')['UserPoolId']).toBe(
      userPool.pool,
    );
    const clients = properties(template, 'AWS::Cognito::UserPoolClient');
    expect(clients).toHaveLength(3);
    for (const client of clients) {
      expect(client).toMatchObject({
        UserPoolId: userPool.pool,
        SupportedIdentityProviders: ['COGNITO', 'Okta'],
      });
      expect(client['WriteAttributes']).toContain('custom:department');
      expect(client['WriteAttributes']).not.toContain('custom:groups');
    }
    expect(properties(template, 'AWS::Cognito::ManagedLoginBranding')).toHaveLength(3);
  });

  test('has its login where it says', () => {
    const variables = properties(template, 'AWS::Lambda::Function').map(
      ({ Environment }) => Environment?.Variables ?? {},
    );
    expect(variables.filter(({ COGNITO_DOMAIN }) => COGNITO_DOMAIN !== undefined)).toHaveLength(2);
    for (const { COGNITO_DOMAIN: url, COGNITO_USER_POOL_ID: id } of variables) {
      expect([undefined, 'https://login.example.com']).toContain(url);
      expect([undefined, userPool.pool]).toContain(id);
    }
  });

  test('may call the trigger, which is its owner’s to set', () => {
    expect(
      properties(template, 'AWS::Lambda::Permission').filter(
        ({ Principal }) => Principal === 'cognito-idp.amazonaws.com',
      ),
    ).toEqual([
      expect.objectContaining({
        FunctionName: { 'Fn::GetAtt': [expect.stringMatching(/PreTokenGeneration/), 'Arn'] },
      }),
    ]);
  });

  test('with the classic hosted UI needs no branding', () => {
    const classic = synthesized(withPool({ managedLogin: false }));
    expect(properties(classic, 'AWS::Cognito::ManagedLoginBranding')).toEqual([]);
  });

  test('is emulated by a pool of ours in the local runtime', () => {
    const local = synthesized(withPool(), {}, inLocalRuntime(4000));
    expect(properties(local, 'AWS::Cognito::UserPool')).toHaveLength(1);
    expect(properties(local, 'AWS::Cognito::UserPoolDomain')).toHaveLength(1);
  });

  test.each([
    ['an id that is none', withPool({ pool: 'my-pool' }), /neither the id of a user pool/],
    ['a login over http', withPool({ loginUrl: 'http://login.example.com' }), /pool's own domain/],
    [
      'providers to make',
      {
        identity: {
          userPool,
          providers: [{ type: 'saml', name: 'Entra', metadataUrl: 'https://login.example.com/x' }],
        },
      },
      /who owns the existing user pool/,
    ],
    ['another plan', { identity: { userPool, threatProtection: true } }, /who owns/],
    ['a second factor', { identity: { userPool, mfa: 'required' } }, /mfa: .* who owns/],
  ])('is refused with %s', (_, configuration, message) => {
    expect(() => readConfiguration({ ...withDomain, ...configuration })).toThrow(message);
  });
});

/** A stack of a team's own with a pool beside the Gatehouse. */
const beside = (
  use: (stack: Stack, make: (identity: IdentitySettings) => Gatehouse) => void,
  region = 'eu-west-1',
): Stack => {
  const stack = new Stack(testApp(), 'Reports', {
    env: { account: '123456789012', region },
  });
  use(stack, (identity) => new Gatehouse(stack, 'Mcp', { urlMode: 'stage', identity }));
  return stack;
};
const loginUrl = 'https://login.example.com';

test('a pool of the same app gets the trigger from who owns it', () => {
  const stack = beside((scope, make) => {
    const pool = new UserPool(scope, 'People');
    const mcp = make({ userPool: { pool, loginUrl, trigger: true } });
    pool.addTrigger(
      UserPoolOperation.PRE_TOKEN_GENERATION_CONFIG,
      mcp.preTokenGeneration,
      LambdaVersion.V2_0,
    );
    expect(mcp.userPool).toBe(pool);
  });
  const template = Template.fromStack(stack);
  expect(only(template, 'AWS::Cognito::UserPool')['LambdaConfig']).toMatchObject({
    PreTokenGenerationConfig: { LambdaVersion: 'V2_0' },
  });
  Annotations.fromStack(stack).hasNoWarning('*', Match.stringLikeRegexp('preTokenGeneration'));
});

test('what is missing without the trigger is said at synthesis', () => {
  const stack = beside((scope, make) => {
    make({ userPool: { pool: UserPool.fromUserPoolId(scope, 'People', userPool.pool), loginUrl } });
  });
  Annotations.fromStack(stack).hasWarning('*', Match.stringLikeRegexp('no email address'));
  Annotations.fromStack(stack).hasInfo('*', Match.stringLikeRegexp('Essentials'));
});

describe('a pool of another region or account is refused', () => {
  const id = 'us-east-1_AbCdEf123';
  const arn = (account: string, region: string) =>
    `arn:aws:cognito-idp:${region}:${account}:userpool/${region}_AbCdEf123`;

  test.each<[string, (stack: Stack) => UserPool | IUserPool | string, string]>([
    ['by its id', () => id, `${id} is in us-east-1`],
    [
      'imported by its id',
      (stack) => UserPool.fromUserPoolId(stack, 'People', id),
      `${id} is in us-east-1`,
    ],
    [
      'imported by its ARN',
      (stack) => UserPool.fromUserPoolArn(stack, 'People', arn('123456789012', 'us-east-1')),
      `${id} is in us-east-1`,
    ],
    [
      'of another account',
      (stack) => UserPool.fromUserPoolArn(stack, 'People', arn('999999999999', 'eu-west-1')),
      'is in 999999999999, and the stack in 123456789012',
    ],
    [
      'of a stack elsewhere',
      ({ node }) =>
        new UserPool(
          new Stack(node.root, 'Elsewhere', {
            env: { account: '123456789012', region: 'us-east-1' },
          }),
          'People',
        ),
      'the user pool is in us-east-1',
    ],
  ])('%s', (_, pool, message) => {
    expect(() =>
      beside((stack, make) => make({ userPool: { pool: pool(stack), loginUrl } })),
    ).toThrow(message);
  });

  test('by where its login pages are', () => {
    const elsewhere = 'https://people.auth.us-east-1.amazoncognito.com';
    expect(() =>
      beside((_, make) => make({ userPool: { pool: userPool.pool, loginUrl: elsewhere } })),
    ).toThrow(`loginUrl: ${elsewhere} is in us-east-1, and the stack in eu-west-1`);
  });

  test('but not where the stack takes its region from the deployment', () => {
    const stack = new Stack(testApp(), 'Reports');
    const identity = { userPool: { pool: id, loginUrl } };
    expect(() => new Gatehouse(stack, 'Mcp', { urlMode: 'stage', identity })).not.toThrow();
  });
});

test('one pool serves one deployment of an app', () => {
  const stack = beside((scope) => {
    for (const name of ['Orders', 'Reports'])
      new Gatehouse(scope, name, {
        urlMode: 'stage',
        identity: { userPool: { pool: userPool.pool, loginUrl } },
      });
  });
  expect(() => Template.fromStack(stack)).toThrow(
    'The user pool gets a resource server gatehouse twice',
  );
});

test('a provider that is named twice is offered once', () => {
  const template = synthesized(withPool({ providers: ['Okta', 'Okta'] }));
  for (const client of properties(template, 'AWS::Cognito::UserPoolClient'))
    expect(client['SupportedIdentityProviders']).toEqual(['COGNITO', 'Okta']);
});
