import { randomUUID } from 'node:crypto';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import { type Gatehouse, startGatehouse } from '../../local/runtime.ts';
import { callDeadlines } from '../../policy/mcp-methods.ts';
import { fetchFrom } from './browser/request-from.ts';
import { changedAssembly, type Loose } from './runtime/changed-assembly.ts';
import { type Arrived, type ArrivedEvent, type Watching, watch } from './runtime/event-stream.ts';
import { synthesizeWith } from './runtime/own-definitions.ts';
import { freshAddress } from './runtime/send.ts';
import { warmUp } from './runtime/warm.ts';

/** Longer than the 29 seconds that API Gateway gives an answer that is not streamed. */
const longSeconds = 40;
/**
 * So short that a test can wait for its end. A tool is told `warningSeconds` before it, and
 * answered for `answerSeconds` before.
 */
const shortTimeoutSeconds = 10;
/** What a busy computer may add to a second. */
const slack = 700;

interface Caller {
  readonly gatehouse: Gatehouse;
  readonly token: string;
}

/** Somebody new, so that nobody runs into their limit here. */
const somebody = async (gatehouse: Gatehouse): Promise<Caller> => ({
  gatehouse,
  token: await gatehouse.cognito.mint({
    resource: gatehouse.mcpUrl,
    claims: { sub: randomUUID() },
  }),
});

const post = (
  { gatehouse, token }: Caller,
  message: object,
  headers: object = {},
  watching?: Watching,
): Promise<Arrived> =>
  watch(
    gatehouse.port,
    {
      path: '/mcp',
      headers: {
        'content-type': 'application/json',
        accept: 'application/json, text/event-stream',
        authorization: `Bearer ${token}`,
        ...headers,
      },
      body: JSON.stringify({ jsonrpc: '2.0', ...message }),
    },
    watching,
  );

const envelope = {
  'io.modelcontextprotocol/protocolVersion': '2026-07-28',
  'io.modelcontextprotocol/clientInfo': { name: 'gatehouse-e2e', version: '1.0.0' },
  'io.modelcontextprotocol/clientCapabilities': {},
};

interface ToolCall {
  readonly name: string;
  readonly arguments: Record<string, unknown>;
  readonly id?: string | number;
  readonly progressToken?: string;
}

const eras = {
  '2026-07-28': (
    caller: Caller,
    { id = 1, progressToken, ...params }: ToolCall,
    watching?: Watching,
  ) =>
    post(
      caller,
      {
        id,
        method: 'tools/call',
        params: { ...params, _meta: { ...envelope, ...(progressToken && { progressToken }) } },
      },
      { 'mcp-protocol-version': '2026-07-28', 'mcp-method': 'tools/call', 'mcp-name': params.name },
      watching,
    ),
  '2025-11-25': (
    caller: Caller,
    { id = 1, progressToken, ...params }: ToolCall,
    watching?: Watching,
  ) =>
    post(
      caller,
      {
        id,
        method: 'tools/call',
        params: { ...params, ...(progressToken && { _meta: { progressToken } }) },
      },
      { 'mcp-protocol-version': '2025-11-25' },
      watching,
    ),
} as const;

const countDown = (seconds: number, more: Partial<ToolCall> = {}): ToolCall => ({
  name: 'count_down',
  arguments: { seconds },
  ...more,
});

const progressOf = (events: readonly ArrivedEvent[]) =>
  events.filter(({ message }) => message.method === 'notifications/progress');
const resultOf = ({ events }: Arrived): Loose => events.at(-1)?.message.result;

/** The official client, which is given its token. */
const connected = async ({ gatehouse, token }: Caller, mode: 'auto' | 'legacy') => {
  const transport = new StreamableHTTPClientTransport(new URL(gatehouse.mcpUrl), {
    fetch: fetchFrom(freshAddress()),
    requestInit: { headers: { authorization: `Bearer ${token}` } },
  });
  const client = new Client(
    { name: 'gatehouse-e2e', version: '1.0.0' },
    { versionNegotiation: { mode } },
  );
  await client.connect(transport);
  return client;
};

let gatehouse: Gatehouse;
let synthesized: string;
/** A long call in each way that there is, begun first and awaited last. */
let long: Promise<readonly [Arrived, Arrived, Loose]>;
const longProgress: number[] = [];
beforeAll(async () => {
  synthesized = await synthesizeWith(join(import.meta.dirname, 'long-calls', 'definitions'));
  gatehouse = await startGatehouse({ assembly: synthesized });
  await warmUp(gatehouse, 4);
  const viaClient = async () => {
    const client = await connected(await somebody(gatehouse), 'auto');
    try {
      return await client.callTool(countDown(longSeconds), {
        onprogress: () => longProgress.push(performance.now()),
        timeout: 900_000,
      });
    } finally {
      await client.close();
    }
  };
  long = Promise.all([
    eras['2026-07-28'](await somebody(gatehouse), countDown(longSeconds, { progressToken: 'p' })),
    // Asks for no progress: no message arrives for 40 seconds, then the answer does.
    eras['2025-11-25'](await somebody(gatehouse), countDown(longSeconds)),
    viaClient(),
  ]);
  long.catch(() => {});
});
afterAll(async () => {
  await gatehouse?.stop();
  rmSync(synthesized, { recursive: true, force: true });
});

describe('progress', () => {
  it.each(['2026-07-28', '2025-11-25'] as const)(
    'arrives while the tool runs, in %s, each second as it passes',
    async (era) => {
      const sentAt = performance.now();
      const response = await eras[era](
        await somebody(gatehouse),
        countDown(4, { id: 'c', progressToken: 'p' }),
      );
      expect(response.status).toBe(200);
      expect(response.headers).toMatchObject({
        'content-type': 'text/event-stream',
        'x-accel-buffering': 'no',
        'x-frame-options': 'DENY',
      });
      const steps = progressOf(response.events);
      expect(steps.map(({ message }) => message.params)).toEqual(
        [1, 2, 3, 4].map((progress) => ({
          progressToken: 'p',
          progress,
          total: 4,
          message: `${4 - progress} s to go`,
        })),
      );
      const ended = response.events.at(-1);
      expect(ended?.message).toMatchObject({
        id: 'c',
        result: { structuredContent: { waitedSeconds: 4 } },
      });
      // Not all at the end: the first is here some three seconds before the result, and each a
      // second after the one before.
      const times = steps.map(({ at }) => at);
      expect((ended?.at ?? 0) - (times[0] ?? 0)).toBeGreaterThan(3000 - slack);
      for (const [index, at] of times.entries())
        if (index > 0) expect(at - (times[index - 1] ?? 0)).toBeGreaterThan(1000 - slack);
      expect(response.headAt - sentAt).toBeLessThan((ended?.at ?? 0) - sentAt - (3000 - slack));
    },
  );

  it.each(['auto', 'legacy'] as const)(
    'reaches the official client (%s) while it waits',
    async (mode) => {
      const client = await connected(await somebody(gatehouse), mode);
      const seen: {
        readonly at: number;
        readonly progress: number;
        readonly total?: number | undefined;
      }[] = [];
      const result = await client.callTool(countDown(3), {
        onprogress: ({ progress, total }) => seen.push({ at: performance.now(), progress, total }),
      });
      const endedAt = performance.now();
      await client.close();
      expect(result.structuredContent).toEqual({ waitedSeconds: 3 });
      expect(seen.map(({ progress, total }) => [progress, total])).toEqual([
        [1, 3],
        [2, 3],
        [3, 3],
      ]);
      expect(endedAt - (seen[0]?.at ?? 0)).toBeGreaterThan(2000 - slack);
    },
  );

  it('is not sent to a client that takes no stream: its answer is plain JSON', async () => {
    const caller = await somebody(gatehouse);
    const call = {
      id: 1,
      method: 'tools/call',
      params: { ...countDown(1), _meta: { progressToken: 'p' } },
    };
    const response = await post(caller, call, {
      accept: 'application/json',
      'mcp-protocol-version': '2025-11-25',
    });
    expect(response.headers['content-type']).toBe('application/json');
    expect(response.events.map(({ message }) => message.id)).toEqual([1]);
  });
});

describe('a cancellation', () => {
  const cancelled = { method: 'notifications/cancelled', params: { requestId: 'c' } };

  it('comes as a request of its own, which another instance takes: the call goes on, as in any stateless server', async () => {
    const caller = await somebody(gatehouse);
    const statuses: Promise<number>[] = [];
    const response = await eras['2025-11-25'](
      caller,
      countDown(3, { id: 'c', progressToken: 'p' }),
      {
        onEvent: ({ message }) => {
          if (message.params?.progress === 1)
            statuses.push(post(caller, cancelled).then(({ status }) => status));
        },
      },
    );
    expect(await Promise.all(statuses)).toEqual([202]);
    expect(resultOf(response)).toMatchObject({ structuredContent: { waitedSeconds: 3 } });
  });

  it.each(['auto', 'legacy'] as const)(
    'by the official client (%s) frees the client at once',
    async (mode) => {
      const client = await connected(await somebody(gatehouse), mode);
      const abort = new AbortController();
      let progressSeen = 0;
      const call = client.callTool(countDown(20), {
        signal: abort.signal,
        onprogress: () => {
          progressSeen += 1;
          abort.abort(new Error('never mind'));
        },
      });
      await expect(call).rejects.toThrow('never mind');
      // Nothing of the twenty seconds was waited for.
      expect(progressSeen).toBe(1);
      // The same client goes on.
      expect((await client.callTool({ name: 'whoami', arguments: {} })).isError).toBeFalsy();
      await client.close();
    },
  );

  it('by hanging up is nothing that a function hears of: it works to its end, and is there for the next', async () => {
    const caller = await somebody(gatehouse);
    const before = new Set(gatehouse.invocations);
    const response = await eras['2026-07-28'](caller, countDown(2, { progressToken: 'p' }), {
      onEvent: (_event, hangUp) => hangUp(),
    });
    expect([response.isCut, response.events.length]).toEqual([true, 1]);
    const ended = () =>
      gatehouse.invocations.find(
        (each) => !before.has(each) && each.functionName === 'mcp' && each.milliseconds > 1900,
      );
    for (const until = Date.now() + 15_000; ended() === undefined && Date.now() < until; )
      await new Promise((resolve) => setTimeout(resolve, 50));
    expect(ended()).toMatchObject({ functionName: 'mcp' });
    expect(ended()?.errorType).toBeUndefined();
    expect((await eras['2026-07-28'](caller, { name: 'whoami', arguments: {} })).status).toBe(200);
  });
});

describe(`a tool that would outlive its function of ${shortTimeoutSeconds} seconds`, () => {
  let brief: Gatehouse;
  let remove = (): void => {};
  beforeAll(async () => {
    const changed = changedAssembly(synthesized, ({ Resources: resources }) => {
      const mcp = Object.values<Loose>(resources).find(
        ({ Properties }) => Properties?.Environment?.Variables?.POWERTOOLS_SERVICE_NAME === 'mcp',
      );
      mcp.Properties.Timeout = shortTimeoutSeconds;
    });
    remove = () => changed.remove();
    brief = await startGatehouse({ assembly: changed.folder });
    await warmUp(brief, 1);
  });
  afterAll(async () => {
    await brief?.stop();
    remove();
  });

  const { warningSeconds, answerSeconds } = callDeadlines;
  const failures = () => brief.invocations.filter(({ errorType }) => errorType !== undefined);

  it('is told in time, and its own words are the answer', async () => {
    const sentAt = performance.now();
    const response = await eras['2026-07-28'](
      await somebody(brief),
      countDown(60, { progressToken: 'p' }),
    );
    const took = response.endAt - sentAt;
    expect(resultOf(response)).toMatchObject({
      isError: true,
      content: [
        {
          text: expect.stringMatching(
            /^Stopped after [12] of 60 seconds: the call was cancelled, or its time ran out\.$/,
          ),
        },
      ],
    });
    expect(took).toBeGreaterThan((shortTimeoutSeconds - warningSeconds) * 1000 - slack);
    expect(failures()).toEqual([]);
  });

  it('knows how long it has, and may answer with what it has got', async () => {
    const response = await eras['2025-11-25'](await somebody(brief), {
      name: 'until_told',
      arguments: {},
    });
    const { promisedMilliseconds, workedMilliseconds, leftMilliseconds } =
      resultOf(response).structuredContent;
    const whole = (shortTimeoutSeconds - warningSeconds) * 1000;
    expect(promisedMilliseconds).toBeGreaterThan(whole - slack);
    expect(promisedMilliseconds).toBeLessThanOrEqual(whole);
    expect(workedMilliseconds).toBeGreaterThan(promisedMilliseconds - slack);
    expect(leftMilliseconds).toBeLessThan(promisedMilliseconds);
  });

  it('and does not listen is answered for, clearly, before Lambda would cut the connection', async () => {
    const caller = await somebody(brief);
    const sentAt = performance.now();
    const responses = await Promise.all([
      eras['2026-07-28'](caller, { name: 'stubborn', arguments: { seconds: 60 } }),
      eras['2025-11-25'](caller, { name: 'stubborn', arguments: { seconds: 60 } }),
    ]);
    for (const response of responses) {
      expect(response.status).toBe(200);
      expect(resultOf(response)).toMatchObject({
        isError: true,
        content: [
          {
            text: 'The tool did not finish in the time that it has. Ask for less, or for a part of it.',
          },
        ],
      });
      const took = response.endAt - sentAt;
      expect(took).toBeGreaterThan((shortTimeoutSeconds - answerSeconds) * 1000 - slack);
    }
    expect(
      brief.logs.filter(
        ({ line }) => line.includes('A tool did not finish in time') && line.includes('stubborn'),
      ),
    ).toHaveLength(2);
    expect(failures()).toEqual([]);
    expect((await eras['2026-07-28'](caller, countDown(1))).status).toBe(200);
  });
});

describe(`a call of ${longSeconds} seconds`, () => {
  it('succeeds: streamed, silent, and for the official client', async () => {
    const [streamed, silent, official] = await long;
    for (const result of [resultOf(streamed), resultOf(silent), official])
      expect(result).toMatchObject({ structuredContent: { waitedSeconds: longSeconds } });
    const steps = progressOf(streamed.events);
    expect(steps).toHaveLength(longSeconds);
    expect((steps.at(-1)?.at ?? 0) - (steps[0]?.at ?? 0)).toBeGreaterThan(
      (longSeconds - 1) * 1000 - slack,
    );
    expect(longProgress).toHaveLength(longSeconds);
    expect(silent.events).toHaveLength(1);
    console.log(
      `40-second call: first progress ${Math.round((steps[0]?.at ?? 0) - streamed.headAt)} ms after the head, ` +
        `${steps.length} reports over ${(((steps.at(-1)?.at ?? 0) - (steps[0]?.at ?? 0)) / 1000).toFixed(1)} s, result ` +
        `${Math.round(streamed.endAt - (steps.at(-1)?.at ?? 0))} ms after the last`,
    );
  });
});
