import type { Cognito } from './service.ts';

/**
 * The hosted domain is what browsers are sent to, so its URL has to be one that this computer
 * serves.
 */
export const withLocalAddresses = (
  variables: Readonly<Record<string, string>>,
  cognito: Cognito,
): Record<string, string> => {
  const hosted = cognito.hosts.find((host) => host.includes('.auth.'));
  return Object.fromEntries(
    Object.entries(variables).map(([name, value]) => [
      name,
      value === `https://${hosted}` ? cognito.domainUrl : value,
    ]),
  );
};
