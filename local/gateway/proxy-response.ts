import { validateHeaderName, validateHeaderValue } from 'node:http';
import * as z from 'zod';
import type { Refused } from './gateway-responses.ts';
import type { Headers, HttpResponse } from './http-response.ts';
import { integrationHeaders } from './response-headers.ts';

/** An answer, or the gateway response that takes its place. */
export type Integrated =
  | { readonly kind: 'answer'; readonly answer: HttpResponse }
  | { readonly kind: 'refused'; readonly refused: Refused };

const headerValue = z.union([z.string(), z.number(), z.boolean()]).transform(String);

/** What every Lambda proxy answer starts with, buffered or as the prelude of a stream. */
export const proxyHead = z.looseObject({
  statusCode: z
    .union([z.int(), z.string().regex(/^\d{3}$/)])
    .transform(Number)
    .pipe(z.int().min(200).max(599)),
  headers: z.record(z.string(), headerValue).nullish(),
  multiValueHeaders: z.record(z.string(), z.array(headerValue)).nullish(),
});

/**
 * A buffered answer.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-lambda-proxy-integrations.html
 */
export const proxyResponse = proxyHead.extend({
  body: z.string().nullish(),
  isBase64Encoded: z.boolean().nullish(),
});

/**
 * Whether a header can be sent at all: a name or value with a line break in it, say, is malformed
 * output.
 */
const isSendable = ([name, value]: readonly [string, string]): boolean => {
  try {
    validateHeaderName(name);
    validateHeaderValue(name, value);
    return true;
  } catch {
    return false;
  }
};

/**
 * Where both maps have a name, the multi-value one counts. Undefined when a header is malformed.
 */
export const proxyHeaders = (
  head: z.infer<typeof proxyHead>,
  cookies: readonly string[] = [],
): Headers | undefined => {
  const several = Object.entries(head.multiValueHeaders ?? {});
  const named = new Set(several.map(([name]) => name.toLowerCase()));
  const single = Object.entries(head.headers ?? {}).filter(
    ([name]) => !named.has(name.toLowerCase()),
  );
  const headers: Headers = integrationHeaders([
    ...single,
    ...several.flatMap(([name, values]) => values.map((value) => [name, value] as const)),
    ...cookies.map((cookie) => ['set-cookie', cookie] as const),
  ]);
  if (!headers.every(isSendable)) return undefined;
  return headers.some(([name]) => name.toLowerCase() === 'content-type')
    ? headers
    : [['content-type', 'application/json'], ...headers];
};

export const functionFailed: Integrated = {
  kind: 'refused',
  refused: { type: 'INTEGRATION_FAILURE' },
};
export const timedOut: Integrated = { kind: 'refused', refused: { type: 'INTEGRATION_TIMEOUT' } };
export const tooLong: Integrated = { kind: 'refused', refused: { type: 'REQUEST_TOO_LARGE' } };
