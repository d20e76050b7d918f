import { threeStages } from '../configurations.ts';
import { valuesAt } from '../findings.ts';
import { aDeployment, type Deployment, textOf } from '../rendered.ts';
import { modelOf } from '../resource-model.ts';
import type { JudgedTemplate } from '../templates.ts';
import type { Rule } from './rule.ts';

/** Where a name may stand once: among all regions of an account, or in one of them. */
type Within = 'account' | 'region';

interface Naming {
  readonly type: string;
  readonly at: string;
  readonly within: Within;
}

/** Properties that name something which AWS, a metric or a person tells apart by that name. */
export const namings: readonly Naming[] = [
  { type: 'AWS::CloudFront::CachePolicy', at: 'CachePolicyConfig.Name', within: 'account' },
  {
    type: 'AWS::CloudFront::OriginRequestPolicy',
    at: 'OriginRequestPolicyConfig.Name',
    within: 'account',
  },
  {
    type: 'AWS::CloudFront::ResponseHeadersPolicy',
    at: 'ResponseHeadersPolicyConfig.Name',
    within: 'account',
  },
  { type: 'AWS::CloudFront::Function', at: 'Name', within: 'account' },
  { type: 'AWS::IAM::Role', at: 'RoleName', within: 'account' },
  { type: 'AWS::IAM::ManagedPolicy', at: 'ManagedPolicyName', within: 'account' },
  { type: 'AWS::S3::Bucket', at: 'BucketName', within: 'account' },
  { type: 'AWS::ApiGateway::ApiKey', at: 'Value', within: 'region' },
  { type: 'AWS::ApiGateway::ApiKey', at: 'Name', within: 'region' },
  { type: 'AWS::ApiGateway::DomainName', at: 'DomainName', within: 'region' },
  { type: 'AWS::ApiGateway::RestApi', at: 'Name', within: 'region' },
  { type: 'AWS::ApiGateway::UsagePlan', at: 'UsagePlanName', within: 'region' },
  { type: 'AWS::CloudWatch::Alarm', at: 'AlarmName', within: 'region' },
  { type: 'AWS::CloudWatch::Dashboard', at: 'DashboardName', within: 'region' },
  { type: 'AWS::Cognito::UserPoolDomain', at: 'Domain', within: 'region' },
  { type: 'AWS::DynamoDB::Table', at: 'TableName', within: 'region' },
  { type: 'AWS::KMS::Alias', at: 'AliasName', within: 'region' },
  { type: 'AWS::Lambda::Function', at: 'FunctionName', within: 'region' },
  { type: 'AWS::Logs::DeliveryDestination', at: 'Name', within: 'region' },
  { type: 'AWS::Logs::DeliverySource', at: 'Name', within: 'region' },
  { type: 'AWS::Logs::LogGroup', at: 'LogGroupName', within: 'region' },
  { type: 'AWS::Logs::QueryDefinition', at: 'Name', within: 'region' },
  { type: 'AWS::SNS::Topic', at: 'TopicName', within: 'region' },
  { type: 'AWS::SecretsManager::Secret', at: 'Name', within: 'region' },
  { type: 'AWS::WAFv2::IPSet', at: 'Name', within: 'region' },
  { type: 'AWS::WAFv2::WebACL', at: 'Name', within: 'region' },
  { type: 'AWS::WAFv2::WebACL', at: 'VisibilityConfig.MetricName', within: 'region' },
  { type: 'AWS::XRay::SamplingRule', at: 'SamplingRule.RuleName', within: 'region' },
];

interface Named {
  readonly id: string;
  readonly naming: Naming;
  readonly name: string;
}

/** Every name of a template, as a deployment would give it. */
export const namesIn = ({ resources }: JudgedTemplate, deployment: Deployment): readonly Named[] =>
  Object.entries(resources).flatMap(([id, { Type, Properties }]) =>
    namings
      .filter(({ type }) => type === Type)
      .flatMap((naming) =>
        valuesAt(Properties, naming.at, id).map(([, value]) => ({
          id,
          naming,
          name: textOf(value, deployment),
        })),
      ),
  );

/** Names that two deployments would both want, of a kind that AWS has once. */
export const sharedNames = (
  one: readonly Named[],
  other: readonly Named[],
  within: readonly Within[],
): readonly string[] => {
  const key = ({ naming, name }: Named) => `${naming.type} ${naming.at} ${name}`;
  const taken = new Set(one.map(key));
  return other
    .filter((each) => within.includes(each.naming.within) && taken.has(key(each)))
    .map(key);
};

const again: Deployment = { ...aDeployment, stackUuid: '62bf4ed1-da77-11e4-872e-1234567db123' };
const elsewhere: Deployment = { ...aDeployment, region: 'eu-west-1' };

const isKept = (policy: string | undefined) => policy?.startsWith('Retain') ?? false;

const noFixedNameOnWhatIsKept: Rule = {
  name: 'what outlives its stack has a name that no later stack wants',
  judge: (template) => {
    const kept = ({ id }: Named) => isKept(template.resources[id]?.DeletionPolicy);
    return sharedNames(
      namesIn(template, aDeployment).filter(kept),
      namesIn(template, again).filter(kept),
      ['account', 'region'],
    );
  },
};

const regionInGlobalNames: Rule = {
  name: 'a name that an account has once in all regions carries the region',
  judge: (template) =>
    template.region === undefined
      ? sharedNames(namesIn(template, aDeployment), namesIn(template, elsewhere), ['account'])
      : [],
};

const uniqueNames: Rule = {
  name: 'two resources of a stack never have the same name',
  judge: (template) => {
    const names = namesIn(template, aDeployment);
    return names.flatMap((each, index) =>
      sharedNames([each], names.slice(index + 1), ['account', 'region']),
    );
  },
};

/** A physical name, if CloudFormation knows the resource by a property that can be set. */
const everyNameIsJudged: Rule = {
  name: 'somebody has said where each physical name must be unique',
  judge: ({ resources }) =>
    Object.entries(resources).flatMap(([id, { Type, Properties }]) =>
      (modelOf(Type)?.primaryIdentifier ?? [])
        .filter((name) => typeof Properties[name] === 'string' || isComposed(Properties[name]))
        .filter((name) => !withinAnother.has(`${Type}.${name}`))
        .filter((name) => !namings.some(({ type, at }) => type === Type && at === name))
        .map((name) => `${id}: ${Type} is named by ${name}`),
    ),
};

const isComposed = (value: unknown) =>
  typeof value === 'object' && value !== null && ('Fn::Join' in value || 'Fn::Sub' in value);

/** Unique within another resource of the same stack alone, or set by who owns the domain. */
const withinAnother = new Set([
  'AWS::ApiGateway::BasePathMapping.BasePath',
  'AWS::ApiGateway::BasePathMapping.DomainName',
  'AWS::ApiGateway::Method.HttpMethod',
  'AWS::ApiGateway::Stage.StageName',
  'AWS::Cognito::LogDeliveryConfiguration.UserPoolId',
  'AWS::Cognito::ManagedLoginBranding.UserPoolId',
  'AWS::Cognito::UserPoolClient.UserPoolId',
  'AWS::Cognito::UserPoolIdentityProvider.ProviderName',
  'AWS::Cognito::UserPoolResourceServer.Identifier',
  'AWS::Cognito::UserPoolResourceServer.UserPoolId',
  'AWS::Cognito::UserPoolUser.Username',
  'AWS::Route53::RecordSet.HostedZoneId',
  'AWS::Route53::RecordSet.Name',
  'AWS::Route53::RecordSet.Type',
  'AWS::WAFv2::WebACL.Scope',
  'AWS::WAFv2::IPSet.Scope',
  'AWS::WAFv2::LoggingConfiguration.ResourceArn',
  'AWS::WAFv2::WebACLAssociation.ResourceArn',
]);

/** Of whose content nothing can be made again. */
const stateful = [
  'AWS::Cognito::UserPool',
  'AWS::DynamoDB::Table',
  'AWS::KMS::Key',
  'AWS::Logs::LogGroup',
];

const keptAsItOughtToBe: Rule = {
  name: 'what holds state is kept on deletion and replacement, and not by a failed creation',
  judge: ({ configuration, resources }) =>
    Object.entries(resources).flatMap(([id, { Type, DeletionPolicy, UpdateReplacePolicy }]) => {
      const expected = configuration.includes('development') ? 'Delete' : 'RetainExceptOnCreate';
      if (DeletionPolicy === 'Retain') return [`${id} is kept even if its creation fails`];
      if (configuration === threeStages || !stateful.includes(Type)) return [];
      const replaced = expected === 'Delete' ? 'Delete' : 'Retain';
      return DeletionPolicy === expected && UpdateReplacePolicy === replaced
        ? []
        : [`${id} (${Type}): ${DeletionPolicy} on deletion, ${UpdateReplacePolicy} on replacement`];
    }),
};

export const nameRules: readonly Rule[] = [
  noFixedNameOnWhatIsKept,
  regionInGlobalNames,
  uniqueNames,
  everyNameIsJudged,
  keptAsItOughtToBe,
];
