import { Agent, createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { OutboundRequestFailed, sendRequest } from '../../../lambdas/http/outbound-request.ts';

let server: Server;
let port: number;
const seen: string[] = [];

beforeEach(async () => {
  seen.length = 0;
  server = createServer((request, response) => {
    seen.push(`${request.headers.host} ${request.url}`);
    if (request.url === '/slow') return;
    if (request.url === '/cut') return void request.socket.destroy();
    if (request.url === '/moved') return void response.writeHead(302, { location: '/json' }).end();
    if (request.url === '/big') return void response.end(JSON.stringify('x'.repeat(10_000)));
    response
      .writeHead(200, { 'content-type': 'application/json' })
      .end(request.url === '/json' ? '{"a":1}' : 'nonsense');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  port = (server.address() as AddressInfo).port;
});
afterEach(() => {
  server.closeAllConnections();
  server.close();
});

const get = (path: string, more: Partial<Parameters<typeof sendRequest>[0]> = {}) =>
  sendRequest({
    url: new URL(`http://127.0.0.1:${port}${path}`),
    method: 'GET',
    headers: {},
    timeoutMs: 2000,
    maximumBytes: 1000,
    ...more,
  });

const failure = async (reply: Promise<unknown>): Promise<OutboundRequestFailed> => {
  const error = await reply.then(
    () => undefined,
    (error: unknown) => error,
  );
  if (!(error instanceof OutboundRequestFailed)) throw error;
  return error;
};

describe('an exchange', () => {
  it('answers status, headers and the parsed body', async () =>
    expect(await get('/json')).toMatchObject({
      status: 200,
      headers: { 'content-type': 'application/json' },
      json: { a: 1 },
    }));

  it('answers undefined for what is not JSON', async () =>
    expect((await get('/text')).json).toBeUndefined());

  it('follows no redirect', async () => {
    expect((await get('/moved')).status).toBe(302);
    expect(seen).toHaveLength(1);
  });

  it('cuts a body off that is too long', async () =>
    expect((await failure(get('/big'))).wasSent).toBe(true));

  // The server never answers: that this ends at all is the proof.
  it('gives up when its time is over', async () => {
    expect((await failure(get('/slow', { timeoutMs: 100 }))).wasSent).toBe(true);
  });

  it('knows that nothing was sent when the connection failed outright', async () => {
    const closed = await failure(get('/json', { url: new URL('http://127.0.0.1:1/') }));
    expect(closed).toMatchObject({ wasSent: false, stale: false });
    const unknown = await failure(get('/json', { url: new URL('http://unknown.invalid/') }));
    expect(unknown.wasSent).toBe(false);
  });

  it('connects to the given address, whatever the name resolves to', async () => {
    const url = new URL(`http://rebinding.invalid:${port}/json`);
    expect((await get('', { url, address: { address: '127.0.0.1', family: 4 } })).status).toBe(200);
    expect(seen).toEqual([`rebinding.invalid:${port} /json`]);
  });

  it('does not take a kept-alive connection that is merely slow for one that was closed', async () => {
    const agent = new Agent({ keepAlive: true });
    await get('/json', { agent });
    expect(await failure(get('/slow', { agent, timeoutMs: 100 }))).toMatchObject({
      wasSent: true,
      stale: false,
    });
    agent.destroy();
  });

  it('knows a kept-alive connection that was closed meanwhile', async () => {
    const agent = new Agent({ keepAlive: true });
    await get('/json', { agent });
    expect(await failure(get('/cut', { agent }))).toMatchObject({ wasSent: true, stale: true });
    agent.destroy();
  });

  it('does not take a connection for stale that is new', async () =>
    expect((await failure(get('/cut'))).stale).toBe(false));
});
