import * as https from 'node:https';
import { Readable } from 'node:stream';
import { makeCertificate } from '../../../local/cognito/certificate.ts';
import type { Route } from '../../../local/lambda/messages.ts';

export interface HostileHost {
  /** The functions' way here; `address` is what DNS says of the host. */
  readonly routeAs: (address: string) => Route;
  /** Paths that were asked for. */
  readonly requests: string[];
  /** Bytes of `/big` that were handed over before the reader hung up. */
  sentOfBigDocument(): Promise<number>;
  stop(): Promise<void>;
}

export const bigDocumentBytes = 10 * 1024 * 1024;
const chunkBytes = 64 * 1024;

/**
 * A host that serves client metadata documents as an attacker would who controls it. Every path is
 * another trick.
 */
export const hostileHost = async (host: string): Promise<HostileHost> => {
  const { key, cert, authority } = await makeCertificate([host]);
  const requests: string[] = [];
  let sent = 0;
  const bigDocument = Promise.withResolvers<number>();
  /** As fast as it is read, and no faster: what nobody reads is never made. */
  function* padding() {
    yield `{"client_id":"https://${host}/big","padding":"`;
    for (; sent < bigDocumentBytes; sent += chunkBytes) yield 'x'.repeat(chunkBytes);
    yield '"}';
  }
  const server = https.createServer({ key, cert }, (request, response) => {
    const path = request.url ?? '';
    requests.push(path);
    const document = (clientId: string) =>
      JSON.stringify({
        client_id: clientId,
        client_name: 'A client',
        redirect_uris: ['http://localhost/callback'],
        token_endpoint_auth_method: 'none',
      });
    const json = { 'content-type': 'application/json' };
    if (path === '/redirects')
      return response.writeHead(302, { location: `https://${host}/good` }).end();
    if (path === '/mismatch')
      return response.writeHead(200, json).end(document(`https://${host}/good`));
    if (path === '/html')
      return response
        .writeHead(200, { 'content-type': 'text/html' })
        .end(document(`https://${host}${path}`));
    if (path === '/slow') return response.writeHead(200, json).flushHeaders();
    if (path === '/big') {
      response.writeHead(200, json);
      response.once('close', () => bigDocument.resolve(sent));
      return void Readable.from(padding()).pipe(response);
    }
    return response.writeHead(200, json).end(document(`https://${host}${path}`));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  return {
    routeAs: (address) => ({ host, port, certificateAuthority: authority, address }),
    requests,
    sentOfBigDocument: () => bigDocument.promise,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
};
