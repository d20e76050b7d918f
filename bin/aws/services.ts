interface ServiceAddress {
  /** The SDKs' setting for another endpoint (SDKs reference, "Service-specific endpoints"). */
  readonly variable: string;
  /** One endpoint for all regions, signed for us-east-1. */
  readonly isGlobal?: boolean;
}

/** Services that the commands call: the first label of the host name, which signatures carry too. */
export type Service = 'cloudformation' | 'cognito-idp' | 'dynamodb';

export const services: Readonly<Record<Service, ServiceAddress>> = {
  cloudformation: { variable: 'AWS_ENDPOINT_URL_CLOUDFORMATION' },
  'cognito-idp': { variable: 'AWS_ENDPOINT_URL_COGNITO_IDENTITY_PROVIDER' },
  dynamodb: { variable: 'AWS_ENDPOINT_URL_DYNAMODB' },
};
