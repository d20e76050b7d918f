import { createHash } from 'node:crypto';
import { StartupFailure } from '../failure.ts';
import type { Deployment } from './deployment.ts';

/** One resource as the rows below see it. */
interface Resource {
  readonly logicalId: string;
  readonly deployment: Deployment;
  /**
   * A name of the given length, the same at every start: lower-case letters and digits, like API
   * Gateway's and Cognito's ids.
   */
  id(length: number, salt?: string): string;
  /** A property as text, resolved; undefined when the template leaves it out. */
  property(name: string): string | undefined;
  /** `arn:aws:{service}:{region}:{account}:{rest}` */
  arn(service: string, rest: string): string;
}

interface Identity {
  readonly ref: (resource: Resource) => string;
  readonly attributes?: Readonly<Record<string, (resource: Resource) => string>>;
}

const named =
  (property: string): ((resource: Resource) => string) =>
  (resource) =>
    resource.property(property) ?? `${resource.deployment.stackName}-${resource.logicalId}`;
const opaque = (resource: Resource): string => resource.id(10);
const arnOf = (service: string, prefix: string, nameProperty: string) => (resource: Resource) =>
  resource.arn(service, `${prefix}${named(nameProperty)(resource)}`);
const userPoolId = (resource: Resource): string =>
  `${resource.deployment.region}_${resource.id(9)}`;
const userPoolHost = (resource: Resource): string =>
  `cognito-idp.${resource.deployment.region}.${resource.deployment.urlSuffix}/${userPoolId(resource)}`;
const wafArn = (kind: string) => (resource: Resource) =>
  resource.arn('wafv2', `regional/${kind}/${named('Name')(resource)}/${resource.id(12)}`);
const wafRef = (resource: Resource): string =>
  `${named('Name')(resource)}|${resource.id(12)}|REGIONAL`;
const secretArn = (resource: Resource): string =>
  resource.arn('secretsmanager', `secret:${named('Name')(resource)}-${resource.id(6)}`);
/** A name or an ARN of a function, as the property may have either. */
const functionArnIn = (resource: Resource): string => {
  const name = resource.property('FunctionName') ?? '';
  return name.startsWith('arn:') ? name : resource.arn('lambda', `function:${name}`);
};
/** What a template publishes is the first version that there is here. */
const onlyVersion = '1';
const versionArn = (resource: Resource): string => `${functionArnIn(resource)}:${onlyVersion}`;
const aliasArn = (resource: Resource): string =>
  `${functionArnIn(resource)}:${resource.property('Name') ?? ''}`;
const distributionDomain = (resource: Resource): string => `d${resource.id(13)}.cloudfront.net`;

/**
 * `Ref` and `Fn::GetAtt` by resource type, as each type's "Return values" section in the
 * CloudFormation reference gives them.
 */
const identities: Readonly<Record<string, Identity>> = {
  'AWS::ApiGateway::ApiKey': { ref: opaque, attributes: { APIKeyId: opaque } },
  'AWS::ApiGateway::Authorizer': {
    ref: (r) => r.id(6),
    attributes: { AuthorizerId: (r) => r.id(6) },
  },
  'AWS::ApiGateway::BasePathMapping': { ref: opaque },
  'AWS::ApiGateway::Deployment': {
    ref: (r) => r.id(6),
    attributes: { DeploymentId: (r) => r.id(6) },
  },
  'AWS::ApiGateway::DomainName': {
    ref: named('DomainName'),
    attributes: {
      RegionalDomainName: (r) =>
        `d-${r.id(10)}.execute-api.${r.deployment.region}.${r.deployment.urlSuffix}`,
      RegionalHostedZoneId: (r) => `Z${r.id(13).toUpperCase()}`,
    },
  },
  'AWS::ApiGateway::GatewayResponse': { ref: opaque },
  'AWS::ApiGateway::Method': { ref: opaque },
  'AWS::ApiGateway::Resource': { ref: (r) => r.id(6), attributes: { ResourceId: (r) => r.id(6) } },
  'AWS::ApiGateway::RestApi': {
    ref: opaque,
    attributes: { RestApiId: opaque, RootResourceId: (r) => r.id(10, 'root') },
  },
  'AWS::ApiGateway::Stage': { ref: (r) => r.property('StageName') ?? 'prod' },
  'AWS::ApiGateway::UsagePlan': { ref: (r) => r.id(6), attributes: { Id: (r) => r.id(6) } },
  'AWS::ApiGateway::UsagePlanKey': { ref: opaque, attributes: { Id: opaque } },
  'AWS::CloudFront::CachePolicy': { ref: opaque, attributes: { Id: opaque } },
  'AWS::CloudFront::Distribution': {
    ref: (r) => r.id(14).toUpperCase(),
    attributes: { DomainName: distributionDomain, Id: (r) => r.id(14).toUpperCase() },
  },
  'AWS::CloudFront::Function': {
    ref: (r) =>
      `arn:${r.deployment.partition}:cloudfront::${r.deployment.account}:function/${named('Name')(r)}`,
    attributes: {
      FunctionARN: (r) =>
        `arn:${r.deployment.partition}:cloudfront::${r.deployment.account}:function/${named('Name')(r)}`,
    },
  },
  'AWS::CloudFront::OriginRequestPolicy': { ref: opaque, attributes: { Id: opaque } },
  'AWS::CloudFront::ResponseHeadersPolicy': { ref: opaque, attributes: { Id: opaque } },
  'AWS::Cognito::UserPool': {
    ref: userPoolId,
    attributes: {
      Arn: (r) => r.arn('cognito-idp', `userpool/${userPoolId(r)}`),
      ProviderName: userPoolHost,
      ProviderURL: (r) => `https://${userPoolHost(r)}`,
      UserPoolId: userPoolId,
    },
  },
  'AWS::Cognito::UserPoolClient': {
    ref: (r) => r.id(26),
    attributes: { ClientId: (r) => r.id(26) },
  },
  'AWS::Cognito::UserPoolDomain': { ref: named('Domain') },
  'AWS::Cognito::UserPoolIdentityProvider': { ref: named('ProviderName') },
  'AWS::Cognito::UserPoolResourceServer': { ref: named('Identifier') },
  'AWS::CloudWatch::Alarm': {
    ref: named('AlarmName'),
    attributes: { Arn: arnOf('cloudwatch', 'alarm:', 'AlarmName') },
  },
  'AWS::CloudWatch::CompositeAlarm': {
    ref: named('AlarmName'),
    attributes: { Arn: arnOf('cloudwatch', 'alarm:', 'AlarmName') },
  },
  'AWS::CloudWatch::Dashboard': { ref: named('DashboardName') },
  'AWS::DynamoDB::Table': {
    ref: named('TableName'),
    attributes: { Arn: arnOf('dynamodb', 'table/', 'TableName') },
  },
  'AWS::DynamoDB::GlobalTable': {
    ref: named('TableName'),
    attributes: { Arn: arnOf('dynamodb', 'table/', 'TableName') },
  },
  'AWS::IAM::Role': {
    ref: named('RoleName'),
    attributes: {
      Arn: (r) =>
        `arn:${r.deployment.partition}:iam::${r.deployment.account}:role/${named('RoleName')(r)}`,
      RoleId: (r) => r.id(20),
    },
  },
  'AWS::KinesisFirehose::DeliveryStream': {
    ref: named('DeliveryStreamName'),
    attributes: { Arn: arnOf('firehose', 'deliverystream/', 'DeliveryStreamName') },
  },
  'AWS::KMS::Key': {
    ref: (r) => r.id(32),
    attributes: { Arn: (r) => r.arn('kms', `key/${r.id(32)}`), KeyId: (r) => r.id(32) },
  },
  'AWS::Events::Rule': {
    ref: named('Name'),
    attributes: { Arn: arnOf('events', 'rule/', 'Name') },
  },
  'AWS::Lambda::Function': {
    ref: named('FunctionName'),
    attributes: { Arn: arnOf('lambda', 'function:', 'FunctionName') },
  },
  'AWS::Lambda::Alias': { ref: aliasArn, attributes: { AliasArn: aliasArn } },
  'AWS::Lambda::Version': {
    ref: versionArn,
    attributes: { FunctionArn: versionArn, Version: () => onlyVersion },
  },
  'AWS::Logs::LogGroup': {
    ref: named('LogGroupName'),
    attributes: { Arn: (r) => `${arnOf('logs', 'log-group:', 'LogGroupName')(r)}:*` },
  },
  'AWS::SecretsManager::Secret': { ref: secretArn, attributes: { Id: secretArn } },
  'AWS::SNS::Topic': {
    ref: (r) => r.arn('sns', named('TopicName')(r)),
    attributes: {
      TopicArn: (r) => r.arn('sns', named('TopicName')(r)),
      TopicName: named('TopicName'),
    },
  },
  'AWS::WAFv2::IPSet': { ref: wafRef, attributes: { Arn: wafArn('ipset'), Id: (r) => r.id(12) } },
  'AWS::WAFv2::RegexPatternSet': {
    ref: wafRef,
    attributes: { Arn: wafArn('regexpatternset'), Id: (r) => r.id(12) },
  },
  'AWS::WAFv2::WebACL': {
    ref: wafRef,
    attributes: {
      Arn: wafArn('webacl'),
      Id: (r) => r.id(12),
      LabelNamespace: (r) => `awswaf:${r.deployment.account}:webacl:${named('Name')(r)}:`,
    },
  },
};

const nowhere = (logicalId: string): string => `${logicalId}.left-out.invalid`;

const alphabet = 'abcdefghijklmnopqrstuvwxyz0123456789';

const stableId = (seed: string, length: number): string =>
  [...createHash('sha512').update(seed).digest()]
    .slice(0, length)
    .map((byte) => alphabet[byte % alphabet.length] ?? '')
    .join('');

/**
 * Physical ids for a template's resources: made up, but of AWS's shapes, and the same at every
 * start.
 */
export const identifiersFor = (options: {
  readonly deployment: Deployment;
  /** Left out on purpose: their values name them, and lead nowhere (RFC 2606 section 2). */
  readonly without?: ReadonlySet<string>;
  readonly typeOf: (logicalId: string) => string;
  readonly property: (logicalId: string, name: string) => string | undefined;
}): { ref(logicalId: string): string; attribute(logicalId: string, name: string): string } => {
  const { deployment, typeOf, without = new Set() } = options;
  const resource = (logicalId: string): Resource => ({
    logicalId,
    deployment,
    id: (length, salt = '') => stableId(`${logicalId}${salt}`, length),
    property: (name) => options.property(logicalId, name),
    arn: (service, rest) =>
      `arn:${deployment.partition}:${service}:${deployment.region}:${deployment.account}:${rest}`,
  });
  const identity = (logicalId: string): Identity => {
    const found = identities[typeOf(logicalId)];
    if (found === undefined) {
      throw new StartupFailure(
        `Something refers to ${logicalId} (${typeOf(logicalId)}), whose identifiers are not in local/template/identifiers.ts.`,
      );
    }
    return found;
  };
  return {
    ref: (logicalId) =>
      without.has(logicalId) ? nowhere(logicalId) : identity(logicalId).ref(resource(logicalId)),
    attribute: (logicalId, name) => {
      if (without.has(logicalId)) return nowhere(logicalId);
      const attribute = identity(logicalId).attributes?.[name];
      if (attribute === undefined) {
        throw new StartupFailure(
          `Something reads ${logicalId}.${name} (${typeOf(logicalId)}), which is not in local/template/identifiers.ts.`,
        );
      }
      return attribute(resource(logicalId));
    },
  };
};
