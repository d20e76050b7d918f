import type { Headers } from './http-response.ts';

/**
 * What API Gateway does to the headers of an integration's answer: some it keeps for itself and
 * hands on under another name, some it drops. WWW-Authenticate is the one that breaks logins:
 * clients never start OAuth on `x-amzn-Remapped-WWW-Authenticate`.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-known-issues.html
 */
const remapped = new Set([
  'authorization',
  'connection',
  'content-length',
  'content-md5',
  'date',
  'host',
  'max-forwards',
  'server',
  'user-agent',
  'www-authenticate',
]);
const dropped = new Set([
  'expect',
  'keep-alive',
  'proxy-authenticate',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
]);

export const integrationHeaders = (headers: Headers): Headers =>
  headers.flatMap(([name, value]): Headers => {
    const lower = name.toLowerCase();
    if (dropped.has(lower)) return [];
    return [[remapped.has(lower) ? `x-amzn-Remapped-${name}` : name, value]];
  });
