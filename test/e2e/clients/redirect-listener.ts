import * as http from 'node:http';

export interface RedirectListener {
  readonly redirectUrl: string;
  /** The parameters of the authorization response, once the browser brought it. */
  next(): Promise<URLSearchParams>;
  stop(): Promise<void>;
}

/** What every native client has (RFC 8252 section 7.3): a listener on a port that nobody knew before. */
export const startRedirectListener = async (host: '127.0.0.1' | 'localhost'): Promise<RedirectListener> => {
  let arrived = Promise.withResolvers<URLSearchParams>();
  const server = http.createServer((request, response) => {
    const url = new URL(request.url ?? '/', 'http://localhost');
    if (url.pathname !== '/callback') return void response.writeHead(404).end();
    response.writeHead(200, { 'content-type': 'text/plain' }).end('You can close this window.');
    arrived.resolve(url.searchParams);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  return {
    redirectUrl: `http://${host}:${port}/callback`,
    next: async () => {
      const parameters = await arrived.promise;
      arrived = Promise.withResolvers();
      return parameters;
    },
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
};
