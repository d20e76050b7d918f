import { Readable } from 'node:stream';
import { quietCalls } from '../../../policy/mcp-methods.ts';
import type { HttpResponse } from '../../http/request.ts';

/**
 * The response to a request whose client takes a stream: plain JSON, unless a message comes before
 * the response, or nothing for long.
 */
export interface MessageStream {
  readonly send: (message: string) => void;
  /**
   * The HTTP response, as soon as its form is known.
   * @throws whatever `response` rejects with before that
   */
  respond(response: Promise<string>): Promise<HttpResponse>;
}

export const jsonResponse = (body: string): HttpResponse => ({
  statusCode: 200,
  headers: { 'content-type': 'application/json' },
  body,
});

/** 2026-07-28 "Receiving Messages": proxies would hold events back without the second header. */
const eventStreamHeaders = {
  'content-type': 'text/event-stream',
  'x-accel-buffering': 'no',
} as const;

const event = (message: string): string =>
  `event: message\ndata: ${message.replace(lineSeparators, escaped)}\n\n`;

/**
 * They stand as they are in JSON, and end no line of an event stream (HTML standard); but readers
 * that split lines as Unicode does (Python's `splitlines`) would cut the message there.
 */
const lineSeparators = /[\u0085\u2028\u2029]/g;

const escaped = (character: string): string =>
  `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;

/**
 * A comment, which parsers of event streams drop (HTML standard, "Server-sent events"): it only
 * shows that somebody is still at work.
 */
const keepAlive = ': keep-alive\n\n';

/**
 * @param hungUp the client went away, where the runtime can tell (Lambda cannot): 2026-07-28
 * "Cancellation"
 * @param refused writes what went wrong once the status is sent
 */
export const messageStream = (
  hungUp: () => void,
  refused: (error: unknown) => string,
): MessageStream => {
  const { promise: opened, resolve: open, reject } = Promise.withResolvers<HttpResponse>();
  let stream: Readable | undefined;
  const write = (text: string) => {
    if (stream === undefined) {
      const opening = new Readable({ read: () => {} });
      // It closes after its end as well.
      opening.once('close', () => opening.readableEnded || hungUp());
      stream = opening;
      open({ statusCode: 200, headers: eventStreamHeaders, body: stream });
    }
    if (!stream.destroyed) stream.push(text);
    quiet.refresh();
  };
  const quiet = setInterval(() => write(keepAlive), quietCalls.keepAliveSeconds * 1000);
  const send = (message: string) => write(event(message));
  const end = (message: string) => {
    if (stream === undefined) return open(jsonResponse(message));
    send(message);
    stream.push(null);
  };
  const fail = (error: unknown) => {
    if (stream === undefined) return reject(error);
    end(refused(error));
  };
  const finish = (finishing: () => void) => {
    try {
      finishing();
    } catch (error) {
      reject(error);
    } finally {
      clearInterval(quiet);
    }
  };
  return {
    send,
    respond: (response) => {
      response.then(
        (message) => finish(() => end(message)),
        (error: unknown) => finish(() => fail(error)),
      );
      return opened;
    },
  };
};
