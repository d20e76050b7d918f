import { endpoints } from '../../../policy/endpoints.ts';
import {
  isRecord,
  listIn,
  ofType,
  type Properties,
  type Resources,
  referencesIn,
} from '../resources.ts';
import { type Evidence, each, eachOf } from './fact.ts';

const client = 'AWS::Cognito::UserPoolClient';

export const clients = (
  property: string,
  holds: (value: unknown, properties: Properties) => boolean,
): Evidence => each(client, property, holds);

const isMachine = ({ AllowedOAuthFlows }: Properties): boolean =>
  JSON.stringify(AllowedOAuthFlows) === '["client_credentials"]';

/** App clients by which a person logs in. */
export const clientsOfPeople = (
  property: string,
  holds: (value: unknown, properties: Properties) => boolean,
): Evidence => eachOf(client, property, holds, (properties) => !isMachine(properties));

export const onlyFlow = (flows: unknown): boolean =>
  Array.isArray(flows) &&
  flows.length === 1 &&
  (flows[0] === 'code' || flows[0] === 'client_credentials');

const unitMinutes: Readonly<Record<string, number>> = {
  seconds: 1 / 60,
  minutes: 1,
  hours: 60,
  days: 1440,
};
const mostTokenMinutes = 60;

export const isShortLived = (validity: unknown, { TokenValidityUnits }: Properties): boolean => {
  const unit = isRecord(TokenValidityUnits) ? String(TokenValidityUnits['AccessToken']) : 'hours';
  return Number(validity) * (unitMinutes[unit] ?? Number.POSITIVE_INFINITY) <= mostTokenMinutes;
};

/** The first characters of a value that CloudFormation may join. */
const beginningOf = (value: unknown): string => {
  if (typeof value === 'string') return value;
  const [, parts] = listIn(value, 'Fn::Join');
  return Array.isArray(parts) ? beginningOf(parts[0]) : '';
};

const endOf = (value: unknown): string => {
  if (typeof value === 'string') return value;
  const [, parts] = listIn(value, 'Fn::Join');
  return Array.isArray(parts) ? endOf(parts.at(-1)) : '';
};

/** https, or a loopback address, as OAuth 2.1 has it for redirects. */
export const areCallbacks = (urls: unknown): boolean =>
  Array.isArray(urls) &&
  urls.length > 0 &&
  urls.every(
    (url) =>
      /^https:\/\/|^http:\/\/localhost[:/]/.test(beginningOf(url)) &&
      !JSON.stringify(url).includes('*'),
  );

/** The resource is the MCP endpoint, by TLS. */
export const isResource = (value: unknown): boolean =>
  beginningOf(value).startsWith('https://') && endOf(value).endsWith(endpoints.mcp.path);

/** The pool is the one that the app clients belong to. */
export const isPoolOfClients = (value: unknown, resources: Resources): boolean =>
  ofType(resources, client).some(
    ([, { UserPoolId }]) => JSON.stringify(UserPoolId) === JSON.stringify(value),
  );

/** Nothing but app clients of the template. */
export const areClients = (value: unknown, resources: Resources): boolean => {
  const references = referencesIn(value);
  return (
    references.length > 0 && references.every((reference) => resources[reference]?.Type === client)
  );
};

const leastPasswordCharacters = 12;

/** CONF-5, where the pool is the stack's own. */
export const strongPasswords: Evidence = eachOf(
  'AWS::Cognito::UserPool',
  'Policies.PasswordPolicy.MinimumLength',
  (length) => Number(length) >= leastPasswordCharacters,
);
