import type { Readable } from 'node:stream';
import { Unexpected } from '../errors/errors.ts';
import type { ResponseStreaming } from '../http/request.ts';
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

/** @throws Unexpected for a stream from a function that does not stream */
const sentBody = (
  body: string | Readable,
  streaming: ResponseStreaming | undefined,
): string | Readable => {
  if (typeof body !== 'string') {
    if (streaming === undefined)
      throw new Unexpected({ detail: 'a handler that does not stream returned a stream' });
    return body;
  }
  return streaming === undefined || body === '' ? body : streaming.inBytes(body);
};

/** Writes the response as API Gateway reads it. The last middleware on the way out. */
export const gatewayResponse = (streaming: ResponseStreaming | undefined): Middleware => {
  const write: NonNullable<Middleware['after']> = (request) => {
    if (!request.response) return;
    const { statusCode, headers = {}, cookies, body } = request.response;
    const response: GatewayResponse = {
      statusCode,
      headers,
      ...(cookies && cookies.length > 0 && { multiValueHeaders: { 'set-cookie': cookies } }),
      body: sentBody(body, streaming),
    };
    request.response = response;
  };
  return { after: write, onError: write };
};
