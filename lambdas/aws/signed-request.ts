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
  const url = endpointOf(call.service, call.region, process.env);
  const { headers = {} } = new Signer({
    service: call.service,
    region: call.region,
    method: 'POST',
    host: url.host,
    path: url.pathname,
    headers: { 'Content-Type': call.contentType, 'X-Amz-Target': call.target },
    body: call.body,
  }).sign();
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
