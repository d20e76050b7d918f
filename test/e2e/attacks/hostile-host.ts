import * as https from 'node:https';
import { makeCertificate } from '../../../local/cognito/certificate.ts';
import type { Route } from '../../../local/lambda/messages.ts';

export interface HostileHost {
  /** The functions' way here; `address` is what DNS says of the host. */
  readonly routeAs: (address: string) => Route;
  /** Paths that were asked for. */
  readonly requests: string[];
  stop(): Promise<void>;
}

/**
 * A host that serves client metadata documents as an attacker would who controls it. Every path is
 * another trick.
 */
export const hostileHost = async (host: string): Promise<HostileHost> => {
  const { key, cert, authority } = await makeCertificate([host]);
  const requests: string[] = [];
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
      response.write(`{"client_id":"https://${host}/big","padding":"`);
      // 10 MB, unless the reader hangs up.
      for (let chunk = 0; chunk < 160; chunk += 1) response.write('x'.repeat(64 * 1024));
      return response.end('"}');
    }
    return response.writeHead(200, json).end(document(`https://${host}${path}`));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  return {
    routeAs: (address) => ({ host, port, certificateAuthority: authority, address }),
    requests,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
};
