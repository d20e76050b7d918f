import { templateFacts } from '../../../bin/audit/template-evidence.ts';
import { isObject } from '../../judges/findings.ts';
import { changed, changedEach, withResource } from '../../judges/sabotage.ts';
import {
  type JudgedTemplate,
  type TemplateResource,
  templateOf,
  templates,
} from '../../judges/templates.ts';
import { controlsOfDocument } from './controls.ts';

type Sabotage = (template: JudgedTemplate) => JudgedTemplate;

const controls = controlsOfDocument();
const good = templateOf('cloudfront, production');

const wrongIn = ({ resources }: JudgedTemplate): readonly string[] =>
  controls.flatMap((control) =>
    templateFacts(control, resources)
      .filter(({ holds }) => !holds)
      .map(({ resource, property, value }) => `${control.id}: ${resource}.${property} = ${value}`),
  );

const idsIn = (template: JudgedTemplate): readonly string[] => [
  ...new Set(wrongIn(template).map((line) => line.split(':', 1)[0] ?? '')),
];

const idOf = (type: string, holds: (resource: TemplateResource) => boolean = () => true): string =>
  Object.entries(good.resources).find(([, each]) => each.Type === type && holds(each))?.[0] ?? '';

const mcpFunction = idOf(
  'AWS::Lambda::Function',
  ({ Properties }) => Properties['Description'] === 'Gatehouse mcp',
);
const tools = { Type: 'AWS_PROXY', Uri: { 'Fn::GetAtt': [mcpFunction, 'Arn'] } };

const without =
  (type: string): Sabotage =>
  (template) => ({
    ...template,
    resources: Object.fromEntries(
      Object.entries(template.resources).filter(([, { Type }]) => Type !== type),
    ),
  });

const withVariable =
  (name: string, value: string): Sabotage =>
  (template) =>
    changedEach(template, 'AWS::Lambda::Function', (lambda) => {
      const { Environment: environment } = lambda.Properties;
      const variables = isObject(environment) ? environment['Variables'] : {};
      return {
        ...lambda,
        Properties: {
          ...lambda.Properties,
          Environment: { Variables: { ...(isObject(variables) && variables), [name]: value } },
        },
      };
    });

/** Replaces text in the properties of each resource of a type. */
const edited =
  (type: string, from: RegExp, to: string): Sabotage =>
  (template) =>
    changedEach(template, type, (resource) => ({
      ...resource,
      Properties: JSON.parse(JSON.stringify(resource.Properties).replaceAll(from, to)),
    }));

const acl = 'AWS::WAFv2::WebACL';
const client = 'AWS::Cognito::UserPoolClient';
const role = 'AWS::IAM::Role';

const firstRule =
  (rule: object): Sabotage =>
  (template) =>
    changedEach(template, acl, (each) => ({
      ...each,
      Properties: {
        ...each.Properties,
        Rules: JSON.parse(JSON.stringify([rule, each.Properties['Rules']].flat())),
      },
    }));

/** What an operator may choose and a control does not have: an audit says so. By configuration, or by one stack of it. */
const deviations: Readonly<Record<string, readonly string[]>> = {
  'without a logging role': ['LOG-5'],
  'three stages of an account (Gatehouse-dev)': ['LOG-5'],
  'address limits of an own': ['RATE-1', 'RATE-2', 'RATE-3', 'RATE-4'],
};

describe('what the template shows', () => {
  test.each(templates().map((each) => [`${each.configuration} (${each.stack})`, each] as const))(
    'of every control: %s',
    (name, template) => {
      const expected = deviations[name] ?? deviations[template.configuration];
      expect(expected === undefined ? wrongIn(template) : idsIn(template)).toEqual(expected ?? []);
    },
  );
});

describe('a weakened template shows it at', () => {
  test.each<[string, string, Sabotage]>([
    [
      'AUTH-1',
      'a second path to the tools without an authorizer',
      withResource('Back', {
        Type: 'AWS::ApiGateway::Method',
        Properties: {
          HttpMethod: 'POST',
          AuthorizationType: 'NONE',
          Integration: tools,
          ResourceId: 'other',
        },
      }),
    ],
    [
      'AUTH-1',
      'an address of its own for a function',
      withResource('Url', {
        Type: 'AWS::Lambda::Url',
        Properties: { AuthType: 'NONE', TargetFunctionArn: { 'Fn::GetAtt': [mcpFunction, 'Arn'] } },
      }),
    ],
    [
      'AUTH-1',
      'functions that everybody may invoke',
      changed('AWS::Lambda::Permission', { Principal: '*' }),
    ],
    [
      'AUTH-1',
      'functions that a service invokes on behalf of any account',
      changed('AWS::Lambda::Permission', { SourceArn: null }),
    ],
    [
      'AUTH-1',
      'an authorizer that is another function',
      changed('AWS::ApiGateway::Authorizer', {
        AuthorizerUri: { 'Fn::GetAtt': [mcpFunction, 'Arn'] },
      }),
    ],
    [
      'AUTH-1',
      'an authorizer that sees the token alone',
      changed('AWS::ApiGateway::Authorizer', { Type: 'TOKEN' }),
    ],
    [
      'AUTH-2',
      "tokens of somebody else's pool",
      withVariable('COGNITO_USER_POOL_ID', 'eu-west-1_Foreign00'),
    ],
    [
      'AUTH-5',
      "somebody else's app client",
      withVariable('COGNITO_CLIENT_ID', 'claude=1example23456789'),
    ],
    [
      'AUTH-6',
      'a resource without TLS',
      withVariable('RESOURCE_URL', 'http://mcp.example.com/mcp'),
    ],
    ['OAUTH-6', 'access tokens for a day', changed(client, { AccessTokenValidity: 1440 })],
    [
      'OAUTH-6',
      'access tokens for fifteen hours',
      changed(client, { TokenValidityUnits: { AccessToken: 'hours' } }),
    ],
    [
      'OAUTH-7',
      'a callback without TLS',
      changed(client, { CallbackURLs: ['http://mcp.example.com/callback'] }),
    ],
    [
      'OAUTH-8',
      'passwords past the login page',
      changed(client, { ExplicitAuthFlows: ['ALLOW_USER_PASSWORD_AUTH'] }),
    ],
    [
      'OAUTH-13',
      'tokens that cannot be revoked',
      changed(client, { EnableTokenRevocation: false }),
    ],
    [
      'RATE-2',
      'limits that refuse nobody',
      edited(acl, /"Action":\{"Block":/g, '"Action":{"Count":'),
    ],
    [
      'RATE-9',
      'limits that refuse with 403',
      edited(acl, /"ResponseCode":429/g, '"ResponseCode":403'),
    ],
    [
      'RATE-1',
      'a rule that lets everybody past the limits',
      firstRule({ Name: 'partner', Priority: 0, Action: { Allow: {} } }),
    ],
    [
      'RATE-2',
      'a limit for POST alone',
      edited(acl, /"EvaluationWindowSec":60/g, '"EvaluationWindowSec":600'),
    ],
    [
      'RATE-8',
      'calls without a usage plan',
      changed('AWS::ApiGateway::Method', { ApiKeyRequired: false }),
    ],
    [
      'RATE-8',
      'a stage without a throttle',
      changed('AWS::ApiGateway::Stage', {
        MethodSettings: [{ ResourcePath: '/*', HttpMethod: '*', DataTraceEnabled: false }],
      }),
    ],
    [
      'CONF-4',
      'a token of a service in a variable',
      withVariable('PARTNER', `ghp_${'a'.repeat(36)}`),
    ],
    [
      'CONF-4',
      'a password in a variable',
      withVariable('DB_PASSWORD', 'correct horse battery staple'),
    ],
    [
      'CONF-5',
      'a role that may do everything',
      changed(role, {
        Policies: [
          {
            PolicyName: 'all',
            PolicyDocument: { Statement: [{ Effect: 'Allow', Action: '*', Resource: '*' }] },
          },
        ],
      }),
    ],
    [
      'CONF-5',
      "a role with AWS's policy of administrators",
      changed(role, { ManagedPolicyArns: ['arn:aws:iam::aws:policy/AdministratorAccess'] }),
    ],
    [
      'CONF-5',
      'a policy that may do everything to tables',
      changed('AWS::IAM::Policy', {
        PolicyDocument: { Statement: { Effect: 'Allow', Action: 'dynamodb:*', Resource: '*' } },
      }),
    ],
    [
      'CONF-5',
      'a table that AWS encrypts',
      changed('AWS::DynamoDB::Table', { SSESpecification: { SSEEnabled: false } }),
    ],
    [
      'CONF-5',
      'a key that is never replaced',
      changed('AWS::KMS::Key', { EnableKeyRotation: false }),
    ],
    [
      'CONF-5',
      'passwords of six characters',
      changed('AWS::Cognito::UserPool', { Policies: { PasswordPolicy: { MinimumLength: 6 } } }),
    ],
    [
      'CONF-5',
      'a distribution without TLS',
      edited(
        'AWS::CloudFront::Distribution',
        /"ViewerProtocolPolicy":"https-only"/g,
        '"ViewerProtocolPolicy":"allow-all"',
      ),
    ],
    [
      'CONF-5',
      'managed rules that only count',
      edited(acl, /"OverrideAction":\{"None":\{\}\}/g, '"OverrideAction":{"Count":{}}'),
    ],
    [
      'RATE-10',
      'a distribution that proves nothing',
      edited('AWS::CloudFront::Distribution', /"OriginCustomHeaders"/g, '"Forgotten"'),
    ],
    [
      'CORS-1',
      'gateway responses for every origin',
      edited('AWS::ApiGateway::GatewayResponse', /"method\.request\.header\.origin"/g, `"'*'"`),
    ],
    [
      'CORS-6',
      'every error repeats the origin',
      edited(
        'AWS::ApiGateway::GatewayResponse',
        /"ResponseParameters":\{/g,
        '"ResponseParameters":{"gatewayresponse.header.access-control-allow-origin":"method.request.header.origin",',
      ),
    ],
    [
      'X-Frame-Options',
      'refusals of the web ACL without headers',
      edited(acl, /"ResponseHeaders":\[[^\]]*\]/g, '"ResponseHeaders":[]'),
    ],
    [
      'X-Frame-Options',
      'a distribution without headers',
      without('AWS::CloudFront::ResponseHeadersPolicy'),
    ],
    [
      'Permissions-Policy',
      'no gateway response of its own',
      without('AWS::ApiGateway::GatewayResponse'),
    ],
    [
      'ERR-1',
      'a stage that says nothing of its log',
      changed('AWS::ApiGateway::Stage', { MethodSettings: [] }),
    ],
    [
      'LOG-1',
      'functions whose log group Lambda makes',
      changed('AWS::Lambda::Function', { LoggingConfig: { LogFormat: 'JSON' } }),
    ],
    ['LOG-1', 'functions that log for debugging', withVariable('POWERTOOLS_LOG_LEVEL', 'DEBUG')],
    [
      'LOG-2',
      'functions that nobody knows',
      changed('AWS::Lambda::Function', { Description: 'Something' }),
    ],
    [
      'MON-2',
      'alarms that are switched off',
      changed('AWS::CloudWatch::Alarm', { ActionsEnabled: false }),
    ],
    [
      'MON-2',
      'alarms that wait for a million',
      changed('AWS::CloudWatch::Alarm', { Threshold: 1_000_000 }),
    ],
    ['MON-2', 'no topic for the alarms', without('AWS::SNS::Topic')],
  ])('%s: %s', (id, _, sabotage) => {
    expect(idsIn(sabotage(good))).toContain(id);
  });

  test('the first of two Gatehouses in a stack', () => {
    const second = Object.fromEntries(
      Object.entries(good.resources).map(([id, resource]) => [
        id,
        JSON.parse(JSON.stringify(resource).replaceAll('Gatehouse-', 'Second-')),
      ]),
    );
    const bad = withVariable('LOG_SENSITIVE_DATA', 'true')(good);
    const both = {
      ...good,
      resources: {
        ...bad.resources,
        ...Object.fromEntries(Object.entries(second).map(([id, each]) => [`Second${id}`, each])),
      },
    };
    expect(idsIn(both)).toContain('LOG-2');
  });
});
