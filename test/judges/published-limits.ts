/** What AWS's API references say of a text or a figure, which the resource model leaves out. */
export interface PublishedLimit {
  readonly type: string;
  /** The property; `*` stands for any element. */
  readonly at: string;
  readonly longest?: number;
  readonly pattern?: RegExp;
  readonly least?: number;
  readonly most?: number;
  readonly source: string;
}

const docs = 'https://docs.aws.amazon.com';
const lambda = `${docs}/lambda/latest/api/API_CreateFunction.html`;
const iam = `${docs}/IAM/latest/APIReference/API_CreateRole.html`;
const logGroup = `${docs}/AmazonCloudWatchLogs/latest/APIReference/API_CreateLogGroup.html`;
const metricFilter = `${docs}/AmazonCloudWatchLogs/latest/APIReference/API_PutMetricFilter.html`;
const query = `${docs}/AmazonCloudWatchLogs/latest/APIReference/API_PutQueryDefinition.html`;
const source = `${docs}/AmazonCloudWatchLogs/latest/APIReference/API_PutDeliverySource.html`;
const cognito = `${docs}/cognito-user-identity-pools/latest/APIReference`;
const waf = `${docs}/waf/latest/APIReference/API_CreateWebACL.html`;
const wafRule = `${docs}/waf/latest/APIReference/API_Rule.html`;
const ipSet = `${docs}/waf/latest/APIReference/API_CreateIPSet.html`;
const cloudfront = `${docs}/cloudfront/latest/APIReference`;
const apiKeys = `${docs}/apigateway/latest/developerguide/api-gateway-api-key-source.html`;
const xray = `${docs}/xray/latest/api/API_SamplingRule.html`;
const alarm = `${docs}/AmazonCloudWatch/latest/APIReference/API_PutMetricAlarm.html`;
const sns = `${docs}/sns/latest/api/API_CreateTopic.html`;

const wafDescription = /^[\w+=:#@/,.-][\w+=:#@/,.\s-]+[\w+=:#@/,.-]$/;
const delivery = { longest: 60, pattern: /^[\w-]*$/, source } as const;

export const publishedLimits: readonly PublishedLimit[] = [
  { type: 'AWS::Lambda::Function', at: 'Description', longest: 256, source: lambda },
  { type: 'AWS::Lambda::Function', at: 'FunctionName', longest: 64, source: lambda },
  { type: 'AWS::Lambda::Function', at: 'MemorySize', least: 128, most: 10_240, source: lambda },
  { type: 'AWS::Lambda::Function', at: 'Timeout', least: 1, most: 900, source: lambda },
  { type: 'AWS::IAM::Role', at: 'RoleName', longest: 64, pattern: /^[\w+=,.@-]+$/, source: iam },
  { type: 'AWS::IAM::Role', at: 'Description', longest: 1000, source: iam },
  {
    type: 'AWS::IAM::Policy',
    at: 'PolicyName',
    longest: 128,
    pattern: /^[\w+=,.@-]+$/,
    source: iam,
  },
  {
    type: 'AWS::Logs::LogGroup',
    at: 'LogGroupName',
    longest: 512,
    pattern: /^[.\-_/#A-Za-z0-9]+$/,
    source: logGroup,
  },
  { type: 'AWS::Logs::QueryDefinition', at: 'Name', longest: 255, source: query },
  { type: 'AWS::Logs::QueryDefinition', at: 'QueryString', longest: 10_000, source: query },
  { type: 'AWS::Logs::MetricFilter', at: 'FilterPattern', longest: 1024, source: metricFilter },
  {
    type: 'AWS::Logs::MetricFilter',
    at: 'MetricTransformations.*.MetricNamespace',
    longest: 255,
    pattern: /^[^:*$]*$/,
    source: metricFilter,
  },
  { type: 'AWS::Logs::DeliverySource', at: 'Name', ...delivery },
  { type: 'AWS::Logs::DeliveryDestination', at: 'Name', ...delivery },
  {
    type: 'AWS::Cognito::UserPoolDomain',
    at: 'Domain',
    longest: 63,
    pattern: /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/,
    source: `${cognito}/API_CreateUserPoolDomain.html`,
  },
  {
    type: 'AWS::Cognito::UserPoolClient',
    at: 'ClientName',
    longest: 128,
    pattern: /^[\w\s+=,.@-]+$/,
    source: `${cognito}/API_CreateUserPoolClient.html`,
  },
  {
    type: 'AWS::Cognito::UserPoolClient',
    at: 'CallbackURLs.*',
    longest: 1024,
    source: `${cognito}/API_CreateUserPoolClient.html`,
  },
  {
    type: 'AWS::Cognito::UserPoolResourceServer',
    at: 'Scopes.*.ScopeDescription',
    longest: 256,
    source: `${cognito}/API_ResourceServerScopeType.html`,
  },
  { type: 'AWS::ApiGateway::ApiKey', at: 'Value', longest: 128, least: 20, source: apiKeys },
  {
    type: 'AWS::ApiGateway::Stage',
    at: 'StageName',
    longest: 128,
    pattern: /^[\w-]+$/,
    source: `${docs}/apigateway/latest/api/API_CreateStage.html`,
  },
  { type: 'AWS::WAFv2::WebACL', at: 'Name', longest: 128, pattern: /^[\w-]+$/, source: waf },
  {
    type: 'AWS::WAFv2::WebACL',
    at: 'Description',
    longest: 256,
    pattern: wafDescription,
    source: waf,
  },
  {
    type: 'AWS::WAFv2::WebACL',
    at: 'Rules.*.Name',
    longest: 128,
    pattern: /^[\w-]+$/,
    source: wafRule,
  },
  {
    type: 'AWS::WAFv2::WebACL',
    at: 'Rules.*.VisibilityConfig.MetricName',
    longest: 255,
    pattern: /^[\w#:./-]+$/,
    source: wafRule,
  },
  {
    // 255 by the reference of the API, and 128 by CloudFormation's own schema.
    type: 'AWS::WAFv2::WebACL',
    at: 'VisibilityConfig.MetricName',
    longest: 128,
    pattern: /^[\w#:./-]+$/,
    source: waf,
  },
  {
    type: 'AWS::WAFv2::WebACL',
    at: 'Rules.*.RuleLabels.*.Name',
    longest: 1024,
    pattern: /^[0-9A-Za-z_:-]+$/,
    source: wafRule,
  },
  {
    // No bits beyond the prefix are a matter of values: test/lib/address-range.test.ts.
    type: 'AWS::WAFv2::IPSet',
    at: 'Addresses.*',
    pattern: /^[0-9a-f.:]+\/(?:[1-9]|[1-5]\d|6[0-4])$/,
    source: ipSet,
  },
  { type: 'AWS::WAFv2::IPSet', at: 'Name', longest: 128, pattern: /^[\w-]+$/, source: ipSet },
  {
    type: 'AWS::WAFv2::IPSet',
    at: 'Description',
    longest: 256,
    pattern: wafDescription,
    source: ipSet,
  },
  {
    type: 'AWS::CloudFront::Function',
    at: 'Name',
    longest: 64,
    pattern: /^[\w-]+$/,
    source: `${cloudfront}/API_CreateFunction.html`,
  },
  {
    type: 'AWS::CloudFront::Function',
    at: 'FunctionCode',
    longest: 10_240,
    source: `${docs}/AmazonCloudFront/latest/DeveloperGuide/cloudfront-limits.html`,
  },
  {
    type: 'AWS::CloudFront::CachePolicy',
    at: 'CachePolicyConfig.Name',
    longest: 128,
    pattern: /^[\w-]+$/,
    source: `${cloudfront}/API_CachePolicyConfig.html`,
  },
  {
    type: 'AWS::CloudFront::OriginRequestPolicy',
    at: 'OriginRequestPolicyConfig.Name',
    longest: 128,
    pattern: /^[\w-]+$/,
    source: `${cloudfront}/API_OriginRequestPolicyConfig.html`,
  },
  {
    type: 'AWS::CloudFront::ResponseHeadersPolicy',
    at: 'ResponseHeadersPolicyConfig.Name',
    longest: 128,
    pattern: /^[\w-]+$/,
    source: `${cloudfront}/API_ResponseHeadersPolicyConfig.html`,
  },
  {
    type: 'AWS::CloudFront::Distribution',
    at: 'DistributionConfig.Comment',
    longest: 128,
    source: `${cloudfront}/API_DistributionConfig.html`,
  },
  { type: 'AWS::XRay::SamplingRule', at: 'SamplingRule.RuleName', longest: 32, source: xray },
  { type: 'AWS::CloudWatch::Alarm', at: 'AlarmName', longest: 255, source: alarm },
  { type: 'AWS::CloudWatch::Alarm', at: 'AlarmDescription', longest: 1024, source: alarm },
  {
    type: 'AWS::CloudWatch::Dashboard',
    at: 'DashboardName',
    longest: 255,
    pattern: /^[\w-]+$/,
    source: `${docs}/AmazonCloudWatch/latest/APIReference/API_PutDashboard.html`,
  },
  { type: 'AWS::SNS::Topic', at: 'DisplayName', longest: 100, source: sns },
  {
    type: 'AWS::SecretsManager::Secret',
    at: 'Description',
    longest: 2048,
    source: `${docs}/secretsmanager/latest/apireference/API_CreateSecret.html`,
  },
];
