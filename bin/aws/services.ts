interface ServiceAddress {
  /** The SDKs' setting for another endpoint (SDKs reference, "Service-specific endpoints"). */
  readonly variable: string;
  /** One endpoint for all regions, signed for us-east-1. */
  readonly isGlobal?: boolean;
}

/** Services that the commands call: the first label of the host name, which signatures carry too. */
export type Service =
  | 'acm'
  | 'apigateway'
  | 'cloudformation'
  | 'cognito-idp'
  | 'dynamodb'
  | 'iam'
  | 'lambda'
  | 'logs'
  | 'monitoring'
  | 'route53'
  | 'servicequotas'
  | 'sns'
  | 'ssm'
  | 'sts'
  | 'tagging'
  | 'wafv2';

export const services: Readonly<Record<Service, ServiceAddress>> = {
  acm: { variable: 'AWS_ENDPOINT_URL_ACM' },
  apigateway: { variable: 'AWS_ENDPOINT_URL_API_GATEWAY' },
  cloudformation: { variable: 'AWS_ENDPOINT_URL_CLOUDFORMATION' },
  'cognito-idp': { variable: 'AWS_ENDPOINT_URL_COGNITO_IDENTITY_PROVIDER' },
  dynamodb: { variable: 'AWS_ENDPOINT_URL_DYNAMODB' },
  iam: { variable: 'AWS_ENDPOINT_URL_IAM', isGlobal: true },
  lambda: { variable: 'AWS_ENDPOINT_URL_LAMBDA' },
  logs: { variable: 'AWS_ENDPOINT_URL_CLOUDWATCH_LOGS' },
  monitoring: { variable: 'AWS_ENDPOINT_URL_CLOUDWATCH' },
  route53: { variable: 'AWS_ENDPOINT_URL_ROUTE_53', isGlobal: true },
  servicequotas: { variable: 'AWS_ENDPOINT_URL_SERVICE_QUOTAS' },
  sns: { variable: 'AWS_ENDPOINT_URL_SNS' },
  ssm: { variable: 'AWS_ENDPOINT_URL_SSM' },
  sts: { variable: 'AWS_ENDPOINT_URL_STS' },
  tagging: { variable: 'AWS_ENDPOINT_URL_RESOURCE_GROUPS_TAGGING_API' },
  wafv2: { variable: 'AWS_ENDPOINT_URL_WAFV2' },
};
