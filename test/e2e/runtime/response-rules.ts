import type { Endpoint } from '../../../policy/endpoints.ts';
import { type GatewayResponseRow, gatewayResponses } from '../../../policy/gateway-responses.ts';
import {
  contentSecurityPolicy,
  discoveryCacheControl,
  headerTable,
  pageContentSecurityPolicy,
  removedHeaders,
} from '../../../policy/headers.ts';
import { lifetimes } from '../../../policy/lifetimes.ts';
import { header, type Received } from './send.ts';

/** What was asked, as far as the rules for its answer depend on it. */
export interface Asked {
  readonly method: string;
  readonly origin?: string | undefined;
  /** The route's own row of the policy; undefined where there is no such route. */
  readonly endpoint?: Pick<Endpoint, 'errors' | 'browsers' | 'function'> | undefined;
}

export interface Surroundings {
  readonly allowedOrigins: readonly string[];
  /** What no answer may contain (ERR-1): the account's number, names of what is behind us. */
  readonly internals: readonly string[];
}

const discovery = discoveryCacheControl.replace(
  '{discoverySeconds}',
  String(lifetimes.discoverySeconds),
);

const pagePolicy = new RegExp(
  `^${pageContentSecurityPolicy.replace(/[.*+?^${}()|[\]\\]/g, '\\$&').replace('\\{nonce\\}', '[A-Za-z0-9+/]{22,}={0,2}')}$`,
);

const isPage = (response: Received): boolean =>
  header(response, 'content-type')?.startsWith('text/html') === true;

/** F: the header table, each header once and with its value. */
const headerFaults = (response: Received, { endpoint }: Asked): string[] => {
  const exceptions: Readonly<Record<string, (value: string) => boolean>> = {
    'content-security-policy': (value) => isPage(response) && pagePolicy.test(value),
    'cache-control': (value) =>
      endpoint?.function === 'metadata' &&
      [200, 304].includes(response.status) &&
      value === discovery,
  };
  const faults: string[] = [];
  for (const [name, wanted] of Object.entries(headerTable('development'))) {
    const values = response.headers.get(name) ?? [];
    const [value = ''] = values;
    if (values.length !== 1) faults.push(`${name} stands ${values.length} times`);
    else if (value !== wanted && !exceptions[name]?.(value)) faults.push(`${name} is "${value}"`);
  }
  // Gateway responses and web-ACL blocks carry the table's policy, whatever their body is.
  if (
    isPage(response) &&
    !fromGateway(response) &&
    !fromFirewall(response) &&
    header(response, 'content-security-policy') === contentSecurityPolicy.development
  )
    faults.push('a page has the policy of an API');
  for (const name of removedHeaders)
    if (response.headers.has(name)) faults.push(`${name} is there`);
  return faults;
};

/** G: CORS-1, CORS-5 and CORS-6. */
const corsFaults = (
  response: Received,
  { origin, endpoint, method }: Asked,
  { allowedOrigins }: Surroundings,
): string[] => {
  const faults: string[] = [];
  const cors = [...response.headers.keys()].filter((name) => name.startsWith('access-control-'));
  const [allowed, ...more] = response.headers.get('access-control-allow-origin') ?? [];
  if (more.length > 0) faults.push('several origins are allowed');
  if (response.headers.has('access-control-allow-credentials'))
    faults.push('credentials are allowed');
  if (allowed !== undefined && (allowed !== origin || !allowedOrigins.includes(allowed)))
    faults.push(`origin ${allowed} is allowed`);
  const isListed = origin !== undefined && allowedOrigins.includes(origin);
  const byFunction = !fromGateway(response) && !fromFirewall(response);
  if (endpoint?.browsers === 'cross-origin' && byFunction) {
    if (header(response, 'vary') !== 'Origin') faults.push('vary is not Origin');
    if (isListed && allowed !== origin) faults.push('a listed origin may not read the answer');
    const allows = [
      'access-control-allow-methods',
      'access-control-allow-headers',
      'access-control-max-age',
    ];
    if (
      isListed &&
      method === 'OPTIONS' &&
      !allows.every((name) => header(response, name) !== undefined)
    )
      faults.push('no preflight');
  }
  if (allowed !== undefined && header(response, 'vary') !== 'Origin')
    faults.push('an origin is named without vary');
  if (endpoint?.browsers === 'same-origin' && cors.length > 0)
    faults.push(`a page has ${cors.join(', ')}`);
  // Exposed headers without an allowed origin expose nothing; the UNAUTHORIZED response names them
  // in static text.
  if (!isListed && cors.some((name) => name !== 'access-control-expose-headers'))
    faults.push(`a foreign origin is told ${cors.join(', ')}`);
  return faults;
};

/** API Gateway names the kind of its own refusals. */
export const fromGateway = (response: Received): boolean =>
  response.headers.has('x-amzn-errortype');

/**
 * A custom response of the web ACL is static: no request id can stand in its body, only in API
 * Gateway's header beside it.
 */
export const fromFirewall = (response: Received): boolean =>
  response.status === 429 && !fromGateway(response) && !/request_?id/i.test(response.body);

const parsed = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};

const property = (value: unknown, ...names: readonly string[]): unknown => {
  const [name, ...rest] = names;
  if (name === undefined) return value;
  return typeof value === 'object' && value !== null
    ? property(Reflect.get(value, name), ...rest)
    : undefined;
};

const jsonTypes = {
  jsonrpc: 'application/json',
  oauth: 'application/json',
  problem: 'application/problem+json',
  page: 'text/html',
} as const;

const requestIdIn = (response: Received, shape: Endpoint['errors']): unknown => {
  const json = parsed(response.body);
  if (shape === 'jsonrpc') {
    const wellFormed =
      property(json, 'jsonrpc') === '2.0' && typeof property(json, 'error', 'code') === 'number';
    return wellFormed && typeof property(json, 'error', 'message') === 'string'
      ? property(json, 'error', 'data', 'requestId')
      : undefined;
  }
  if (shape === 'oauth')
    return typeof property(json, 'error') === 'string' ? property(json, 'request_id') : undefined;
  if (shape === 'problem')
    return property(json, 'status') === response.status ? property(json, 'requestId') : undefined;
  return /request <code>([^<]+)<\/code>/.exec(response.body)?.[1];
};

/** A gateway response is one row of the policy: its status, its words, its shape. */
const gatewayFaults = (response: Received): string[] => {
  const rows: readonly GatewayResponseRow[] = Object.values(gatewayResponses);
  const json = parsed(response.body);
  const words = property(json, 'title') ?? property(json, 'error', 'message');
  const shape = property(json, 'jsonrpc') === undefined ? 'problem' : 'jsonrpc';
  // ACCESS_DENIED says why in the authorizer's words.
  const row = rows.find(
    (each) =>
      each.status === response.status &&
      each.shape === shape &&
      (each.title === words || each.challenge === 'scope'),
  );
  if (row === undefined)
    return [`a gateway response that is no row of the policy: ${response.body.slice(0, 100)}`];
  const faults =
    requestIdIn(response, shape) === header(response, 'x-amzn-requestid')
      ? []
      : ['the request id is another'];
  if (
    row.retryAfterSeconds !== undefined &&
    header(response, 'retry-after') !== String(row.retryAfterSeconds)
  )
    faults.push('no retry-after');
  if ((row.challenge !== undefined) !== response.headers.has('www-authenticate'))
    faults.push('a challenge is missing or misplaced');
  return faults;
};

/** H: ERR-1 and ERR-2. */
const errorFaults = (
  response: Received,
  { method, endpoint }: Asked,
  { internals }: Surroundings,
): string[] => {
  const leaks = [
    /\n\s+at \S+/,
    /node_modules|\/var\/task|index\.mjs|\.ts:\d/,
    /arn:aws/,
    /\b(middy|zod|powertools|dynalite|aws-jwt-verify)\b/i,
  ];
  const faults = [
    ...leaks.filter((leak) => leak.test(response.body)).map((leak) => `the body matches ${leak}`),
    ...internals
      .filter((text) => response.body.includes(text))
      .map((text) => `the body contains ${text}`),
  ];
  if (header(response, 'x-amzn-requestid') === undefined) faults.push('no request id');
  if (response.status < 400 || method === 'HEAD') return faults;
  if (fromGateway(response)) return [...faults, ...gatewayFaults(response)];
  if (fromFirewall(response))
    return header(response, 'retry-after') === undefined ? [...faults, 'no retry-after'] : faults;
  if (endpoint === undefined) return [...faults, 'an answer from nowhere'];
  if (!header(response, 'content-type')?.startsWith(jsonTypes[endpoint.errors]))
    faults.push(`content-type is ${header(response, 'content-type')}`);
  if (requestIdIn(response, endpoint.errors) !== header(response, 'x-amzn-requestid'))
    faults.push(`the body is no ${endpoint.errors} error with the request id`);
  return faults;
};

/** Everything that is wrong with an answer by the policy; empty when nothing is. */
export const faultsOf = (
  response: Received,
  asked: Asked,
  surroundings: Surroundings,
): readonly string[] => [
  ...headerFaults(response, asked),
  ...corsFaults(response, asked, surroundings),
  ...errorFaults(response, asked, surroundings),
];
