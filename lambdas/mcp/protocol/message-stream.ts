import { Readable } from 'node:stream';
import { quietCalls } from '../../../policy/mcp-methods.ts';
import type { Answer } from '../../middleware/request.ts';
import { event, eventStreamHeaders, type Json, jsonAnswer, keepAlive } from './response.ts';

/** The answer to a request whose client takes a stream: plain JSON, unless a message comes before the response, or nothing for long. */
export interface MessageStream {
  readonly send: (message: Json) => void;
  /** The answer, as soon as its form is known. @throws whatever `response` rejects with before that */
  answer(response: Promise<Json>): Promise<Answer>;
}

/**
 * @param hungUp the client went away, where the runtime can tell (Lambda cannot): 2026-07-28 "Cancellation"
 * @param refused writes what went wrong once the status is sent
 */
export const messageStream = (hungUp: () => void, refused: (error: unknown) => Json): MessageStream => {
  const { promise: opened, resolve: open } = Promise.withResolvers<Answer>();
  let stream: Readable | undefined;
  const write = (text: string) => {
    if (stream === undefined) {
      stream = new Readable({ read: () => {} });
      stream.once('close', hungUp);
      open({ statusCode: 200, headers: eventStreamHeaders, body: stream });
    }
    if (!stream.destroyed) stream.push(text);
    quiet.refresh();
  };
  const quiet = setInterval(() => write(keepAlive), quietCalls.keepAliveSeconds * 1000);
  const send = (message: Json) => write(event(message));
  const finished = async (response: Promise<Json>): Promise<Answer> => {
    try {
      const message = await response.catch((error: unknown) => {
        if (stream === undefined) throw error;
        return refused(error);
      });
      if (stream === undefined) return jsonAnswer(message);
      send(message);
      stream.push(null);
      return opened;
    } finally {
      clearInterval(quiet);
    }
  };
  return { send, answer: (response) => Promise.race([opened, finished(response)]) };
};
