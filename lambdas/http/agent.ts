import type { Agent } from 'node:http';
import { http, https } from './node-http.ts';

// Made with the first call: a function that makes none pays nothing. Sockets are kept between
// invocations.
let plain: Agent | undefined;
let secure: Agent | undefined;

/** A keep-alive agent; plain http serves only an endpoint that the SDKs' own settings name. */
export const agentOf = (protocol: string): Agent => {
  if (protocol === 'http:') {
    plain ??= new http.Agent({ keepAlive: true });
    return plain;
  }
  secure ??= new https.Agent({ keepAlive: true });
  return secure;
};
