import { ExchangeFailed, exchange, type Reply } from '../http/exchange.ts';
import { agentOf } from './agent.ts';
import { endpointOf, type Service } from './endpoint.ts';
import { signedHeaders } from './signature.ts';

/** A call of one of AWS's JSON services (`X-Amz-Target` protocols). */
export interface ServiceCall {
  readonly service: Service;
  readonly region: string;
  /** `DynamoDB_20120810.UpdateItem`. */
  readonly target: string;
  readonly contentType: string;
  readonly body: string;
  readonly timeoutMs: number;
  /** A longer answer is cut off and refused. */
  readonly maximumBytes: number;
}

/**
 * Signature Version 4 over a kept-alive connection. An AWS SDK client does no more for these few calls and costs 56 to 108 ms
 * of cold start. Credentials are read from the environment on each call, as Lambda may renew them.
 *
 * @throws ExchangeFailed
 */
export const signedRequest = async (call: ServiceCall): Promise<Reply> => {
  try {
    return await send(call);
  } catch (error) {
    // A function that was frozen wakes with connections that AWS closed long ago; the SDKs try again, too.
    if (error instanceof ExchangeFailed && error.stale) return send(call);
    throw error;
  }
};

const send = (call: ServiceCall): Promise<Reply> => {
  const url = endpointOf(call.service, call.region, process.env);
  const { AWS_ACCESS_KEY_ID = '', AWS_SECRET_ACCESS_KEY = '', AWS_SESSION_TOKEN: sessionToken } = process.env;
  const credentials = { accessKeyId: AWS_ACCESS_KEY_ID, secretAccessKey: AWS_SECRET_ACCESS_KEY, sessionToken };
  const signed = signedHeaders({ ...call, host: url.host, path: url.pathname }, credentials, new Date());
  return exchange({
    url,
    method: 'POST',
    headers: signed,
    body: call.body,
    timeoutMs: call.timeoutMs,
    maximumBytes: call.maximumBytes,
    agent: agentOf(url.protocol),
  });
};
