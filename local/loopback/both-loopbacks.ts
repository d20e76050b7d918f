import type { Server } from 'node:net';

interface Closable extends Server {
  closeAllConnections(): void;
}

interface Listening {
  readonly servers: readonly Closable[];
  readonly port: number;
}

const listenOn = (server: Closable, host: string, port: number): Promise<number> =>
  new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen({ host, port }, () => {
      server.off('error', reject);
      const address = server.address();
      resolve(typeof address === 'object' && address !== null ? address.port : port);
    });
  });

export const close = (server: Closable): Promise<void> =>
  new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });

/** A free port of 127.0.0.1 may be taken on [::1]: then another is tried, this often. */
const attempts = 10;

const isCode = (error: unknown, ...codes: readonly string[]): boolean =>
  error instanceof Error && 'code' in error && codes.some((code) => code === error.code);

/**
 * Listens on 127.0.0.1 and [::1] under one port: `localhost` means either, depending on who
 * resolves it.
 */
export const listen = async (
  makeServer: () => Closable,
  port: number,
  attempt = 1,
): Promise<Listening> => {
  const ipv4 = makeServer();
  const taken = await listenOn(ipv4, '127.0.0.1', port);
  const ipv6 = makeServer();
  try {
    await listenOn(ipv6, '::1', taken);
    return { servers: [ipv4, ipv6], port: taken };
  } catch (error) {
    if (isCode(error, 'EADDRNOTAVAIL', 'EAFNOSUPPORT')) return { servers: [ipv4], port: taken };
    await close(ipv4);
    if (port === 0 && attempt < attempts && isCode(error, 'EADDRINUSE'))
      return listen(makeServer, port, attempt + 1);
    throw error;
  }
};
