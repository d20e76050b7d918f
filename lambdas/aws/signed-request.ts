import { agentOf } from '../http/agent.ts';
import {
  OutboundRequestFailed,
  type OutboundResponse,
  sendRequest,
} from '../http/outbound-request.ts';
import { endpointOf, type Service } from './endpoint.ts';
import { Signer } from './signer.ts';

/** A call of one of AWS's JSON services (`X-Amz-Target` protocols). */
export interface ServiceCall {
  readonly service: Service;
  readonly region: string;
  /** `DynamoDB_20120810.UpdateItem`. */
  readonly target: string;
  readonly contentType: string;
  readonly body: string;
  readonly timeoutMs: number;
  /** A longer response is cut off and refused. */
  readonly maximumBytes: number;
}

/**
 * Signature Version 4 over a kept-alive connection. An AWS SDK client does no more for these few
 * calls and costs 56 to 108 ms of cold start. Credentials are read from the environment on each
 * call, as Lambda may renew them.
 *
 * @throws OutboundRequestFailed
 */
export const signedRequest = async (call: ServiceCall): Promise<OutboundResponse> => {
  try {
    return await send(call);
  } catch (error) {
    // A function that was frozen wakes with connections that AWS closed long ago; the SDKs try
    // again, too.
    if (error instanceof OutboundRequestFailed && error.stale) return send(call);
    throw error;
  }
};

const send = (call: ServiceCall): Promise<OutboundResponse> => {
  const url = endpointFor(call);
  const request = {
    service: call.service,
    region: call.region,
    method: 'POST',
    host: url.host,
    path: url.pathname,
    headers: { 'Content-Type': call.contentType, 'X-Amz-Target': call.target },
    body: call.body,
  };
  const { headers = {} } = new Signer(request, currentCredentials()).sign();
  return sendRequest({
    url,
    method: 'POST',
    headers,
    body: call.body,
    timeoutMs: call.timeoutMs,
    maximumBytes: call.maximumBytes,
    agent: agentOf(url.protocol),
  });
};

const endpoints = new Map<string, URL>();

/** Where a service answers does not change while a process lives: it is read and parsed once. */
const endpointFor = ({ service, region }: ServiceCall): URL => {
  const key = `${service} ${region}`;
  const known = endpoints.get(key);
  if (known !== undefined) return known;
  const url = endpointOf(service, region, process.env);
  endpoints.set(key, url);
  return url;
};

let kept: ConstructorParameters<typeof Signer>[1];

/** Each variable is read from the operating system, and renewed credentials have another id. */
const currentCredentials = () => {
  const accessKeyId = process.env['AWS_ACCESS_KEY_ID'] ?? '';
  if (kept?.accessKeyId === accessKeyId) return kept;
  const secretAccessKey = process.env['AWS_SECRET_ACCESS_KEY'] ?? '';
  const sessionToken = process.env['AWS_SESSION_TOKEN'];
  kept = { accessKeyId, secretAccessKey, ...(sessionToken && { sessionToken }) };
  return kept;
};
