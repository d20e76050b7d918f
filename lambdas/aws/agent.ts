import * as http from 'node:http';
import * as https from 'node:https';

// Made with the first call: a function that makes none pays nothing. Sockets are kept between invocations.
let plain: http.Agent | undefined;
let secure: https.Agent | undefined;

/** A keep-alive agent; plain http serves only an endpoint that the SDKs' own settings name. */
export const agentOf = (protocol: string): http.Agent => {
  if (protocol === 'http:') {
    plain ??= new http.Agent({ keepAlive: true });
    return plain;
  }
  secure ??= new https.Agent({ keepAlive: true });
  return secure;
};
