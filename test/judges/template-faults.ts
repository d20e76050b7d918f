import { isObject } from './findings.ts';
import { changed, changedEach, withResource } from './sabotage.ts';
import type { JudgedTemplate, Value } from './templates.ts';

/** A fault that once stood in a template, and the rule that goes red when it is put back. */
export interface TemplateFault {
  readonly fault: string;
  /** The configuration whose template it is put into. */
  readonly into: string;
  readonly put: (template: JudgedTemplate) => JudgedTemplate;
  readonly rule: string;
}

const fixedNames = 'what outlives its stack has a name that no later stack wants';
const unique = 'two resources of a stack never have the same name';
const production = 'cloudfront, production';
const two = 'two in a stack, cloudfront';

const rulesOf = (acl: Value | undefined) => (Array.isArray(acl) ? acl.filter(isObject) : []);

export const templateFaults: readonly TemplateFault[] = [
  {
    fault: 'a log group that is kept has a fixed name, so that a second attempt fails',
    into: production,
    put: changed('AWS::Logs::LogGroup', { LogGroupName: 'aws-waf-logs-gatehouse-prod-api' }),
    rule: fixedNames,
  },
  {
    fault: 'a failed creation leaves everything behind (DeletionPolicy: Retain)',
    into: production,
    put: (template) =>
      changedEach(template, 'AWS::DynamoDB::Table', (table) => ({
        ...table,
        DeletionPolicy: 'Retain',
      })),
    rule: 'what holds state is kept on deletion and replacement, and not by a failed creation',
  },
  {
    fault: "the account's logging role is set by a resource that overwrites and removes it",
    into: production,
    put: withResource('Account', {
      Type: 'AWS::ApiGateway::Account',
      Properties: { CloudWatchRoleArn: 'arn:aws:iam::123456789012:role/ours' },
    }),
    rule: 'nothing that a whole account shares is overwritten',
  },
  {
    fault: 'two Gatehouses of a stack want one Cognito domain',
    into: two,
    put: changed('AWS::Cognito::UserPoolDomain', { Domain: { Ref: 'AWS::StackName' } }),
    rule: unique,
  },
  {
    fault: "two Gatehouses of a stack have one ApiName, and each other's metrics",
    into: two,
    put: changed('AWS::ApiGateway::RestApi', { Name: 'Gatehouse' }),
    rule: unique,
  },
  {
    fault: "a CloudFront policy's name lacks the region, so that a second region meets 409",
    into: production,
    put: changed('AWS::CloudFront::ResponseHeadersPolicy', {
      ResponseHeadersPolicyConfig: { Name: 'Gatehouse-prod-Headers' },
    }),
    rule: 'a name that an account has once in all regions carries the region',
  },
  {
    fault: 'seven more client profiles exceed the 4 KB of an environment',
    into: production,
    put: changed('AWS::Lambda::Function', {
      Environment: { Variables: { CLIENT_PROFILES: 'x'.repeat(4096) } },
    }),
    rule: "a function's environment is at most 4 KB",
  },
  {
    fault: 'Cognito exports to a log group under a key of the account, which it refuses',
    into: 'production with everything',
    put: changed('AWS::Logs::LogGroup', { KmsKeyId: 'arn:aws:kms:eu-west-1:1:key/ours' }),
    rule: 'the log group that Cognito exports to has the prefix of vended logs, and no key of the account',
  },
  {
    fault: 'an existing user pool is replaced by one of the stack',
    into: 'an existing user pool',
    put: withResource('People', { Type: 'AWS::Cognito::UserPool', Properties: {} }),
    rule: 'an existing user pool is neither made nor changed',
  },
  {
    fault: "an existing user pool loses its owner's web ACL to ours",
    into: 'an existing user pool',
    put: changed('AWS::WAFv2::WebACLAssociation', {
      ResourceArn: 'arn:aws:cognito-idp:eu-west-1:123456789012:userpool/eu-west-1_AbCdEf123',
    }),
    rule: 'an existing user pool is neither made nor changed',
  },
  {
    fault: 'an attribute of the user pool is taken away, and every update fails',
    into: production,
    put: changed('AWS::Cognito::UserPool', {
      Schema: [{ Mutable: true, Name: 'email', Required: true }],
    }),
    rule: 'what a user pool can never change is as it was first deployed',
  },
  {
    fault: "the secret of a company's provider stands in the template",
    into: "the company's providers",
    put: changed('AWS::Cognito::UserPoolIdentityProvider', {
      ProviderDetails: { client_id: 'abc', client_secret: 'GOCSPX-abcdefghijklmnop' },
    }),
    rule: "an identity provider's secret is a reference",
  },
  {
    fault: "the example's table has a name and is kept",
    into: 'the example app',
    put: changed('AWS::DynamoDB::Table', { TableName: 'orders' }),
    rule: fixedNames,
  },
  {
    fault: 'the key admits logs.amazonaws.com, and no region',
    into: production,
    put: changed('AWS::KMS::Key', {
      KeyPolicy: {
        Statement: [
          {
            Effect: 'Allow',
            Principal: { Service: 'logs.amazonaws.com' },
            Action: ['kms:Encrypt'],
          },
          {
            Effect: 'Allow',
            Principal: { Service: 'cloudwatch.amazonaws.com' },
            Action: ['kms:GenerateDataKey*'],
          },
        ],
      },
    }),
    rule: 'a key that logs are encrypted with admits the logs of its own region',
  },
  {
    fault: 'a web ACL is associated as soon as it is made (WAFUnavailableEntityException)',
    into: production,
    put: (template) =>
      changedEach(template, 'AWS::WAFv2::WebACLAssociation', (association) => ({
        ...association,
        DependsOn: [],
      })),
    rule: 'a web ACL is associated after its log is set up',
  },
  {
    fault: 'managed rules block loopback redirect URIs, and questions about Log4j',
    into: production,
    put: (template) =>
      changedEach(template, 'AWS::WAFv2::WebACL', (acl) => ({
        ...acl,
        Properties: {
          ...acl.Properties,
          Rules: JSON.parse(
            JSON.stringify(acl.Properties['Rules']).replaceAll(
              /EC2MetaDataSSRF_QUERYARGUMENTS|Log4JRCE_BODY/g,
              'SomethingElse',
            ),
          ),
        },
      })),
    rule: 'no managed rule blocks what a caller may legitimately write',
  },
  {
    fault: 'app clients have custom authentication alone, and managed login no form',
    into: production,
    put: changed('AWS::Cognito::UserPoolClient', { ExplicitAuthFlows: ['ALLOW_CUSTOM_AUTH'] }),
    rule: 'managed login has a flow to offer to every app client',
  },
  {
    fault: "the topic's policy refuses CloudWatch, and alarms reach nobody",
    into: production,
    put: changed('AWS::SNS::TopicPolicy', {
      PolicyDocument: {
        Statement: [{ Effect: 'Deny', Principal: { AWS: '*' }, Action: 'sns:Publish' }],
      },
    }),
    rule: "an alarm's topic and its key admit CloudWatch",
  },
  {
    fault: "LambdaErrors counts the authorizer's 401s",
    into: production,
    put: (template) => {
      const authorizer = Object.values(template.resources).find(
        ({ Type }) => Type === 'AWS::ApiGateway::Authorizer',
      );
      const [, id = ''] =
        /"Fn::GetAtt":\["(\w+)"/.exec(JSON.stringify(authorizer?.Properties)) ?? [];
      return changed('AWS::CloudWatch::Alarm', {
        MetricName: 'Errors',
        Dimensions: [{ Name: 'FunctionName', Value: { Ref: id } }],
      })(template);
    },
    rule: 'no alarm fires on what every client does',
  },
  {
    fault: 'nobody watches what really fails in the authorizer',
    into: production,
    put: changed('AWS::CloudWatch::Alarm', { MetricName: 'Other', Metrics: [] }),
    rule: 'what really fails in the authorizer has an alarm',
  },
  {
    fault: "the user pool's web ACL counts our own token function",
    into: production,
    put: (template) =>
      changedEach(template, 'AWS::WAFv2::WebACL', (acl) => ({
        ...acl,
        Properties: {
          ...acl.Properties,
          Rules: rulesOf(acl.Properties['Rules']).map((rule) => ({
            ...rule,
            Statement: { RateBasedStatement: { Limit: 200, AggregateKeyType: 'IP' } },
          })),
        },
      })),
    rule: 'no rate rule before the user pool counts what our own token function calls',
  },
  {
    fault: 'detailed metrics of every method are paid for',
    into: production,
    put: changed('AWS::ApiGateway::Stage', { MethodSettings: [{ MetricsEnabled: true }] }),
    rule: 'no method has detailed metrics that nothing reads',
  },
  {
    fault: 'functions write START, END and REPORT lines',
    into: production,
    put: changed('AWS::Lambda::Function', { LoggingConfig: { LogFormat: 'JSON' } }),
    rule: 'no function writes START, END and REPORT lines that nobody reads',
  },
  {
    fault: 'a function writes to a log group that Lambda makes',
    into: production,
    put: changed('AWS::Lambda::Function', { LoggingConfig: { SystemLogLevel: 'WARN' } }),
    rule: 'every function writes to a log group of the stack',
  },
  {
    fault: "a web ACL's log has another name than AWS WAF takes",
    into: production,
    put: changed('AWS::Logs::LogGroup', {
      LogGroupName: { 'Fn::Join': ['-', ['waf', { Ref: 'AWS::StackId' }]] },
    }),
    rule: 'the log group of a web ACL has the prefix that AWS WAF demands',
  },
  {
    fault: 'an integration has no permission to invoke its function',
    into: production,
    put: changed('AWS::Lambda::Permission', { Principal: 'events.amazonaws.com' }),
    rule: 'every integration, authorizer and trigger may invoke its function',
  },
  {
    fault: 'CloudWatch Logs may not hand lines to the audit trail',
    into: production,
    put: changed('AWS::Lambda::Permission', { SourceArn: 'arn:aws:logs:eu-west-1:1:log-group:x' }),
    rule: 'every subscription of a log group may hand lines over',
  },
  {
    fault: 'the audit trail is handed its own lines, for ever',
    into: production,
    put: (template) => {
      const [[writer = ''] = []] = Object.entries(template.resources).filter(
        ([, { Type, Properties }]) =>
          Type === 'AWS::Lambda::Function' && Properties['Description'] === 'Gatehouse audit-trail',
      );
      const logging = template.resources[writer]?.Properties['LoggingConfig'];
      const group = isObject(logging) ? logging['LogGroup'] : undefined;
      return changed('AWS::Logs::SubscriptionFilter', { LogGroupName: group ?? null })(template);
    },
    rule: 'no function is handed the lines that it writes',
  },
  {
    fault: 'a log group has as many subscriptions as AWS takes, and its owner can add none',
    into: production,
    put: changed('AWS::Logs::SubscriptionFilter', { LogGroupName: { Ref: 'One' } }),
    rule: 'every log group has room for a subscription of its owner',
  },
  {
    fault: 'the calls of tools are missing from the audit trail',
    into: production,
    put: (template) => ({
      ...template,
      resources: Object.fromEntries(
        Object.entries(template.resources).filter(
          ([id, { Type }]) => Type !== 'AWS::Logs::SubscriptionFilter' || !id.includes('Linesmcp'),
        ),
      ),
    }),
    rule: 'the audit trail has the lines of every function that knows of people',
  },
  {
    fault: 'a function has a permission for each of too many paths',
    into: production,
    put: changed('AWS::Lambda::Permission', {
      SourceArn: `arn:aws:execute-api:eu-west-1:123456789012:an-api/*/GET/${'x'.repeat(21_000)}`,
    }),
    rule: "a function's permissions fit into its policy of 20 KB",
  },
  {
    fault: 'a stack holds more than CloudFormation takes',
    into: two,
    put: (template) => ({
      ...template,
      resources: Object.fromEntries(
        Object.entries(template.resources).flatMap(([id, resource]) => [
          [id, resource],
          [`${id}Too`, resource],
        ]),
      ),
    }),
    rule: 'a template has at most 500 resources and 1 MB',
  },
  {
    fault: 'a web ACL needs more capacity than the basic price covers',
    into: production,
    put: (template) =>
      changedEach(template, 'AWS::WAFv2::WebACL', (acl) => ({
        ...acl,
        Properties: {
          ...acl.Properties,
          Rules: rulesOf(acl.Properties['Rules']).flatMap((rule) => [rule, rule]),
        },
      })),
    rule: 'a web ACL holds at most 1,500 capacity units',
  },
  {
    fault: 'a name is given of which nobody has said where it must be unique',
    into: production,
    put: withResource('Bus', { Type: 'AWS::Events::EventBus', Properties: { Name: 'orders' } }),
    rule: 'somebody has said where each physical name must be unique',
  },
];
