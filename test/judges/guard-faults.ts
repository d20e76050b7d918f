import { isObject } from './findings.ts';
import { changed, changedEach, withResource } from './sabotage.ts';
import type { JudgedTemplate, TemplateResource, Value } from './templates.ts';

/** A weakness put into a sound template, and the rule of guard/ that goes red for it. */
export interface Weakness {
  readonly rule: string;
  readonly weakness: string;
  readonly put: (template: JudgedTemplate) => JudgedTemplate;
}

const method = 'AWS::ApiGateway::Method';
const client = 'AWS::Cognito::UserPoolClient';
const response = 'AWS::ApiGateway::GatewayResponse';
const acl = 'AWS::WAFv2::WebACL';
const distribution = 'AWS::CloudFront::Distribution';

const without =
  (...types: readonly string[]) =>
  (template: JudgedTemplate): JudgedTemplate => ({
    ...template,
    resources: Object.fromEntries(
      Object.entries(template.resources).filter(([, { Type }]) => !types.includes(Type)),
    ),
  });

/** Changes members of an object that is a property. */
const changedIn =
  (type: string, property: string, members: { readonly [key: string]: Value }) =>
  (template: JudgedTemplate): JudgedTemplate =>
    changedEach(template, type, (resource) => {
      const before = resource.Properties[property];
      const after = { ...(isObject(before) && before), ...members };
      return { ...resource, Properties: { ...resource.Properties, [property]: after } };
    });

const gateway: readonly Weakness[] = [
  {
    rule: 'GATEWAY_MCP_IS_GUARDED',
    weakness: 'the methods of /mcp have no authorizer',
    put: changed(method, { AuthorizationType: 'NONE' }),
  },
  {
    rule: 'GATEWAY_AUTHORIZER_REMEMBERS_NOTHING',
    weakness: "the authorizer's decision is kept for five minutes",
    put: changed('AWS::ApiGateway::Authorizer', { AuthorizerResultTtlInSeconds: 300 }),
  },
  {
    rule: 'GATEWAY_KEYS_COME_FROM_THE_AUTHORIZER',
    weakness: 'callers send the key of their usage plan',
    put: changed('AWS::ApiGateway::RestApi', { ApiKeySourceType: 'HEADER' }),
  },
  {
    rule: 'GATEWAY_PREFLIGHTS_REACH_A_FUNCTION',
    weakness: 'a MOCK answers',
    put: changedIn(method, 'Integration', { Type: 'MOCK' }),
  },
  {
    rule: 'GATEWAY_STAGE_IS_THROTTLED',
    weakness: 'the stage has no throttle',
    put: changed('AWS::ApiGateway::Stage', { MethodSettings: [] }),
  },
  {
    rule: 'GATEWAY_LOGS_NO_CONTENTS',
    weakness: 'the access log has the path that the caller wrote',
    put: changed('AWS::ApiGateway::Stage', {
      AccessLogSetting: { DestinationArn: 'a', Format: '{"path":"$context.path"}' },
    }),
  },
  {
    rule: 'GATEWAY_RESPONSES_CARRY_THE_HEADERS',
    weakness: 'errors may be shown in a frame',
    put: changedIn(response, 'ResponseParameters', {
      'gatewayresponse.header.x-frame-options': "'SAMEORIGIN'",
    }),
  },
  {
    rule: 'GATEWAY_CHALLENGES',
    weakness: 'a 401 is answered by AWS alone',
    put: changed(response, { ResponseType: 'DEFAULT_4XX' }),
  },
  {
    rule: 'GATEWAY_RESPONSES_ADMIT_NO_ORIGIN_BLINDLY',
    weakness: 'errors admit every origin',
    put: changedIn(response, 'ResponseParameters', {
      'gatewayresponse.header.access-control-allow-origin': "'*'",
    }),
  },
  {
    rule: 'GATEWAY_DOMAIN_IS_THE_ONLY_ADDRESS',
    weakness: 'a domain takes TLS 1.0',
    put: withResource('Domain', {
      Type: 'AWS::ApiGateway::DomainName',
      Properties: { SecurityPolicy: 'TLS_1_0' },
    }),
  },
];

const firewall: readonly Weakness[] = [
  {
    rule: 'FIREWALL_STANDS_BEFORE_STAGE_AND_LOGIN',
    weakness: 'the web ACLs stand before nothing',
    put: without('AWS::WAFv2::WebACLAssociation'),
  },
  {
    rule: 'FIREWALL_LIMITS_ADDRESSES',
    weakness: 'the web ACLs have no rule',
    put: changed(acl, { Rules: [] }),
  },
  {
    rule: 'FIREWALL_HAS_MANAGED_RULES',
    weakness: 'the managed rules only count',
    put: (template) =>
      changedEach(template, acl, (each) => ({
        ...each,
        Properties: {
          ...each.Properties,
          Rules: JSON.parse(
            JSON.stringify(each.Properties['Rules']).replaceAll('"None":{}', '"Count":{}'),
          ),
        },
      })),
  },
  {
    rule: 'FIREWALL_LOG_IS_REDACTED',
    weakness: "the web ACL's log has tokens",
    put: changed('AWS::WAFv2::LoggingConfiguration', { RedactedFields: [] }),
  },
];

const identity: readonly Weakness[] = [
  {
    rule: 'IDENTITY_PASSWORDS_ARE_STRONG',
    weakness: 'eight characters are a password',
    put: changed('AWS::Cognito::UserPool', {
      Policies: { PasswordPolicy: { MinimumLength: 8, PasswordHistorySize: 5 } },
    }),
  },
  {
    rule: 'IDENTITY_CLIENTS_ARE_CONFIDENTIAL',
    weakness: 'app clients take the implicit grant',
    put: changed(client, { AllowedOAuthFlows: ['code', 'implicit'] }),
  },
  {
    rule: 'IDENTITY_LOGINS_ARE_BOUNDED',
    weakness: 'access tokens live for a day',
    put: changed(client, { AccessTokenValidity: 1440 }),
  },
];

const functions: readonly Weakness[] = [
  {
    rule: 'FUNCTION_LOGS_ARE_OURS',
    weakness: 'Lambda makes the log groups',
    put: changed('AWS::Lambda::Function', { LoggingConfig: { LogFormat: 'JSON' } }),
  },
  {
    rule: 'FUNCTION_LOGS_NOTHING_SENSITIVE',
    weakness: 'functions log tokens',
    put: changed('AWS::Lambda::Function', {
      Environment: { Variables: { ENVIRONMENT: 'production', LOG_SENSITIVE_DATA: 'true' } },
    }),
  },
  {
    rule: 'FUNCTION_ENVIRONMENT_HOLDS_NO_SECRET',
    weakness: 'a key of AWS stands in the environment',
    put: changed('AWS::Lambda::Function', {
      Environment: { Variables: { PARTNER: `AKIA${'A'.repeat(16)}` } },
    }),
  },
  {
    rule: 'FUNCTION_IS_INVOKED_BY_NAMED_SOURCES',
    weakness: 'everybody may invoke the functions',
    put: changed('AWS::Lambda::Permission', { Principal: '*' }),
  },
  {
    rule: 'FUNCTION_HAS_NO_ADDRESS_OF_ITS_OWN',
    weakness: 'a function has a URL',
    put: withResource('Url', { Type: 'AWS::Lambda::Url', Properties: { AuthType: 'NONE' } }),
  },
  {
    rule: 'ROLE_ALLOWS_NOTHING_WHOLESALE',
    weakness: 'the roles may do everything to tables',
    put: changed('AWS::IAM::Policy', {
      PolicyDocument: {
        Statement: [{ Effect: 'Allow', Action: 'dynamodb:*', Resource: 'arn:aws:dynamodb:::a' }],
      },
    }),
  },
  {
    rule: 'ROLE_READS_TABLE_BY_KEY',
    weakness: 'the roles reach every item',
    put: changed('AWS::IAM::Policy', {
      PolicyDocument: {
        Statement: [
          {
            Sid: 'UpdateItemuser',
            Effect: 'Allow',
            Action: 'dynamodb:UpdateItem',
            Resource: 'arn:aws:dynamodb:::a',
          },
        ],
      },
    }),
  },
];

const data: readonly Weakness[] = [
  {
    rule: 'DATA_TABLE_IS_ENCRYPTED_AND_RECOVERABLE',
    weakness: 'the table cannot be restored',
    put: changed('AWS::DynamoDB::Table', { PointInTimeRecoverySpecification: {} }),
  },
  {
    rule: 'DATA_OUTLIVES_ITS_STACK',
    weakness: 'the users go with the stack',
    put: (template) =>
      changedEach(template, 'AWS::Cognito::UserPool', (pool) => ({
        ...pool,
        DeletionPolicy: 'Delete',
      })),
  },
  {
    rule: 'DATA_LOGS_ARE_ENCRYPTED_AND_END',
    weakness: 'logs are kept for ever, in the clear',
    put: changed('AWS::Logs::LogGroup', { KmsKeyId: null, RetentionInDays: 0 }),
  },
  {
    rule: 'DATA_KEYS_ROTATE',
    weakness: 'the key is never replaced',
    put: changed('AWS::KMS::Key', { EnableKeyRotation: false }),
  },
  {
    rule: 'DATA_ALARMS_ARE_ENCRYPTED',
    weakness: 'alarms may be published without TLS',
    put: without('AWS::SNS::TopicPolicy'),
  },
];

const observability: readonly Weakness[] = [
  {
    rule: 'OBSERVABILITY_ALARMS_TELL_SOMEBODY',
    weakness: 'alarms tell nobody',
    put: changed('AWS::CloudWatch::Alarm', { AlarmActions: [] }),
  },
  {
    rule: 'OBSERVABILITY_HAS_A_DASHBOARD',
    weakness: 'there is no dashboard',
    put: without('AWS::CloudWatch::Dashboard'),
  },
];

const behavior = { ViewerProtocolPolicy: 'https-only' };

const aDistribution = (config: { readonly [key: string]: Value }) =>
  withResource('Distribution', {
    Type: distribution,
    Properties: { DistributionConfig: { DefaultCacheBehavior: behavior, ...config } },
  });

const edge: readonly Weakness[] = [
  {
    rule: 'EDGE_SPEAKS_TLS_ALONE',
    weakness: 'the distribution answers without TLS',
    put: aDistribution({ DefaultCacheBehavior: { ViewerProtocolPolicy: 'allow-all' } }),
  },
  {
    rule: 'EDGE_PROVES_ITSELF',
    weakness: 'whoever comes round the distribution writes their own address',
    put: aDistribution({ Origins: [{ Id: 'stage' }] }),
  },
  {
    rule: 'EDGE_ADDS_THE_HEADERS',
    weakness: 'the distribution adds no header',
    put: aDistribution({ Origins: [] }),
  },
];

/** One for each rule. */
/** Adds something to a template that refers to a function of it. */
const withReference =
  (id: string, description: string, resource: (logicalId: string) => TemplateResource) =>
  (template: JudgedTemplate): JudgedTemplate => {
    const [logicalId = ''] =
      Object.entries(template.resources).find(
        ([, { Type, Properties }]) =>
          Type === 'AWS::Lambda::Function' && Properties['Description'] === description,
      ) ?? [];
    return withResource(id, resource(logicalId))(template);
  };

/** Replaces text in the properties of each resource of a type. */
const edited =
  (type: string, from: RegExp, to: string) =>
  (template: JudgedTemplate): JudgedTemplate =>
    changedEach(template, type, (resource) => ({
      ...resource,
      Properties: JSON.parse(JSON.stringify(resource.Properties).replaceAll(from, to)),
    }));

const withVariable = (name: string, value: string) =>
  edited(
    'AWS::Lambda::Function',
    new RegExp(`"${name}":(?:"[^"]*"|\\{"Ref":"[^"]*"\\})`, 'g'),
    `"${name}":"${value}"`,
  );

/** What somebody adds who means well: a second door, a partner's exception, a quiet week. */
const doors: readonly Weakness[] = [
  {
    rule: 'GATEWAY_TOOLS_HAVE_NO_OTHER_DOOR',
    weakness: 'a second path leads to the tools',
    put: withReference('Back', 'Gatehouse mcp', (id) => ({
      Type: method,
      Properties: {
        HttpMethod: 'POST',
        AuthorizationType: 'NONE',
        Integration: {
          Type: 'AWS_PROXY',
          Uri: { 'Fn::Join': ['', ['arn:', { 'Fn::GetAtt': [id, 'Arn'] }, '/invocations']] },
        },
      },
    })),
  },
  {
    rule: 'GATEWAY_AUTHORIZER_IS_OURS',
    weakness: 'the authorizer is another function',
    put: edited('AWS::ApiGateway::Authorizer', /Functionsauthorizer/g, 'Functionshealth'),
  },
  {
    rule: 'GATEWAY_RESPONSES_REPEAT_NO_ORIGIN_UNSEEN',
    weakness: 'every error repeats the origin',
    put: changedIn(response, 'ResponseParameters', {
      'gatewayresponse.header.access-control-allow-origin': 'method.request.header.origin',
    }),
  },
  {
    rule: 'FIREWALL_LETS_NOBODY_PAST',
    weakness: 'a partner is let past the limits',
    put: edited(acl, /"Rules":\[/g, '"Rules":[{"Name":"partner","Action":{"Allow":{}}},'),
  },
  {
    rule: 'FIREWALL_LETS_NOBODY_PAST',
    weakness: 'a limit counts in ten minutes',
    put: edited(acl, /"EvaluationWindowSec":\d+/g, '"EvaluationWindowSec":600'),
  },
  {
    rule: 'FIREWALL_LIMITS_ADDRESSES',
    weakness: 'what is over a limit is counted alone',
    put: edited(acl, /"Action":\{"Block":/g, '"Action":{"Count":'),
  },
  {
    rule: 'FIREWALL_REFUSALS_CARRY_THE_HEADERS',
    weakness: 'refusals have no header',
    put: edited(acl, /"ResponseHeaders":\[[^\]]*\]/g, '"ResponseHeaders":[]'),
  },
  {
    rule: 'IDENTITY_LOGINS_ARE_BOUNDED',
    weakness: 'access tokens live for fifteen hours',
    put: changed(client, { TokenValidityUnits: { AccessToken: 'hours' } }),
  },
  {
    rule: 'FUNCTION_SAYS_WHAT_IT_IS',
    weakness: 'functions have other descriptions',
    put: changed('AWS::Lambda::Function', { Description: 'Something' }),
  },
  {
    rule: 'FUNCTION_TAKES_OUR_TOKENS',
    weakness: "tokens of somebody else's pool are taken",
    put: withVariable('COGNITO_USER_POOL_ID', 'eu-west-1_Foreign00'),
  },
  {
    rule: 'FUNCTION_TAKES_OUR_TOKENS',
    weakness: 'the resource has no TLS',
    put: edited('AWS::Lambda::Function', /"https:\/\//g, '"http://'),
  },
  {
    rule: 'FUNCTION_LOGS_NOTHING_FOR_DEBUGGING',
    weakness: 'production logs for debugging',
    put: withVariable('POWERTOOLS_LOG_LEVEL', 'DEBUG'),
  },
  {
    rule: 'ROLE_ALLOWS_NOTHING_WHOLESALE',
    weakness: 'a role may do everything by itself',
    put: changed('AWS::IAM::Role', {
      Policies: [
        {
          PolicyName: 'all',
          PolicyDocument: { Statement: [{ Effect: 'Allow', Action: '*', Resource: '*' }] },
        },
      ],
    }),
  },
  {
    rule: 'ROLE_ALLOWS_NOTHING_WHOLESALE',
    weakness: "a role has AWS's policy of administrators",
    put: changed('AWS::IAM::Role', {
      ManagedPolicyArns: [
        {
          'Fn::Join': [
            '',
            ['arn:', { Ref: 'AWS::Partition' }, ':iam::aws:policy/AdministratorAccess'],
          ],
        },
      ],
    }),
  },
  {
    rule: 'OBSERVABILITY_ALARMS_ARE_ON',
    weakness: 'the alarms are off',
    put: changed('AWS::CloudWatch::Alarm', { ActionsEnabled: false }),
  },
  {
    rule: 'OBSERVABILITY_ALARMS_ARE_ON',
    weakness: 'the alarms wait for a million',
    put: changed('AWS::CloudWatch::Alarm', { Threshold: 1_000_000 }),
  },
];

export const weaknesses: readonly Weakness[] = [
  ...doors,
  ...gateway,
  ...firewall,
  ...identity,
  ...functions,
  ...data,
  ...observability,
  ...edge,
];
