import { connect } from 'node:net';
import { aMethod, anApi, invoking, serve, stopAll } from './an-api.ts';

afterEach(stopAll);

const echo =
  'export const handler = async ({ body }) => ({ statusCode: 200, body: String(body?.length ?? 0) });';
const api = anApi({ Fn: echo }, { Post: aMethod('POST', undefined, invoking('Fn')) });

/** Writes raw bytes and gives everything that comes back until the server closes. */
const raw = (port: number, ...parts: (string | Buffer)[]): Promise<string> =>
  new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1');
    let text = '';
    socket.on('data', (data) => {
      text += data.toString();
    });
    socket.on('error', (error) =>
      'code' in error && error.code === 'ECONNRESET' ? resolve(text) : reject(error),
    );
    socket.on('close', () => resolve(text));
    for (const part of parts) socket.write(part);
  });

describe('garbage on the wire', () => {
  it.each([
    ['what is no HTTP', 'hello\r\n\r\n', 'HTTP/1.1 400 Bad Request'],
    ['a TLS hello', Buffer.from('16030100a5010000a1', 'hex'), 'HTTP/1.1 400 Bad Request'],
    [
      'a header without a name',
      'GET /local HTTP/1.1\r\nhost: localhost\r\n: x\r\n\r\n',
      'HTTP/1.1 400 Bad Request',
    ],
    [
      'two lengths',
      'POST /local HTTP/1.1\r\nhost: localhost\r\ncontent-length: 1\r\ncontent-length: 2\r\n\r\nxx',
      'HTTP/1.1 400 Bad Request',
    ],
    [
      'a length and chunks (request smuggling)',
      'POST /local HTTP/1.1\r\nhost: localhost\r\ncontent-length: 4\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n',
      'HTTP/1.1 400 Bad Request',
    ],
    [
      'a broken chunk',
      'POST /local HTTP/1.1\r\nhost: localhost\r\ntransfer-encoding: chunked\r\n\r\nzz\r\n',
      'HTTP/1.1 400 Bad Request',
    ],
    [
      'endless headers',
      `GET /local HTTP/1.1\r\nhost: localhost\r\nx: ${'x'.repeat(100_000)}\r\n\r\n`,
      'HTTP/1.1 431 Request Header Fields Too Large',
    ],
  ])('is refused and the server goes on: %s', async (_, bytes, answer) => {
    const { port, send } = await serve(api);
    expect((await raw(port, bytes)).split('\r\n')[0]).toBe(answer);
    await expect(send('/local', { method: 'POST', body: 'abc' })).resolves.toMatchObject({
      status: 200,
      body: '3',
    });
  });

  it('that comes too slowly is cut off: headers first, then a body', async () => {
    const patience = { headersMilliseconds: 300, requestMilliseconds: 600, idleMilliseconds: 1000 };
    const { port, send } = await serve(api, { patience });
    const [headers, body] = await Promise.all([
      raw(port, 'POST /local HTTP/1.1\r\nhost: loc'),
      raw(port, 'POST /local HTTP/1.1\r\nhost: localhost\r\ncontent-length: 10\r\n\r\nabc'),
    ]);
    expect([headers, body].map((answer) => answer.split('\r\n')[0])).toEqual([
      'HTTP/1.1 408 Request Timeout',
      'HTTP/1.1 408 Request Timeout',
    ]);
    await expect(send('/local', { method: 'POST' })).resolves.toMatchObject({ status: 200 });
  });

  it('does not run a function when the client leaves in the middle of its body', async () => {
    const { port, send, invocations } = await serve(api);
    await new Promise<void>((resolve) => {
      const socket = connect(port, '127.0.0.1', () => {
        socket.write(
          'POST /local HTTP/1.1\r\nhost: localhost\r\ncontent-length: 10\r\n\r\nabc',
          () => socket.destroy(),
        );
      });
      socket.on('close', () => resolve());
    });
    await expect(send('/local', { method: 'POST' })).resolves.toMatchObject({ status: 200 });
    expect(invocations).toHaveLength(1);
  });

  it('survives fifty clients that leave at random', async () => {
    const { port, send } = await serve(api);
    await Promise.all(
      Array.from(
        { length: 50 },
        (_, n) =>
          new Promise<void>((resolve) => {
            const socket = connect(port, '127.0.0.1', () =>
              socket.write(
                'POST /local HTTP/1.1\r\nhost: localhost\r\ncontent-length: 3\r\n\r\nabc'.slice(
                  0,
                  20 + n,
                ),
              ),
            );
            socket.on('close', () => resolve());
            socket.on('error', () => resolve());
            setTimeout(() => socket.destroy(), n * 3);
          }),
      ),
    );
    await expect(send('/local', { method: 'POST', body: 'ab' })).resolves.toMatchObject({
      status: 200,
      body: '2',
    });
  });
});
