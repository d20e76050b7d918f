import * as http from 'node:http';

export interface RedirectListener {
  readonly redirectUrl: string;
  stop(): Promise<void>;
}

/**
 * What every native client has (RFC 8252 section 7.3): a listener on a port that nobody knew
 * before.
 */
export const startRedirectListener = async (
  host: '127.0.0.1' | 'localhost',
): Promise<RedirectListener> => {
  const server = http.createServer((request, response) => {
    const isCallback = request.url?.startsWith('/callback?') ?? false;
    response
      .writeHead(isCallback ? 200 : 404, { 'content-type': 'text/plain' })
      .end('You can close this window.');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  return {
    redirectUrl: `http://${host}:${port}/callback`,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
};
