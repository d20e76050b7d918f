import { type Listener, startListener } from '../../../local/loopback/listener.ts';
import type { LoopbackRequest } from '../../../local/loopback/request.ts';

let requested: LoopbackRequest[] = [];
let listener: Listener;
beforeEach(async () => {
  requested = [];
  listener = await startListener({
    port: 0,
    maximumBodyBytes: 10,
    answer: async (ask) => {
      requested.push(ask);
      return { status: 200, headers: { 'x-a': 'b' }, body: 'fine' };
    },
    faultResponse: ({ kind }) => ({ status: kind === 'status500' ? 500 : 429, body: kind }),
  });
});
afterEach(() => listener.stop());

const ask = (host = '127.0.0.1', init: RequestInit = {}) =>
  fetch(`http://${host}:${listener.port}/path?a=1`, init);
const causeOf = async (request: Promise<unknown>) =>
  request.then(
    () => undefined,
    (error: Error) => (error.cause as { code?: string }).code,
  );

describe('a emulation’s listener', () => {
  it('answers on 127.0.0.1, [::1] and localhost under one port', async () => {
    for (const host of ['127.0.0.1', '[::1]', 'localhost'])
      expect(await (await ask(host)).text()).toBe('fine');
    expect(requested[0]).toMatchObject({ method: 'GET', body: '' });
    expect(requested[0]?.url.search).toBe('?a=1');
  });

  it('is not reachable by any other address', async () => {
    expect(await causeOf(ask('127.0.0.2'))).toBe('ECONNREFUSED');
  });

  it('refuses a body that is too large, unread by the service', async () => {
    expect((await ask('127.0.0.1', { method: 'POST', body: 'x'.repeat(11) })).status).toBe(413);
    expect(requested).toEqual([]);
  });

  it('refuses connections, and comes back on the same port', async () => {
    const { port } = listener;
    await listener.faults.set({ kind: 'refused' });
    expect(await causeOf(ask())).toBe('ECONNREFUSED');
    await listener.faults.clear();
    expect([listener.port, (await ask()).status]).toEqual([port, 200]);
  });

  it('cuts the connection before the service acts (reset), or after (lost)', async () => {
    await listener.faults.set({ kind: 'reset' });
    await expect(ask()).rejects.toThrow();
    expect(requested).toHaveLength(0);
    await listener.faults.set({ kind: 'lost' });
    await expect(ask()).rejects.toThrow();
    expect(requested.length).toBeGreaterThan(0);
  });

  it('answers 500, too many requests, and garbage', async () => {
    await listener.faults.set({ kind: 'status500' });
    expect((await ask()).status).toBe(500);
    await listener.faults.set({ kind: 'throttled' });
    expect((await ask()).status).toBe(429);
    await listener.faults.set({ kind: 'garbage' });
    await expect((await ask()).json()).rejects.toThrow(/not valid JSON/);
    expect(listener.faults.current()).toEqual({ kind: 'garbage' });
    expect(requested).toEqual([]);
  });

  it('is slow', async () => {
    await listener.faults.set({ kind: 'slow', milliseconds: 60 });
    const started = performance.now();
    await ask();
    expect(performance.now() - started).toBeGreaterThanOrEqual(55);
  });

  it('goes from refusing to another fault and stops while refusing', async () => {
    await listener.faults.set({ kind: 'refused' });
    await listener.faults.set({ kind: 'status500' });
    expect((await ask()).status).toBe(500);
    await listener.faults.set({ kind: 'refused' });
    await listener.stop();
  });
});
