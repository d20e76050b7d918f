import * as http from 'node:http';
import * as https from 'node:https';
import { sign } from 'aws4';
import { agentOf } from './agent.ts';
import { endpointOf, type Service } from './endpoint.ts';

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

export interface ServiceAnswer {
  readonly status: number;
  readonly body: string;
}

/** The service could not be reached, did not answer in time, or answered too much. */
export class ServiceUnreachable extends Error {
  override readonly name = 'ServiceUnreachable';
  /** Nothing was sent: the connection itself failed, so the call certainly had no effect. */
  readonly connected: boolean;
  constructor(connected: boolean, cause: unknown) {
    super('The AWS service could not be reached.', { cause });
    this.connected = connected;
  }
}

/**
 * Signature Version 4 over a kept-alive connection. An AWS SDK client does no more for these few calls and costs 56 to 108 ms
 * of cold start. Credentials are read from the environment on each call, as Lambda may renew them.
 *
 * @throws ServiceUnreachable
 */
export const signedRequest = (call: ServiceCall): Promise<ServiceAnswer> =>
  new Promise((resolve, reject) => {
    const endpoint = endpointOf(call.service, call.region, process.env);
    const plain = endpoint.protocol === 'http:';
    const { method, path, headers } = sign({
      service: call.service,
      region: call.region,
      method: 'POST',
      host: endpoint.host,
      path: endpoint.pathname,
      headers: { 'Content-Type': call.contentType, 'X-Amz-Target': call.target },
      body: call.body,
    });
    let connected = false;
    const fail = (cause: unknown) => reject(new ServiceUnreachable(connected, cause));
    const receive = (response: http.IncomingMessage) => {
      const chunks: Buffer[] = [];
      let bytes = 0;
      response.on('data', (chunk: Buffer) => {
        bytes += chunk.length;
        if (bytes > call.maximumBytes) outgoing.destroy(new Error('answer too large'));
        else chunks.push(chunk);
      });
      response.on('end', () => resolve({ status: response.statusCode ?? 0, body: Buffer.concat(chunks).toString('utf8') }));
      response.on('error', fail);
    };
    const options = {
      method,
      path,
      headers,
      hostname: endpoint.hostname.replace(/^\[|\]$/g, ''),
      port: endpoint.port,
      agent: agentOf(endpoint.protocol),
      signal: AbortSignal.timeout(call.timeoutMs),
    };
    const outgoing = (plain ? http : https).request(options, receive);
    outgoing.on('socket', (socket) => {
      // A kept-alive socket is connected already; a new https one only once TLS stands.
      if (outgoing.reusedSocket || !socket.connecting) connected = true;
      else socket.once(plain ? 'connect' : 'secureConnect', () => (connected = true));
    });
    outgoing.on('error', fail);
    outgoing.end(call.body);
  });
