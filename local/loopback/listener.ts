import * as http from 'node:http';
import * as https from 'node:https';
import * as timers from 'node:timers/promises';
import { close, listen } from './both-loopbacks.ts';
import type { Fault, FaultSwitch } from './faults.ts';
import type { LoopbackRequest, LoopbackResponse } from './request.ts';

/** The faults that a service words itself. */
export type ServiceFault = Extract<Fault, { readonly kind: 'status500' | 'throttled' }>;

export interface ListenerOptions {
  /** 0 takes a free port. */
  readonly port: number;
  /** Absent: plain http. */
  readonly tls?: { readonly key: string; readonly cert: string };
  readonly maximumBodyBytes: number;
  readonly answer: (request: LoopbackRequest) => Promise<LoopbackResponse>;
  /** How this service words its own faults. */
  readonly faultResponse: (fault: ServiceFault) => LoopbackResponse;
}

/** A service on 127.0.0.1 and, where the machine has it, [::1], with a switch for its faults. */
export interface Listener {
  readonly port: number;
  readonly faults: FaultSwitch;
  stop(): Promise<void>;
}

const settleMilliseconds = 30;

const garbage: LoopbackResponse = {
  status: 200,
  headers: { 'content-type': 'application/json' },
  body: '\u0000<garbage {"access_token": ',
};

const readBody = async (
  request: http.IncomingMessage,
  maximumBytes: number,
): Promise<string | undefined> => {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request) {
    size += chunk.length;
    // The rest is read and dropped, so that the refusal reaches a client that is still sending.
    if (size <= maximumBytes) chunks.push(chunk);
  }
  return size <= maximumBytes ? Buffer.concat(chunks).toString('utf8') : undefined;
};

const send = (response: http.ServerResponse, reply: LoopbackResponse): void => {
  const body = reply.body ?? '';
  for (const [name, value] of Object.entries(reply.headers ?? {}))
    response.setHeader(name, typeof value === 'string' ? value : [...value]);
  response.setHeader('content-length', Buffer.byteLength(body));
  response.writeHead(reply.status);
  response.end(body);
};

/**
 * Handles one request under the fault in force. Cutting the connection is the only way out without an
 * answer.
 */
const handleUnderFault = async (
  options: ListenerOptions,
  fault: Fault | undefined,
  request: http.IncomingMessage,
  response: http.ServerResponse,
) => {
  const body = await readBody(request, options.maximumBodyBytes);
  if (fault?.kind === 'reset' || fault?.kind === 'refused') return void request.socket.destroy();
  if (fault?.kind === 'slow') await timers.setTimeout(fault.milliseconds);
  if (fault?.kind === 'garbage') return send(response, garbage);
  if (fault?.kind === 'status500' || fault?.kind === 'throttled')
    return send(response, options.faultResponse(fault));
  if (body === undefined) return send(response, { status: 413 });
  const url = URL.parse(`http://localhost${request.url ?? '/'}`);
  if (url === null) return send(response, { status: 400 });
  const received = await options.answer({
    method: request.method ?? 'GET',
    url,
    headers: request.headers,
    rawHeaders: request.rawHeaders,
    remoteAddress: (request.socket.remoteAddress ?? '').replace(/^::ffff:/, ''),
    body,
  });
  if (fault?.kind === 'lost') return void request.socket.destroy();
  send(response, received);
};

export const startListener = async (options: ListenerOptions): Promise<Listener> => {
  let fault: Fault | undefined;
  const handle: http.RequestListener = (request, response) => {
    handleUnderFault(options, fault, request, response).catch(() => request.socket.destroy());
  };
  const makeServer = () =>
    options.tls ? https.createServer(options.tls, handle) : http.createServer(handle);
  let { servers, port } = await listen(makeServer, options.port);
  const reopen = async () => {
    if (servers.length === 0) ({ servers, port } = await listen(makeServer, port));
  };
  const shut = async () => {
    const open = servers;
    servers = [];
    await Promise.all(open.map(close));
  };
  return {
    get port() {
      return port;
    },
    faults: {
      set: async (next) => {
        fault = next;
        await (next.kind === 'refused' ? shut() : reopen());
        // Callers must notice that their kept connections are gone, or the first of them sees a
        // reset instead of a refusal.
        if (next.kind === 'refused') await timers.setTimeout(settleMilliseconds);
      },
      clear: async () => {
        fault = undefined;
        await reopen();
      },
      current: () => fault,
    },
    stop: shut,
  };
};
