import * as http from 'node:http';
import * as https from 'node:https';

export interface Request {
  /** @default 'GET' */
  readonly method?: string;
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

export interface Response {
  readonly status: number;
  /** By lower-case name; a repeated header's values are joined with ", ". */
  readonly headers: ReadonlyMap<string, string>;
  readonly body: string;
}

export type Send = (request: Request) => Promise<Response>;

/** For the whole of a response: one that drips would keep a wait between two bytes alive for ever. */
const longestMilliseconds = 20_000;
const mostBytes = 1024 * 1024;

/** Sends requests whose responses have to be whole after so long. */
export const sender =
  (milliseconds: number): Send =>
  ({ method = 'GET', url, headers = {}, body }) =>
    new Promise((resolve, reject) => {
      const outgoing = (url.startsWith('https:') ? https : http).request(url, {
        method,
        agent: false,
        signal: AbortSignal.timeout(milliseconds),
        headers: {
          ...headers,
          ...(body !== undefined && { 'content-length': String(Buffer.byteLength(body)) }),
        },
      });
      const fail = (error: Error) => reject(new Error(`${method} ${url}: ${reasonOf(error)}`));
      outgoing.on('error', fail);
      outgoing.on('response', (incoming) => {
        const chunks: Buffer[] = [];
        let bytes = 0;
        incoming.on('data', (chunk: Buffer) => {
          bytes += chunk.length;
          if (bytes > mostBytes) outgoing.destroy(new Error('the response has more than 1 MB'));
          chunks.push(chunk);
        });
        incoming.on('error', fail);
        incoming.on('end', () =>
          resolve({
            status: incoming.statusCode ?? 0,
            headers: new Map(
              Object.entries(incoming.headers).map(([name, value = '']) => [
                name,
                Array.isArray(value) ? value.join(', ') : value,
              ]),
            ),
            body: Buffer.concat(chunks).toString('utf8'),
          }),
        );
      });
      outgoing.end(body);
    });

const reasonOf = ({ name, message }: Error): string =>
  name === 'AbortError' ? 'no whole response in time' : message;

/**
 * One request, as it is written: nothing is followed, kept or added but `Host`. Unlike `fetch` it
 * may send any method and `Origin`.
 * @throws Error when there is no whole response within 20 s, or one of more than 1 MB
 */
export const send: Send = sender(longestMilliseconds);

const longestWaitSeconds = 120;

/**
 * Waits once where a rate limit says so: whoever ran the checks a moment ago meets their own
 * requests.
 * @param onWait - is told for how many seconds
 */
export const patient =
  (inner: Send, onWait: (seconds: number) => void): Send =>
  async (request) => {
    const response = await inner(request);
    const seconds = Number(response.headers.get('retry-after'));
    if (response.status !== 429 || !(seconds > 0 && seconds <= longestWaitSeconds)) return response;
    onWait(seconds);
    await new Promise((resolve) => setTimeout(resolve, seconds * 1000));
    return inner(request);
  };

/** The members of a JSON object; empty for anything else. */
export const jsonMembers = ({ body }: Response): ReadonlyMap<string, unknown> => {
  try {
    const value: unknown = JSON.parse(body);
    return new Map(typeof value === 'object' && value !== null ? Object.entries(value) : []);
  } catch {
    return new Map();
  }
};
