import { trailSubjects } from '../../policy/audit-trail.ts';
import type { Machine } from '../../policy/machines.ts';
import { regionPattern, userPoolPattern } from './cognito-url.ts';
import type { Variable } from './read.ts';

export type Environment = 'production' | 'development';

export const refuse = (why: string): never => {
  throw new Error(why);
};

/** Of a variable that must be there. Whoever reads the configuration says that it is missing. */
export const required =
  <Value>(parse: (text: string) => Value): Variable<Value> =>
  (text) =>
    parse(text ?? refuse('is missing'));

/** Of one that may be absent. */
export const optional =
  <Value>(read: Variable<Value>): Variable<Value | undefined> =>
  (text) =>
    text === undefined ? undefined : read(text);

const matching = (pattern: RegExp, fault: string) =>
  required((text) => (pattern.test(text) ? text : refuse(fault)));

const oneOf = <const Word extends string>(words: readonly Word[], fault: string) =>
  required((text): Word => words.find((word) => word === text) ?? refuse(fault));

/** What is longer than a few words stands in JSON. */
export const parseJson = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return refuse('must be JSON');
  }
};

const isLoopback = (url: URL): boolean =>
  url.hostname === 'localhost' || url.hostname === '127.0.0.1';

/**
 * https, or http on this very machine: a program on the loopback interface is reached without a
 * network in between (RFC 8252 section 8.3 makes the same exception), and nothing outside can be
 * reached by that name.
 */
const webUrl = (text: string): URL => {
  const url = URL.parse(text) ?? refuse('must be a URL');
  if (url.protocol !== 'https:' && !(url.protocol === 'http:' && isLoopback(url)))
    refuse('must be an https URL');
  if (url.username || url.password || url.search || url.hash)
    refuse('must be a URL without user, query or fragment');
  return url;
};

/**
 * A URL that is compared byte for byte: as the URL standard writes it, without a trailing slash.
 */
const exactUrl = (text: string): string => {
  if (webUrl(text).href.replace(/\/$/, '') !== text)
    refuse('must be a normalized URL without a trailing slash');
  return text;
};

const origin = (text: string): string => {
  const url = webUrl(text);
  if (url.protocol === 'http:' && url.hostname !== 'localhost')
    refuse('may name http origins on localhost only');
  return url.origin === text
    ? text
    : refuse('must list origins (scheme, host, port) and nothing more');
};

const list = (text: string): string[] =>
  text
    .split(',')
    .map((entry) => entry.trim())
    .filter((entry) => entry !== '');

const mailDomain = (text: string): string =>
  /^[a-z0-9.-]{1,253}$/.test(text) ? text : refuse('must list mail domains in lower case');

/** `claude=abc,julius=def`: name to value, each name once, each value once. */
const pairs = (text: string, value: RegExp): Readonly<Record<string, string>> => {
  const entries = list(text).map((entry) => entry.split('='));
  for (const [name, text_, ...rest] of entries) {
    if (!name || !/^[a-z][a-z0-9-]*$/.test(name) || !text_ || !value.test(text_) || rest.length > 0)
      refuse('must read profile=value,…');
  }
  const names = new Set(entries.map(([name]) => name));
  const values = new Set(entries.map(([, text_]) => text_));
  if (entries.length === 0 || names.size < entries.length || values.size < entries.length)
    refuse('must name each profile and value once');
  return Object.fromEntries(entries);
};

const appClientId = /^[A-Za-z0-9]{1,128}$/;
const usagePlanKeys = /^[A-Za-z0-9]{20,128}(?::[A-Za-z0-9]{20,128})*$/;
const keyPattern = /^[A-Za-z0-9]{32,128}$/;

const areStrings = (value: unknown): value is readonly string[] =>
  Array.isArray(value) && value.every((each) => typeof each === 'string');

const machine = (entry: unknown): Machine => {
  const { name, scopes, groups }: Readonly<Record<string, unknown>> = Object(entry);
  return typeof name === 'string' && areStrings(scopes) && areStrings(groups)
    ? { name, scopes, groups }
    : refuse('is not as the stack writes it');
};

const machines = (text: string): readonly Machine[] => {
  const entries = parseJson(text);
  return Array.isArray(entries) ? entries.map(machine) : refuse('is not as the stack writes it');
};

/**
 * The environment variables that functions read, by their names: a function lists those that it
 * needs, and those of json-fields.ts. Plain functions, and no schemas: of these, making and running
 * some eighty was a tenth of a cold start.
 */
export const fields = {
  ENVIRONMENT: oneOf(['production', 'development'], 'must be production or development'),
  ISSUER_URL: required(exactUrl),
  RESOURCE_URL: required(exactUrl),
  COGNITO_USER_POOL_ID: matching(userPoolPattern, 'must read region_poolId'),
  COGNITO_REGION: matching(regionPattern, 'must be the name of an AWS region'),
  /** Profile name to app client id. */
  COGNITO_CLIENT_ID: required((text) => pairs(text, appClientId)),
  /** Name of a machine to app client id. */
  COGNITO_MACHINE_ID: required((text) => pairs(text, appClientId)),
  MACHINES: required(machines),
  /** The hosted login, reached by the user's browser. */
  COGNITO_DOMAIN: required((text) => {
    const url = webUrl(text);
    return url.pathname === '/' ? url.origin : refuse('must be an origin without a path');
  }),
  /** Mail domains whose people go straight to their company's provider. */
  LOGIN_DOMAINS: required((text): readonly string[] => list(text).map(mailDomain)),
  /** Mail domains whose people may sign up. */
  SIGN_UP_DOMAINS: required((text): readonly string[] => list(text).map(mailDomain)),
  /**
   * Profile name to the values of its usage-plan keys, one for each share of its users:
   * `claude=key:key,…`. Identifiers, since the gateway never takes one from a client.
   */
  USAGE_PLAN_KEYS: required(
    (text): Readonly<Record<string, readonly string[]>> =>
      Object.fromEntries(
        Object.entries(pairs(text, usagePlanKeys)).map(([name, keys]) => [name, keys.split(':')]),
      ),
  ),
  /** Picks a user's share of a profile's users; nobody's credential. */
  USAGE_PLAN_SHARE_KEY: matching(keyPattern, 'must be 32 to 128 letters and digits'),
  TABLE_NAME: matching(/^[A-Za-z0-9_.-]{3,255}$/, 'must be the name of a DynamoDB table'),
  AWS_REGION: matching(regionPattern, 'must be the name of an AWS region'),
  ALLOWED_ORIGINS: required((text): readonly string[] => list(text).map(origin)),
  /** RATE-10: the header in which a declared proxy (CloudFront) passes the viewer's address on. */
  TRUSTED_PROXY_HEADER: optional(
    matching(/^[a-z][a-z0-9-]*$/, 'must be a header name in lower case'),
  ),
  LOG_SENSITIVE_DATA: (text?: string) =>
    text !== undefined && oneOf(['true', 'false'], 'must be true or false')(text) === 'true',
  /** LOG-6: absent where no subject is known. */
  AUDIT_SUBJECT: optional(oneOf(trailSubjects, 'must be hashed or plain')),
  /** Keys the hashes of calls' arguments in the audit trail; nobody's credential. */
  AUDIT_HASH_KEY: matching(keyPattern, 'must be 32 to 128 letters and digits'),
  /** How many tools have metrics of their own. */
  AUDIT_TOOL_METRICS: required((text) =>
    /^\d{1,2}$/.test(text) ? Number(text) : refuse('must be a number of tools'),
  ),
};

const { ENVIRONMENT, ALLOWED_ORIGINS, TRUSTED_PROXY_HEADER, LOG_SENSITIVE_DATA, AUDIT_SUBJECT } =
  fields;

/** What every HTTP function has: see `HttpSettings` in lambdas/middleware. */
export const httpFields = {
  ENVIRONMENT,
  ALLOWED_ORIGINS,
  TRUSTED_PROXY_HEADER,
  LOG_SENSITIVE_DATA,
  AUDIT_SUBJECT,
};

/** Both absent where there are no machines. */
export const machineFields = {
  COGNITO_MACHINE_ID: optional(fields.COGNITO_MACHINE_ID),
  MACHINES: optional(fields.MACHINES),
};

/** What verifying an access token takes. */
export const tokenFields = {
  COGNITO_USER_POOL_ID: fields.COGNITO_USER_POOL_ID,
  COGNITO_REGION: fields.COGNITO_REGION,
  COGNITO_CLIENT_ID: fields.COGNITO_CLIENT_ID,
  RESOURCE_URL: fields.RESOURCE_URL,
  ...machineFields,
};
