import * as http from 'node:http';
import { Readable } from 'node:stream';

/**
 * A `fetch` whose connections come from one address of 127.0.0.0/8, so that each client of a test
 * is another computer to the rate limits. Plain http to this machine only; redirects are never
 * followed.
 */
export const fetchFrom =
  (localAddress: string): typeof fetch =>
  async (input, init) => {
    const request = new Request(input, init);
    const url = new URL(request.url);
    const body = request.body === null ? undefined : Buffer.from(await request.arrayBuffer());
    const response = await new Promise<http.IncomingMessage>((resolve, reject) => {
      const outgoing = http.request(
        {
          // `localhost` may mean [::1], which no IPv4 address can reach.
          host: url.hostname === 'localhost' ? '127.0.0.1' : url.hostname,
          port: url.port,
          path: `${url.pathname}${url.search}`,
          method: request.method,
          localAddress,
          agent: false,
          signal: request.signal,
          headers: {
            ...Object.fromEntries(request.headers),
            host: url.host,
            ...(body !== undefined && { 'content-length': body.length }),
          },
        },
        resolve,
      );
      outgoing.on('error', reject);
      outgoing.end(body);
    });
    const headers = new Headers();
    for (let index = 0; index + 1 < response.rawHeaders.length; index += 2) {
      headers.append(response.rawHeaders[index] ?? '', response.rawHeaders[index + 1] ?? '');
    }
    const status = response.statusCode ?? 500;
    const isEmpty = [101, 204, 205, 304].includes(status);
    if (isEmpty) response.resume();
    return new Response(isEmpty ? null : (Readable.toWeb(response) as ReadableStream<Uint8Array>), {
      status,
      headers,
    });
  };
