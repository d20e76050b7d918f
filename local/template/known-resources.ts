/**
 * Every resource type and property that the local runtime knows. A property is *emulated* (some file
 * in local/ reads it) or left out for the reason beside it; anything that is not in this table
 * stops the start (check.ts), so that a template never means one thing here and another on AWS.
 */
export interface KnownResource {
  /** Where it is emulated. */
  readonly emulates: readonly string[];
  /** Property -> why the local runtime can leave it out. */
  readonly ignores: Readonly<Record<string, string>>;
}

/** A type that is left out whole, and why. */
export interface IgnoredResource {
  readonly reason: string;
}

const labels = 'names and tags change no behaviour';
const permissions =
  'of permissions, the local runtime asks those of tables, functions and topics; the template tests check the rest';
const observability = 'metrics, alarms and logs of AWS; the local runtime prints the log lines';
const dns = 'names and certificates: the local runtime is reached at localhost';
const trafficShift = 'one version runs here, so there is no older one to shift calls from';
const warmInstances = 'the local runtime starts its workers itself';
const dataAtRest = 'durability and encryption of stored data; the local runtime keeps it in memory';

const ignoredResource = (reason: string): IgnoredResource => ({ reason });

export const knownResources: Readonly<Record<string, KnownResource | IgnoredResource>> = {
  'AWS::ApiGateway::Account': ignoredResource(observability),
  'AWS::ApiGateway::ApiKey': {
    emulates: ['Enabled', 'Value', 'Name', 'StageKeys'],
    ignores: { Description: labels, Tags: labels, CustomerId: labels },
  },
  'AWS::ApiGateway::Authorizer': {
    emulates: [
      'AuthorizerResultTtlInSeconds',
      'AuthorizerUri',
      'IdentitySource',
      'Name',
      'RestApiId',
      'Type',
    ],
    ignores: { AuthType: labels, AuthorizerCredentials: permissions },
  },
  'AWS::ApiGateway::BasePathMapping': {
    emulates: ['BasePath', 'DomainName', 'RestApiId', 'Stage'],
    ignores: {},
  },
  'AWS::ApiGateway::Deployment': { emulates: ['RestApiId'], ignores: { Description: labels } },
  'AWS::ApiGateway::DomainName': {
    emulates: ['DomainName'],
    ignores: {
      CertificateArn: dns,
      EndpointConfiguration: dns,
      EndpointAccessMode: dns,
      RegionalCertificateArn: dns,
      SecurityPolicy: dns,
      Tags: labels,
    },
  },
  'AWS::ApiGateway::GatewayResponse': {
    emulates: [
      'ResponseParameters',
      'ResponseTemplates',
      'ResponseType',
      'RestApiId',
      'StatusCode',
    ],
    ignores: {},
  },
  'AWS::ApiGateway::Method': {
    emulates: [
      'ApiKeyRequired',
      'AuthorizationType',
      'AuthorizerId',
      'HttpMethod',
      'Integration',
      'MethodResponses',
      'ResourceId',
      'RestApiId',
    ],
    ignores: { OperationName: labels },
  },
  'AWS::ApiGateway::Resource': { emulates: ['ParentId', 'PathPart', 'RestApiId'], ignores: {} },
  'AWS::ApiGateway::RestApi': {
    emulates: [
      'ApiKeySourceType',
      'BinaryMediaTypes',
      'DisableExecuteApiEndpoint',
      'EndpointConfiguration',
      'Name',
    ],
    ignores: {
      Description: labels,
      Tags: labels,
      MinimumCompressionSize: 'compression of answers changes no content',
      SecurityPolicy: dns,
      EndpointAccessMode: dns,
    },
  },
  'AWS::ApiGateway::Stage': {
    emulates: ['AccessLogSetting', 'MethodSettings', 'RestApiId', 'StageName', 'Variables'],
    ignores: {
      DeploymentId: 'the local runtime emulates the template as it is now',
      Description: labels,
      Tags: labels,
      TracingEnabled: observability,
    },
  },
  'AWS::ApiGateway::UsagePlan': {
    emulates: ['ApiStages', 'Quota', 'Throttle', 'UsagePlanName'],
    ignores: { Description: labels, Tags: labels },
  },
  'AWS::ApiGateway::UsagePlanKey': { emulates: ['KeyId', 'KeyType', 'UsagePlanId'], ignores: {} },
  'AWS::CDK::Metadata': ignoredResource('counts CDK users'),
  'AWS::CertificateManager::Certificate': ignoredResource(dns),
  'AWS::CloudFront::CachePolicy': { emulates: ['CachePolicyConfig'], ignores: {} },
  'AWS::CloudFront::OriginRequestPolicy': { emulates: ['OriginRequestPolicyConfig'], ignores: {} },
  'AWS::CloudFront::Distribution': { emulates: ['DistributionConfig'], ignores: { Tags: labels } },
  'AWS::CloudFront::Function': {
    emulates: ['AutoPublish', 'FunctionCode', 'FunctionConfig'],
    ignores: { Name: labels, Tags: labels },
  },
  'AWS::CloudFront::ResponseHeadersPolicy': {
    emulates: ['ResponseHeadersPolicyConfig'],
    ignores: {},
  },
  // Whether their actions are delivered (local/iam/alarm-delivery.ts); nothing is measured here.
  'AWS::CloudWatch::Alarm': { emulates: ['*'], ignores: {} },
  'AWS::CloudWatch::AnomalyDetector': ignoredResource(observability),
  'AWS::CloudWatch::CompositeAlarm': { emulates: ['*'], ignores: {} },
  'AWS::CloudWatch::Dashboard': ignoredResource(observability),
  'AWS::Cognito::LogDeliveryConfiguration': ignoredResource(observability),
  'AWS::Cognito::ManagedLoginBranding': ignoredResource(
    'the look of the login page, which is our own here',
  ),
  // The properties of the pool and its clients are checked one by one by the local runtime
  // (local/cognito/template.ts).
  'AWS::Cognito::UserPool': { emulates: ['*'], ignores: {} },
  'AWS::Cognito::UserPoolClient': { emulates: ['*'], ignores: {} },
  'AWS::Cognito::UserPoolDomain': { emulates: ['*'], ignores: {} },
  'AWS::Cognito::UserPoolGroup': { emulates: ['*'], ignores: {} },
  'AWS::Cognito::UserPoolIdentityProvider': { emulates: ['*'], ignores: {} },
  'AWS::Cognito::UserPoolResourceServer': { emulates: ['*'], ignores: {} },
  // And the tables' by local/dynamodb.
  'AWS::DynamoDB::GlobalTable': { emulates: ['*'], ignores: {} },
  'AWS::DynamoDB::Table': { emulates: ['*'], ignores: {} },
  'AWS::CodeDeploy::Application': ignoredResource(trafficShift),
  'AWS::CodeDeploy::DeploymentConfig': ignoredResource(trafficShift),
  'AWS::CodeDeploy::DeploymentGroup': ignoredResource(trafficShift),
  'AWS::Events::Rule': {
    emulates: ['ScheduleExpression', 'State', 'Targets'],
    ignores: {
      Description: labels,
      EventPattern: 'AWS has no events here: nothing is deployed',
      Name: labels,
    },
  },
  'AWS::IAM::ManagedPolicy': {
    emulates: ['PolicyDocument', 'Roles'],
    ignores: {
      Description: labels,
      Groups: permissions,
      ManagedPolicyName: labels,
      Path: labels,
      Users: permissions,
    },
  },
  'AWS::IAM::Policy': {
    emulates: ['PolicyDocument', 'Roles'],
    ignores: { Groups: permissions, PolicyName: labels, Users: permissions },
  },
  'AWS::IAM::Role': {
    emulates: ['ManagedPolicyArns', 'Policies'],
    ignores: {
      AssumeRolePolicyDocument: permissions,
      Description: labels,
      MaxSessionDuration: permissions,
      Path: labels,
      PermissionsBoundary: 'a boundary only takes away; AWS says what',
      RoleName: labels,
      Tags: labels,
    },
  },
  'AWS::KinesisFirehose::DeliveryStream': ignoredResource(
    'copies of log lines in a bucket; the local runtime keeps the lines of each log group',
  ),
  'AWS::KMS::Alias': ignoredResource(dataAtRest),
  // Whether CloudWatch may use it; nothing is encrypted here.
  'AWS::KMS::Key': { emulates: ['*'], ignores: {} },
  'AWS::Lambda::Alias': {
    emulates: ['FunctionName', 'FunctionVersion', 'Name', 'RoutingConfig'],
    ignores: { Description: labels, ProvisionedConcurrencyConfig: warmInstances },
  },
  'AWS::Lambda::EventInvokeConfig': ignoredResource(
    'how often a failed asynchronous invocation is tried again; here it is tried once',
  ),
  'AWS::Lambda::Function': {
    emulates: [
      'Code',
      'Environment',
      'FunctionName',
      'Handler',
      'LoggingConfig',
      'MemorySize',
      'Role',
      'Runtime',
      'Timeout',
    ],
    ignores: {
      Architectures: 'the functions are JavaScript; the local runtime has its own processor',
      Description: labels,
      Layers: observability,
      ReservedConcurrentExecutions: 'the local runtime bounds its workers itself',
      Tags: labels,
      TracingConfig: observability,
      RecursiveLoop: 'no function here invokes another',
      RuntimeManagementConfig: 'the local runtime runs the pinned Node',
    },
  },
  'AWS::Lambda::Permission': {
    emulates: ['Action', 'FunctionName', 'Principal', 'SourceAccount', 'SourceArn'],
    ignores: {},
  },
  'AWS::Lambda::Version': {
    emulates: ['FunctionName'],
    ignores: { Description: labels, ProvisionedConcurrencyConfig: warmInstances },
  },
  'AWS::Logs::Delivery': ignoredResource(observability),
  'AWS::Logs::DeliveryDestination': ignoredResource(observability),
  'AWS::Logs::DeliverySource': ignoredResource(observability),
  'AWS::Logs::LogGroup': ignoredResource(observability),
  'AWS::Logs::MetricFilter': ignoredResource(observability),
  'AWS::Logs::QueryDefinition': ignoredResource(observability),
  'AWS::Logs::ResourcePolicy': ignoredResource(permissions),
  'AWS::Logs::SubscriptionFilter': {
    emulates: ['DestinationArn', 'FilterPattern', 'LogGroupName'],
    ignores: { FilterName: labels, RoleArn: permissions },
  },
  'AWS::Route53::RecordSet': ignoredResource(dns),
  'AWS::SecretsManager::Secret': ignoredResource(
    'its value is made up at every start where a dynamic reference names it (secrets.ts); tools read theirs from .env.local (secrets-manager/)',
  ),
  'AWS::SNS::Subscription': ignoredResource(observability),
  'AWS::SNS::Topic': { emulates: ['*'], ignores: {} },
  'AWS::SNS::TopicPolicy': { emulates: ['PolicyDocument', 'Topics'], ignores: {} },
  'AWS::WAFv2::IPSet': {
    emulates: ['Addresses', 'IPAddressVersion', 'Scope', 'Name'],
    ignores: { Description: labels, Tags: labels },
  },
  'AWS::WAFv2::LoggingConfiguration': ignoredResource(observability),
  'AWS::WAFv2::RegexPatternSet': {
    emulates: ['RegularExpressionList', 'Scope', 'Name'],
    ignores: { Description: labels, Tags: labels },
  },
  'AWS::WAFv2::WebACL': {
    emulates: [
      'AssociationConfig',
      'CustomResponseBodies',
      'DefaultAction',
      'Name',
      'Rules',
      'Scope',
    ],
    ignores: {
      DataProtectionConfig: 'what WAF writes to its own log',
      Description: labels,
      Tags: labels,
      VisibilityConfig: observability,
    },
  },
  'AWS::WAFv2::WebACLAssociation': { emulates: ['ResourceArn', 'WebACLArn'], ignores: {} },
  'AWS::XRay::SamplingRule': ignoredResource(observability),
};
