import type { Readable } from 'node:stream';
import { Unexpected } from '../errors/errors.ts';
import type { Middleware } from './request-context.ts';

/**
 * What API Gateway reads (developer guide, "Output format of a Lambda function for proxy
 * integration"; for a streamed response, the metadata before the body). Neither takes other
 * members.
 */
export interface GatewayResponse {
  readonly statusCode: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly multiValueHeaders?: Readonly<Record<string, readonly string[]>>;
  readonly body: string | Readable;
}

/**
 * Writes the response as API Gateway reads it. The last middleware on the way out.
 * @throws Unexpected for a stream from a function that does not stream
 */
export const gatewayResponse = (streams: boolean): Middleware => {
  const write: NonNullable<Middleware['after']> = (request) => {
    if (!request.response) return;
    const { statusCode, headers = {}, cookies, body } = request.response;
    if (typeof body !== 'string' && !streams)
      throw new Unexpected({ detail: 'a handler that does not stream returned a stream' });
    const response: GatewayResponse = {
      statusCode,
      headers,
      ...(cookies && cookies.length > 0 && { multiValueHeaders: { 'set-cookie': cookies } }),
      body,
    };
    request.response = response;
  };
  return { after: write, onError: write };
};
