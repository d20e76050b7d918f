import { constants, createContext, runInContext, Script } from 'node:vm';
import * as z from 'zod';
import type { Headers } from '../gateway/http-response.ts';
import { allValues, type GatewayRequest, headerValues, makeRequest } from '../gateway/request.ts';

const value = z.looseObject({
  value: z.string(),
  multiValue: z.array(z.looseObject({ value: z.string() })).optional(),
});
const values = z.record(z.string(), value).default({});

const returnedRequest = z.looseObject({
  method: z.string(),
  uri: z.string().startsWith('/'),
  querystring: values,
  headers: values,
  cookies: values,
});
const returnedResponse = z.looseObject({
  statusCode: z.int().min(100).max(599),
  headers: values,
  body: z
    .union([z.string(), z.looseObject({ data: z.string() }).transform(({ data }) => data)])
    .optional(),
});

export type EdgeOutcome =
  | { readonly kind: 'request'; readonly request: GatewayRequest }
  | {
      readonly kind: 'response';
      readonly status: number;
      readonly headers: Headers;
      readonly body: string;
    }
  | { readonly kind: 'failed' };

export interface EdgeFunction {
  readonly onViewerRequest: (
    request: GatewayRequest,
    viewer: {
      readonly distributionId: string;
      readonly domainName: string;
      readonly requestId: string;
    },
  ) => EdgeOutcome;
}

/**
 * At the edge a function gets about a millisecond of a processor; a computer may be busy with other
 * things.
 */
const milliseconds = 1000;
/**
 * https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/cloudfront-limits.html#limits-functions
 */
const maximumBytes = 10 * 1024;

/**
 * A CloudFront Function of the runtime cloudfront-js-2.0: its own code, alone with the language: no
 * modules, no timers, no network, no code from text. Everything goes in and comes out as JSON, so
 * that nothing of this process can be reached from inside.
 * https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/functions-javascript-runtime-20.html
 */
export const compileEdgeFunction = (code: string, where: string): EdgeFunction => {
  if (Buffer.byteLength(code) > maximumBytes)
    throw new RangeError(`${where} is larger than CloudFront takes (10 KB).`);
  const source = new Script(code, { filename: where });
  const run = (event: unknown): unknown => {
    // An empty global of its own: an object of this process in there would be a way out, by its
    // constructor.
    const context = createContext(constants.DONT_CONTEXTIFY, {
      codeGeneration: { strings: false, wasm: false },
    });
    source.runInContext(context, { timeout: milliseconds });
    const call = `JSON.stringify(handler(JSON.parse(${JSON.stringify(JSON.stringify(event))})))`;
    const result: unknown = runInContext(call, context, { timeout: milliseconds });
    return typeof result === 'string' ? JSON.parse(result) : undefined;
  };
  return {
    onViewerRequest: (request, { distributionId, domainName, requestId }) => {
      try {
        const returned = run({
          version: '1.0',
          context: {
            distributionDomainName: domainName,
            distributionId,
            eventType: 'viewer-request',
            requestId,
          },
          viewer: { ip: request.sourceIp },
          request: requestObject(request),
        });
        const response = returnedResponse.safeParse(returned);
        if (response.success)
          return {
            kind: 'response',
            status: response.data.statusCode,
            headers: flatten(response.data.headers),
            body: response.data.body ?? '',
          };
        return { kind: 'request', request: applied(request, returnedRequest.parse(returned)) };
      } catch {
        return { kind: 'failed' };
      }
    },
  };
};

const wrap = (all: ReadonlyMap<string, readonly string[]>): Record<string, z.infer<typeof value>> =>
  Object.fromEntries(
    Object.entries(allValues(all) ?? {}).map(([name, each]) => [
      name,
      {
        value: each.at(-1) ?? '',
        ...(each.length > 1 && { multiValue: each.map((one) => ({ value: one })) }),
      },
    ]),
  );

/**
 * https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/functions-event-structure.html
 */
const requestObject = (request: GatewayRequest) => ({
  method: request.httpMethod,
  uri: request.rawPath,
  querystring: wrap(rawQuery(request.rawQuery)),
  headers: wrap(
    headerValues(
      request.headers.flatMap(([name, each]) =>
        name.toLowerCase() === 'cookie' ? [] : [[name.toLowerCase(), each] as const],
      ),
    ),
  ),
  cookies: wrap(cookiesOf(request)),
});

/** Names and values as they were written: CloudFront decodes nothing for a function. */
const rawQuery = (query: string): ReadonlyMap<string, readonly string[]> => {
  const all = new Map<string, string[]>();
  for (const part of query === '' ? [] : query.split('&')) {
    const [name = '', ...rest] = part.split('=');
    all.set(name, [...(all.get(name) ?? []), rest.join('=')]);
  }
  return all;
};

const cookiesOf = (request: GatewayRequest): ReadonlyMap<string, readonly string[]> => {
  const all = new Map<string, string[]>();
  for (const [name, header] of request.headers) {
    if (name.toLowerCase() !== 'cookie') continue;
    for (const part of header.split(';')) {
      const [cookie = '', ...rest] = part.trim().split('=');
      if (cookie !== '') all.set(cookie, [...(all.get(cookie) ?? []), rest.join('=')]);
    }
  }
  return all;
};

type Values = z.infer<typeof values>;

const flatten = (all: Values): Headers =>
  Object.entries(all).flatMap(([name, { value: one, multiValue }]) =>
    (multiValue ?? [{ value: one }]).map((each) => [name, each.value] as const),
  );

const applied = (
  request: GatewayRequest,
  { uri, querystring, headers, cookies }: z.infer<typeof returnedRequest>,
): GatewayRequest => {
  const pairs = (all: Values, separator: string) =>
    flatten(all)
      .map(([name, each]) => `${name}=${each}`)
      .join(separator);
  const cookie = pairs(cookies, '; ');
  const query = pairs(querystring, '&');
  return makeRequest({
    ...request,
    target: query === '' ? uri : `${uri}?${query}`,
    rawHeaders: [
      ...flatten(headers),
      ...(cookie === '' ? [] : [['cookie', cookie] as const]),
    ].flat(),
  });
};
