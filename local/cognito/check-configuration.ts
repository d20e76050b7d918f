import type { AppClient } from './app-client.ts';
import type { CognitoConfiguration } from './configuration.ts';
import { cognitoFigures } from './figures.ts';

/** A pool id as AWS makes them and as aws-jwt-verify reads them. */
const poolIdOf = (region: string) => new RegExp(`^${region.replaceAll('-', '\\-')}_[A-Za-z0-9]+$`);

const systemScopes = ['openid', 'email', 'phone', 'profile', 'aws.cognito.signin.user.admin'];

/** https, or http on localhost, or a custom scheme; absolute, without a fragment. */
const isCallback = (url: string): boolean =>
  URL.canParse(url) &&
  !url.includes('#') &&
  (!url.startsWith('http:') || new URL(url).hostname === 'localhost');

const within = (
  seconds: number,
  { minimum, maximum }: { readonly minimum: number; readonly maximum: number },
): boolean => seconds >= minimum && seconds <= maximum;

const problemsOf = (client: AppClient, knownScopes: readonly string[]): readonly string[] => {
  const unknown = client.scopes.filter((scope) => !knownScopes.includes(scope));
  const { shortTokenSeconds, refreshSeconds, callbackUrls } = cognitoFigures;
  return [
    ...(client.flows.includes('code') &&
    (client.callbackUrls.length === 0 || client.callbackUrls.length > callbackUrls)
      ? [`has ${client.callbackUrls.length} callback URLs; Cognito takes 1 to ${callbackUrls}`]
      : []),
    ...client.callbackUrls
      .filter((url) => !isCallback(url))
      .map((url) => `has a callback URL that Cognito refuses: ${url}`),
    ...(unknown.length > 0
      ? [`allows scopes that no resource server defines: ${unknown.join(', ')}`]
      : []),
    ...(within(client.accessTokenSeconds, shortTokenSeconds) &&
    within(client.idTokenSeconds, shortTokenSeconds)
      ? []
      : ['has access or ID tokens outside 5 minutes to 1 day']),
    ...(within(client.refreshTokenSeconds, refreshSeconds)
      ? []
      : ['has refresh tokens outside 1 hour to 10 years']),
    ...(client.refreshTokenSeconds > client.accessTokenSeconds
      ? []
      : ['has refresh tokens that end before its access tokens']),
  ].map((problem) => `App client ${client.clientName} ${problem}.`);
};

/** Throws with every reason for which Cognito would not make this pool. */
export const checkConfiguration = (configuration: CognitoConfiguration): void => {
  const { userPoolId, region, clients, resourceServers } = configuration;
  const custom = resourceServers.flatMap(({ identifier, scopes }) =>
    scopes.map((scope) => `${identifier}/${scope}`),
  );
  const problems = [
    ...(poolIdOf(region).test(userPoolId)
      ? []
      : [`User pool id ${userPoolId} is not of the shape ${region}_AbCdEf123.`]),
    ...clients.flatMap((client) => problemsOf(client, [...systemScopes, ...custom])),
  ];
  if (problems.length > 0) throw new Error(problems.join('\n'));
};
