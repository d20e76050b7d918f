import { once } from 'node:events';
import * as http from 'node:http';
import type { Duplex } from 'node:stream';
import { close, listen } from '../loopback/both-loopbacks.ts';
import type { HttpResponse } from './http-response.ts';
import { defaultPatience, quotas } from './quotas.ts';
import { type GatewayRequest, makeRequest } from './request.ts';

export interface GatewayServer {
  readonly port: number;
  stop(): Promise<void>;
}

export interface ServerOptions {
  /** 0 takes a free port. */
  readonly port: number;
  readonly answer: (request: GatewayRequest) => Promise<HttpResponse>;
  readonly now: () => number;
  readonly patience?: {
    readonly headersMilliseconds: number;
    readonly requestMilliseconds: number;
    readonly idleMilliseconds: number;
  };
}

/** Listens on 127.0.0.1 and [::1] only. */
export const startServer = async (options: ServerOptions): Promise<GatewayServer> => {
  const patience = options.patience ?? defaultPatience;
  const makeServer = (): http.Server => {
    const server = http.createServer(
      {
        // Node's own limit would answer before ours; this one only bounds memory.
        maxHeaderSize: 8 * quotas.headerBytes,
        headersTimeout: patience.headersMilliseconds,
        requestTimeout: patience.requestMilliseconds,
        keepAliveTimeout: patience.idleMilliseconds,
        connectionsCheckingInterval: Math.min(1000, patience.headersMilliseconds),
      },
      (request, response) => {
        handle(options, request, response).catch(() => response.destroy());
      },
    );
    server.on('clientError', refuseConnection);
    return server;
  };
  const { servers, port } = await listen(makeServer, options.port);
  return {
    port,
    stop: async () => {
      await Promise.all(servers.map(close));
    },
  };
};

const handle = async (
  options: ServerOptions,
  incoming: http.IncomingMessage,
  response: http.ServerResponse,
): Promise<void> => {
  const receivedAt = options.now();
  const { body, tooLarge } = await readBody(incoming);
  const request = makeRequest({
    httpMethod: incoming.method ?? 'GET',
    target: incoming.url ?? '/',
    rawHeaders: incoming.rawHeaders,
    body,
    tooLarge,
    sourceIp: (incoming.socket.remoteAddress ?? '').replace(/^::ffff:/, ''),
    protocol: `HTTP/${incoming.httpVersion}`,
    receivedAt,
  });
  await send(response, await options.answer(request));
};

/**
 * Reads to the end or to the size limit; what comes after that is left unread, and the connection
 * closed after the answer.
 */
const readBody = (
  incoming: http.IncomingMessage,
): Promise<{ readonly body: Buffer; readonly tooLarge: boolean }> =>
  new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let size = 0;
    incoming.on('data', (chunk: Buffer) => {
      size += chunk.length;
      if (size <= quotas.payloadBytes) return chunks.push(chunk);
      incoming.pause();
      return resolve({ body: Buffer.concat(chunks), tooLarge: true });
    });
    incoming.on('end', () => resolve({ body: Buffer.concat(chunks), tooLarge: false }));
    incoming.on('error', reject);
    incoming.on('close', () => reject(new Error('the client went away')));
  });

const send = async (response: http.ServerResponse, answer: HttpResponse): Promise<void> => {
  for (const [name, value] of answer.headers) response.appendHeader(name, value);
  if (answer.close) response.setHeader('connection', 'close');
  if (answer.body instanceof Buffer) {
    if (answer.status !== 204 && answer.status !== 304)
      response.setHeader('content-length', answer.body.length);
    response.writeHead(answer.status);
    response.end(answer.body);
    return;
  }
  response.writeHead(answer.status);
  response.flushHeaders();
  const gone = once(response, 'close');
  for await (const chunk of answer.body) {
    if (response.destroyed) return;
    if (!response.write(chunk)) await Promise.race([once(response, 'drain'), gone]);
  }
  response.end();
};

const statusOf = (code: string | undefined): string => {
  if (code === 'HPE_HEADER_OVERFLOW') return '431 Request Header Fields Too Large';
  if (code === 'ERR_HTTP_REQUEST_TIMEOUT') return '408 Request Timeout';
  return '400 Bad Request';
};

/** What is no HTTP never reaches an API: a bare answer, then the end. */
const refuseConnection = (error: Error & { readonly code?: string }, socket: Duplex): void => {
  if (error.code === 'ECONNRESET' || !socket.writable) return void socket.destroy();
  socket.end(`HTTP/1.1 ${statusOf(error.code)}\r\nconnection: close\r\ncontent-length: 0\r\n\r\n`);
};
