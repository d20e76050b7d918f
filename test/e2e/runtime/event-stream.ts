import * as http from 'node:http';
import { freshAddress, type Sending } from './send.ts';

/** Parsed JSON that a test looks into. */
type Loose = ReturnType<typeof JSON.parse>;

export interface ArrivedEvent {
  /** When its last byte was here (`performance.now()`). */
  readonly at: number;
  readonly message: Loose;
}

export interface Arrived {
  readonly status: number;
  readonly headers: http.IncomingHttpHeaders;
  /** When the head of the answer was here. */
  readonly headAt: number;
  readonly endAt: number;
  /** The messages of an event stream; the one message of a JSON answer. */
  readonly events: readonly ArrivedEvent[];
  /** The connection was cut before the answer ended. */
  readonly isCut: boolean;
}

export interface Watching {
  /** Told of each event as it comes; may hang up. */
  readonly onEvent?: (event: ArrivedEvent, hangUp: () => void) => void;
}

const messageIn = (block: string): Loose => {
  const data = block
    .split('\n')
    .flatMap((line) => (line.startsWith('data: ') ? [line.slice('data: '.length)] : []));
  return data.length === 0 ? undefined : JSON.parse(data.join('\n'));
};

/**
 * Sends a request and notes when each part of the answer arrives, by hand: a client library would
 * show only what it makes of it.
 */
export const watch = (
  port: number,
  { method = 'POST', path, headers = {}, body = '', from = freshAddress() }: Sending,
  { onEvent }: Watching = {},
): Promise<Arrived> =>
  new Promise((resolve, reject) => {
    const request = http.request({
      host: '127.0.0.1',
      port,
      method,
      path,
      localAddress: from,
      agent: false,
      headers: { host: `localhost:${port}`, 'content-length': Buffer.byteLength(body), ...headers },
    });
    request.on('response', (response) => {
      const headAt = performance.now();
      const isStream = response.headers['content-type'] === 'text/event-stream';
      const events: ArrivedEvent[] = [];
      let rest = '';
      const note = (message: Loose): void => {
        if (message === undefined) return;
        const event = { at: performance.now(), message };
        events.push(event);
        onEvent?.(event, () => request.destroy());
      };
      const done = (isCut: boolean): void =>
        resolve({
          status: response.statusCode ?? 0,
          headers: response.headers,
          headAt,
          endAt: performance.now(),
          events,
          isCut,
        });
      response.setEncoding('utf8');
      response.on('data', (text: string) => {
        rest += text;
        if (!isStream) return;
        const blocks = rest.split('\n\n');
        rest = blocks.pop() ?? '';
        for (const block of blocks) note(messageIn(block));
      });
      response.on('end', () => {
        if (!isStream && rest !== '') note(JSON.parse(rest));
        done(false);
      });
      response.on('error', () => done(true));
    });
    request.on('error', reject);
    request.end(body);
  });
