import * as https from 'node:https';
import { makeCertificate } from '../../../local/cognito/certificate.ts';

export interface MetadataDocumentHost {
  /** Sends the functions' connections for `host` here. */
  readonly route: {
    readonly host: string;
    readonly port: number;
    readonly certificateAuthority: string;
    readonly address: string;
  };
  readonly url: string;
  stop(): Promise<void>;
}

/**
 * A public address as the guard against private ones must see it; nothing is ever sent there.
 * TEST-NET would be refused.
 */
const publicAddress = '160.79.104.10';

/**
 * Serves a client metadata document at the real client's URL, to functions that are routed here.
 */
export const serveMetadataDocument = async (
  url: string,
  document: Readonly<Record<string, unknown>>,
): Promise<MetadataDocumentHost> => {
  const { hostname, pathname } = new URL(url);
  const { key, cert, authority } = await makeCertificate([hostname]);
  const body = JSON.stringify({ client_id: url, ...document });
  const server = https.createServer({ key, cert }, (request, response) => {
    const found = request.url === pathname;
    response
      .writeHead(found ? 200 : 404, {
        'content-type': 'application/json',
        'cache-control': 'max-age=300',
      })
      .end(found ? body : '{}');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  return {
    route: { host: hostname, port, certificateAuthority: authority, address: publicAddress },
    url,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
};
