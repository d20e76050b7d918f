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

/** Writes the answer as API Gateway reads it. The last middleware on the way out. */
export const gatewayResponse = ({ stream }: { readonly stream: boolean }): Middleware => {
  const write: NonNullable<Middleware['after']> = (request) => {
    if (!request.response) return;
    const { statusCode, headers = {}, cookies, body } = request.response;
    if (!stream && typeof body !== 'string')
      throw new Unexpected({ detail: 'a handler that does not stream answered with a stream' });
    const answer: GatewayResponse = {
      statusCode,
      headers,
      ...(cookies && cookies.length > 0 && { multiValueHeaders: { 'set-cookie': cookies } }),
      body,
    };
    request.response = answer;
  };
  return { after: write, onError: write };
};
