import * as http from 'node:http';

/** A request as a test wants it on the wire. */
export interface Sending {
  readonly method?: string;
  /** As it stands in the request line: encoded, with its query. */
  readonly path: string;
  readonly headers?: Readonly<Record<string, string | readonly string[]>>;
  readonly body?: string | Buffer;
  /**
   * One of 127.0.0.0/8: to the rate limits, each is another computer. @default one that nobody had
   * before
   */
  readonly from?: string;
}

export interface Received {
  readonly status: number;
  /** By lower-case name; each value as often as it was sent. */
  readonly headers: ReadonlyMap<string, readonly string[]>;
  readonly body: string;
}

export type Send = (sending: Sending) => Promise<Received>;

let addresses = 0;

/** An address of this machine that no request came from before. */
export const freshAddress = (): string => {
  addresses += 1;
  return `127.${16 + ((addresses >> 16) & 0x7f)}.${(addresses >> 8) & 0xff}.${addresses & 0xff}`;
};

/** The one value of a header; undefined when it is absent or repeated. */
export const header = ({ headers }: Received, name: string): string | undefined => {
  const values = headers.get(name) ?? [];
  return values.length === 1 ? values[0] : undefined;
};

const read = (response: http.IncomingMessage): Promise<Received> =>
  new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    response.on('data', (chunk: Buffer) => chunks.push(chunk));
    response.on('error', reject);
    response.on('end', () => {
      const headers = new Map<string, string[]>();
      for (let index = 0; index + 1 < response.rawHeaders.length; index += 2) {
        const name = (response.rawHeaders[index] ?? '').toLowerCase();
        headers.set(name, [...(headers.get(name) ?? []), response.rawHeaders[index + 1] ?? '']);
      }
      resolve({
        status: response.statusCode ?? 0,
        headers,
        body: Buffer.concat(chunks).toString('utf8'),
      });
    });
  });

/** Sends requests to a port of this machine: nothing is added to them, followed or kept. */
export const sender =
  (port: number): Send =>
  ({ method = 'GET', path, headers = {}, body, from = freshAddress() }) =>
    new Promise((resolve, reject) => {
      let answered = false;
      const outgoing = http.request({
        host: '127.0.0.1',
        port,
        method,
        path,
        localAddress: from,
        agent: false,
        headers: {
          host: `localhost:${port}`,
          ...headers,
          ...(body !== undefined && { 'content-length': Buffer.byteLength(body) }),
        },
      });
      outgoing.on('response', (response) => {
        answered = true;
        read(response).then(resolve, reject);
      });
      // A server that has seen enough answers and closes while the rest of the body is still being
      // written.
      outgoing.on('error', (error) => {
        if (!answered) reject(error);
      });
      outgoing.end(body);
    });
