import * as z from 'zod/mini';
import { defineTool } from '../../../../lambdas/mcp/authoring/define-tool.ts';
import { serverOf } from '../exchange.ts';
import { fixtures } from '../fixtures.ts';

const server = serverOf(fixtures);
const slow = (steps: number, milliseconds: number) => ({
  name: 'slow',
  arguments: { steps, milliseconds },
});

describe('long calls', () => {
  it.each(['modern', 'legacy'] as const)(
    'streams progress to a %s client while the tool runs, then the result',
    async (era) => {
      const params = slow(3, 400);
      const response =
        era === 'modern'
          ? await server.modern('tools/call', params, { id: 9, meta: { progressToken: 'p' } })
          : await server.legacy(
              'tools/call',
              { ...params, _meta: { progressToken: 'p' } },
              { id: 9 },
            );
      expect(response.status).toBe(200);
      expect(response.headers).toEqual({
        'content-type': 'text/event-stream',
        'x-accel-buffering': 'no',
      });
      expect(response.events.map(({ message }) => message)).toMatchObject([
        {
          method: 'notifications/progress',
          params: { progressToken: 'p', progress: 1, total: 3, message: 'step 1' },
        },
        {
          method: 'notifications/progress',
          params: { progressToken: 'p', progress: 2, total: 3, message: 'step 2' },
        },
        {
          method: 'notifications/progress',
          params: { progressToken: 'p', progress: 3, total: 3, message: 'step 3' },
        },
        { id: 9, result: { content: [{ type: 'text', text: 'done' }] } },
      ]);
      const times = response.events.map(({ at }) => at);
      // Two steps of 400 ms lie between them; a stream that waits for the result would bring them
      // together.
      expect((times[2] ?? 0) - (times[0] ?? 0)).toBeGreaterThan(200);
    },
  );

  it('answers with plain JSON when nothing was reported, or nobody asked, or the client takes no stream', async () => {
    for (const response of [
      await server.modern('tools/call', { name: 'echo' }, { meta: { progressToken: 1 } }),
      await server.modern('tools/call', slow(2, 5)),
      await server.modern('tools/call', slow(2, 5), {
        meta: { progressToken: 1 },
        headers: { accept: 'application/json' },
      }),
    ]) {
      expect(response.headers['content-type']).toBe('application/json');
      expect(response.json.result.content[0].type).toBe('text');
    }
  });

  it.each([{ a: 'x' }, 'x'.repeat(1001), ['x'], 1.5])(
    'refuses a progress token that is none, which each notification would send back: %#',
    async (progressToken) => {
      const params = { ...slow(1, 5), _meta: { progressToken } };
      expect((await server.legacy('tools/call', params, { id: 9 })).json.error.code).toBe(-32_600);
    },
  );

  it('drops progress that JSON has no number for, and a total likewise', async () => {
    const counting = defineTool({
      name: 'counting',
      title: 'Counting',
      description: 'Reports progress.',
      input: z.object({}),
      scopes: [],
      annotations: {},
      handler: (_input, { progress }) => {
        progress(Number.NaN, 3);
        progress(1, Number.NaN);
        progress(Number.POSITIVE_INFINITY);
        progress(2, 3);
        return 'done';
      },
    });
    const { events } = await serverOf({ tools: [counting] }).modern(
      'tools/call',
      { name: 'counting' },
      { meta: { progressToken: 'p' } },
    );
    expect(events.map(({ message }) => message.params)).toEqual([
      { progressToken: 'p', progress: 1 },
      { progressToken: 'p', progress: 2, total: 3 },
      undefined,
    ]);
  });

  it('refuses with a status, not a stream, what is wrong with a request that asks for progress', async () => {
    const response = await server.modern(
      'tools/call',
      { name: 'act' },
      { meta: { progressToken: 1 }, scopes: ['gatehouse/tools.read'] },
    );
    expect(response.status).toBe(403);
  });

  it('tells a tool in time that its function’s time runs out, and answers with what it says', async () => {
    // 8 s before the end the signal fires, 3 s before it we answer without the tool.
    const remaining = () => 8050;
    const { json } = await server.modern('tools/call', slow(100, 20), {
      remainingMilliseconds: remaining,
    });
    expect(json.result).toMatchObject({ isError: true });
    expect(json.result.content[0].text).toMatch(/did not finish in the time/);
  });

  it('answers for a tool that does not listen', async () => {
    const { json } = await server.legacy(
      'tools/call',
      { name: 'deaf' },
      { remainingMilliseconds: () => 3050 },
    );
    expect(json.result.isError).toBe(true);
    expect(json.result.content[0].text).toMatch(/did not finish in the time/);
  });

  it('cancels a caller’s call that runs in this process, and nobody else’s', async () => {
    const cancelled = (requestId: unknown, sub?: string) =>
      server.send({
        ...(sub && { sub }),
        json: { jsonrpc: '2.0', method: 'notifications/cancelled', params: { requestId } },
      });
    const running = server.legacy('tools/call', slow(50, 20), { id: 'long' });
    await cancelled('long', 'somebody-else');
    await cancelled(5);
    let ended = false;
    void running.then(() => {
      ended = true;
    });
    await new Promise((resolve) => setTimeout(resolve, 60));
    expect(ended).toBe(false);
    await cancelled('long');
    const { json } = await running;
    expect(json.result).toEqual({
      content: [{ type: 'text', text: 'The caller cancelled this call.' }],
      isError: true,
    });
  });
});
