import type { GatewayResponseType } from './gateway-response-types.ts';

/** Headers in the order in which they are sent; a name may occur several times (Set-Cookie). */
export type Headers = readonly (readonly [name: string, value: string])[];

/** What goes back to the client. */
export interface HttpResponse {
  readonly status: number;
  readonly headers: Headers;
  /** A stream is passed on chunk by chunk; when it breaks off, so does the connection. */
  readonly body: Buffer | AsyncIterable<Uint8Array>;
  /** Set when the gateway itself refused. */
  readonly responseType?: GatewayResponseType;
  /** Closes the connection after the answer: the request was not read to its end. */
  readonly close?: true;
}
