import { createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';

/** On the list of development environments (policy/cors). */
const allowedOrigin = 'http://localhost:3000';

/** Where to, and with what, the next request goes. */
export interface Next {
  readonly port: number;
  readonly token: string;
  /** One of 127.0.0.0/8: the address that the web ACL counts. */
  readonly localAddress: string;
  /** The revision to speak in place of the suite's own, which knows no older one on the wire. */
  readonly revision?: string | undefined;
}

export interface InjectingProxy {
  readonly port: number;
  readonly stop: () => Promise<void>;
}

/**
 * The client that the suite runs takes whatever revision it is answered with; it only never asks
 * for an older one.
 */
const inRevision = (revision: string, body: string): string =>
  body.includes('"method":"initialize"')
    ? body.replace(/"protocolVersion":"[^"]*"/, `"protocolVersion":"${revision}"`)
    : body;

/**
 * Passes requests on with an access token, which the suite has no option for. Everything else goes
 * through as it came, the same header twice included. Each request may come from another user and
 * address: the suite sends more than one user may.
 */
export const startInjectingProxy = async (next: () => Next): Promise<InjectingProxy> => {
  const server = createServer((incoming, outgoing) => {
    const { port, token, localAddress, revision } = next();
    const own = `http://${incoming.headers.host}`;
    const headers = incoming.rawHeaders.flatMap((name, index, raw) => {
      if (index % 2 === 1 || /^(host|connection|authorization)$/i.test(name)) return [];
      const value = raw[index + 1] ?? '';
      if (revision !== undefined && /^content-length$/i.test(name)) return [];
      if (revision !== undefined && /^mcp-protocol-version$/i.test(name)) return [name, revision];
      // A page of the proxy's own origin is a page of an allowed one; a foreign origin stays
      // foreign.
      return [
        name,
        /^origin$/i.test(name) && value === own && /^localhost:/.test(incoming.headers.host ?? '')
          ? allowedOrigin
          : value,
      ];
    });
    const passedOn = request({
      host: '127.0.0.1',
      port,
      localAddress,
      method: incoming.method ?? 'GET',
      path: incoming.url ?? '/',
      headers: ['Host', `localhost:${port}`, 'Authorization', `Bearer ${token}`, ...headers],
    });
    passedOn.on('response', (answer) => {
      outgoing.writeHead(answer.statusCode ?? 502, answer.rawHeaders);
      answer.pipe(outgoing);
    });
    passedOn.on('error', () => outgoing.destroy());
    outgoing.on('close', () => passedOn.destroy());
    if (revision === undefined) incoming.pipe(passedOn);
    else
      text(incoming).then(
        (body) => passedOn.end(inRevision(revision, body)),
        () => passedOn.destroy(),
      );
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    port: (server.address() as AddressInfo).port,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
};
