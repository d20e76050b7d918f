import { Agent } from 'node:https';
import { parseXML } from '@aws-sdk/xml-builder';
import aws4 from 'aws4';
import * as z from 'zod';
import { dnsSuffix } from '../../lambdas/configuration/partition.ts';
import {
  OutboundRequestFailed,
  type OutboundResponse,
  sendRequest,
} from '../../lambdas/http/outbound-request.ts';
import { UserError } from '../../lib/user-error.ts';
import { messageOf } from '../../local/failure.ts';
import type { Credentials } from './credentials.ts';
import { AwsError, errorIn } from './error.ts';
import { type Service, services } from './services.ts';

/** One request to an AWS service. */
export interface AwsRequest {
  readonly service: Service;
  /** @default 'GET' without a body, else 'POST' */
  readonly method?: 'GET' | 'POST';
  /** With its query, percent-encoded. @default '/' */
  readonly path?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** The AWS of one account and region, or what stands for it on this computer. */
export interface Aws {
  readonly region: string;
  /**
   * @returns the answer's JSON, or its XML as an object
   * @throws AwsError for what the service refuses; UserError where nothing answers
   */
  send(request: AwsRequest): Promise<unknown>;
  /** The same without a judgement: whatever the service answers. */
  respond(request: AwsRequest): Promise<OutboundResponse>;
}

/** Where a service is reached instead of at AWS. */
export interface Endpoint {
  readonly url: string;
  /** PEM of the authority that signed its certificate. */
  readonly certificateAuthority?: string;
}

export interface AwsOptions {
  readonly region: string;
  readonly credentials: Credentials;
  readonly endpoints?: Readonly<Partial<Record<Service, Endpoint>>>;
}

const timeoutMilliseconds = 20_000;
const maximumBytes = 8 * 1024 * 1024;
/** As the SDKs' standard mode has it (AWS SDKs and Tools Reference Guide, "Retry behavior"). */
const attempts = (): number => Number(process.env['AWS_MAX_ATTEMPTS'] ?? 3);
const retried = new Set([
  'Throttling',
  'ThrottlingException',
  'TooManyRequestsException',
  'RequestLimitExceeded',
  'PriorRequestNotComplete',
]);

/** Signed requests (Signature Version 4). An SDK client a service would be a package each. */
export const makeAws = ({ region, credentials, endpoints = {} }: AwsOptions): Aws => {
  const respond = (request: AwsRequest): Promise<OutboundResponse> => {
    const { service, body, path = '/' } = request;
    const { url: base, certificateAuthority } = endpoints[service] ?? addressOf(service, region);
    const url = new URL(path, base);
    const signed = aws4.sign(
      {
        service,
        region: services[service].isGlobal === true ? 'us-east-1' : region,
        method: request.method ?? (body === undefined ? 'GET' : 'POST'),
        host: url.host,
        path: `${url.pathname}${url.search}`,
        headers: { accept: 'application/json', ...request.headers },
        ...(body !== undefined && { body }),
      },
      {
        accessKeyId: credentials.accessKeyId,
        secretAccessKey: credentials.secretAccessKey,
        ...(credentials.sessionToken !== undefined && { sessionToken: credentials.sessionToken }),
      },
    );
    return sendRequest({
      url,
      method: signed.method === 'GET' ? 'GET' : 'POST',
      headers: Object.fromEntries(
        Object.entries(signed.headers ?? {}).map(([name, value]) => [name, String(value)]),
      ),
      ...(body !== undefined && { body }),
      timeoutMs: timeoutMilliseconds,
      maximumBytes,
      ...(certificateAuthority !== undefined && { agent: new Agent({ ca: certificateAuthority }) }),
    }).catch((error: unknown) => {
      const cause = error instanceof OutboundRequestFailed ? error.cause : error;
      throw new UserError(`${url.host} does not answer: ${messageOf(cause)}`);
    });
  };
  const sendOnce = async (request: AwsRequest): Promise<unknown> => {
    const { status, headers, text, json } = await respond(request);
    const content = json ?? xmlIn(text);
    const isFine = status >= 200 && status < 300;
    // Without this, a proxy's page would count as a list with nothing in it.
    if (isFine && content === undefined && text.trim() !== '')
      throw new UserError(
        `${request.service} answers ${status} with what no service of AWS sends: does a proxy answer in its place?`,
      );
    if (isFine) return content ?? {};
    throw errorIn(request.service, status, headers, content);
  };
  return {
    region,
    respond,
    send: async (request) => {
      for (let attempt = 1; ; attempt += 1) {
        try {
          return await sendOnce(request);
        } catch (error) {
          const again =
            error instanceof AwsError && retried.has(error.code) && attempt < attempts();
          if (!again) throw error;
          await new Promise((resolve) => setTimeout(resolve, 500 * 2 ** attempt));
        }
      }
    },
  };
};

/** The SDKs' own settings of an endpoint, else the service's (AWS General Reference). */
const addressOf = (service: Service, region: string): Endpoint => {
  const { isGlobal, variable } = services[service];
  const given = process.env[variable] ?? process.env['AWS_ENDPOINT_URL'];
  const suffix = dnsSuffix(region);
  return {
    url: given ?? `https://${service}.${isGlobal === true ? suffix : `${region}.${suffix}`}`,
  };
};

const xmlIn = (text: string): unknown => {
  if (!text.trimStart().startsWith('<') || /^\s*<(!doctype )?html\b/i.test(text)) return undefined;
  try {
    return parseXML(text);
  } catch {
    return undefined;
  }
};

/** A call of AWS's JSON protocol. `target` is `Service_20120810.Operation`. */
export const jsonCall = (
  aws: Aws,
  service: Service,
  target: string,
  input: object,
): Promise<unknown> =>
  aws.send({
    service,
    headers: { 'content-type': 'application/x-amz-json-1.1', 'x-amz-target': target },
    body: JSON.stringify(input),
  });

/** A call of AWS's query protocol: the object inside its `<Operation>Result`. */
export const queryCall = async (
  aws: Aws,
  service: Service,
  version: string,
  operation: string,
  input: Readonly<Record<string, string>> = {},
): Promise<unknown> => {
  const envelope = await aws.send({
    service,
    headers: { 'content-type': 'application/x-www-form-urlencoded; charset=utf-8' },
    body: new URLSearchParams({ Action: operation, Version: version, ...input }).toString(),
  });
  const { [`${operation}Response`]: response } = members.catch({}).parse(envelope);
  const { [`${operation}Result`]: result } = members.catch({}).parse(response);
  return result ?? {};
};

const members = z.record(z.string(), z.unknown());

/** A list of the query protocol and of REST-XML: one member is not a list there, none is ''. */
export const listOf = <T extends z.ZodType>(item: T, name = 'member') =>
  z.preprocess((value) => {
    const inner = members.safeParse(value).data?.[name];
    if (inner === undefined) return [];
    return Array.isArray(inner) ? inner : [inner];
  }, z.array(item));
