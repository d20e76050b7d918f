import { dnsSuffix } from '../configuration/partition.ts';

/**
 * Services that we call. Each name is the signing name; the variable is the SDKs' own endpoint
 * setting for it.
 */
const services = {
  dynamodb: { host: 'dynamodb', variable: 'AWS_ENDPOINT_URL_DYNAMODB' },
  'cognito-idp': { host: 'cognito-idp', variable: 'AWS_ENDPOINT_URL_COGNITO_IDENTITY_PROVIDER' },
  secretsmanager: { host: 'secretsmanager', variable: 'AWS_ENDPOINT_URL_SECRETS_MANAGER' },
} as const;

export type Service = keyof typeof services;

/**
 * Where a service answers: the SDKs' standard setting when it is given (AWS SDKs and Tools
 * Reference Guide, "Service-specific endpoints"), else the regional endpoint.
 */
export const endpointOf = (
  service: Service,
  region: string,
  environment: NodeJS.ProcessEnv,
): URL => {
  const { host, variable } = services[service];
  const address = environment[variable] ?? `https://${host}.${region}.${dnsSuffix(region)}`;
  return new URL(address);
};
