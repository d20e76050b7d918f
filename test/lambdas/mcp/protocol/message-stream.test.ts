import { messageStream } from '../../../../lambdas/mcp/protocol/message-stream.ts';
import { edgeSettings } from '../../../../policy/edge.ts';
import { quietCalls } from '../../../../policy/mcp-methods.ts';

const { keepAliveSeconds } = quietCalls;
const comment = ': keep-alive\n\n';
const result = 'event: message\ndata: {"result":1}\n\n';

// Streams live by ticks and microtasks, which have to go on.
beforeEach(() => jest.useFakeTimers({ doNotFake: ['nextTick', 'queueMicrotask', 'setImmediate'] }));
afterEach(() => {
  expect(jest.getTimerCount()).toBe(0);
  jest.useRealTimers();
});

/** A call that takes so many seconds, and what its client gets. */
const called = (
  seconds: number,
  during: (send: (message: string) => void) => void = () => {},
  outcome: string | Error = '{"result":1}',
) => {
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  const stream = messageStream(
    () => {},
    () => '{"error":1}',
  );
  setTimeout(
    () => (typeof outcome === 'string' ? resolve(outcome) : reject(outcome)),
    seconds * 1000,
  );
  during(stream.send);
  return stream.respond(promise);
};

const texts = async (body: AsyncIterable<unknown> | string): Promise<string> => {
  let text = '';
  for await (const piece of body) text += String(piece);
  return text;
};

describe('a call that nothing is heard of', () => {
  it('stays plain JSON while it is quick', async () => {
    const response = called(keepAliveSeconds - 1);
    await jest.advanceTimersByTimeAsync(keepAliveSeconds * 1000);
    expect(await response).toMatchObject({
      headers: { 'content-type': 'application/json' },
      body: '{"result":1}',
    });
  });

  it('becomes a stream of comments, then of its result', async () => {
    const response = called(keepAliveSeconds * 3.5);
    await jest.advanceTimersByTimeAsync(keepAliveSeconds * 1000);
    const { headers, body } = await response;
    expect(headers).toMatchObject({ 'content-type': 'text/event-stream' });
    await jest.advanceTimersByTimeAsync(keepAliveSeconds * 3000);
    expect(await texts(body)).toBe(`${comment}${comment}${comment}${result}`);
  });

  it('gets no comment while it sends messages of its own', async () => {
    const response = called(keepAliveSeconds * 2.4, (send) => {
      for (const part of [0.8, 1.6])
        setTimeout(() => send(`{"step":${part}}`), part * keepAliveSeconds * 1000);
    });
    await jest.advanceTimersByTimeAsync(keepAliveSeconds * 3000);
    expect(await texts((await response).body)).not.toContain(comment);
  });

  it('tells what went wrong inside the stream once the status is sent, and by its own status before', async () => {
    const late = called(keepAliveSeconds + 1, undefined, new Error('late'));
    await jest.advanceTimersByTimeAsync(keepAliveSeconds * 2000);
    expect(await texts((await late).body)).toBe(`${comment}event: message\ndata: {"error":1}\n\n`);
    const early = expect(called(1, undefined, new Error('early'))).rejects.toThrow('early');
    await jest.advanceTimersByTimeAsync(1000);
    await early;
  });

  it('is heard of at least twice in the time that the distribution waits', () => {
    expect(edgeSettings.originReadSeconds / keepAliveSeconds).toBeGreaterThan(2);
  });
});
