import { finished } from 'node:stream/promises';
import fc from 'fast-check';
import * as z from 'zod/mini';
import { InvalidParameters } from '../../../lambdas/errors/errors.ts';
import type { HttpResponse, SecuredRequest } from '../../../lambdas/http/request.ts';
import { streamed } from '../../../lambdas/http/streamed.ts';
import { defineTool, ToolError } from '../../../lambdas/mcp/authoring/index.ts';
import { describe as manifestOf } from '../../../lambdas/mcp/manifest/manifest.ts';
import { dispatcher } from '../../../lambdas/mcp/protocol/dispatch.ts';
import { securityStack } from '../../../lambdas/middleware/stack.ts';
import { awslambda, ResponseStream } from '../../../local/lambda/response-stream.ts';
import { sizes } from '../../../policy/limits.ts';
import { gatewayEvent, lambdaContext } from '../http/gateway-event.ts';
import { capture } from '../logging/log-lines.ts';
import { settings } from '../middleware/stack.ts';
import { caller } from './exchange.ts';

Object.assign(globalThis, { awslambda });

/** What a tool answers in this test; the tools below read it. */
let said = '';

const base = {
  title: 'Say',
  description: 'Says the text of the test.',
  input: z.object({}),
  scopes: [],
  annotations: {},
};
const definitions = {
  tools: [
    defineTool({ ...base, name: 'say', handler: () => said }),
    defineTool({
      ...base,
      name: 'refuse',
      handler: () => {
        throw new ToolError(said);
      },
    }),
    defineTool({
      ...base,
      name: 'say_with_progress',
      handler: (_input, { progress }) => {
        progress(1, 2, said);
        return said;
      },
    }),
  ],
  prompts: [],
  resources: [],
};
const { catalogue, access } = manifestOf(definitions);
const dispatch = dispatcher(definitions, catalogue, access, { hashKey: 'test' });

type Streaming = (event: unknown, stream: ResponseStream, context: unknown) => Promise<void>;
type Handler = (request: SecuredRequest) => HttpResponse | Promise<HttpResponse>;

/** Sends a request through the whole stack, and decodes the bytes that Lambda would send. */
const bodyOf = async (
  handler: Handler,
  { method = 'POST', accept = 'application/json', json = {} }: Sent,
): Promise<string> => {
  const options = {
    service: 'test',
    errors: 'jsonrpc',
    cors: 'cross-origin',
    bodies: { types: ['application/json'], bytes: sizes.bodyBytes },
    authenticate: async () => ({ ...caller, scopes: ['gatehouse/tools.read'] }),
    limitUser: async () => ({}),
    settings,
    streams: true,
  } as const;
  const run = streamed(securityStack(options, handler)) as unknown as Streaming;
  const chunks: Uint8Array[] = [];
  const stream = new ResponseStream(async (data) => {
    chunks.push(data);
  });
  const requested = {
    method,
    headers: { authorization: 'Bearer token', accept, 'content-type': 'application/json' },
    body: method === 'POST' ? JSON.stringify(json) : null,
  };
  await capture(() => run(gatewayEvent(requested), stream, lambdaContext()));
  await finished(stream);
  const [, body = ''] = new TextDecoder().decode(Buffer.concat(chunks)).split('\0'.repeat(8));
  return body;
};

interface Sent {
  readonly method?: string;
  readonly accept?: string;
  readonly json?: unknown;
}

const call = (name: string, id: number | string = 1, params: object = {}) => ({
  jsonrpc: '2.0',
  id,
  method: 'tools/call',
  params: { name, arguments: {}, ...params },
});

const textIn = (message: { result: { content: { text: string }[] } }): string | undefined =>
  message.result.content[0]?.text;

const eventStream = 'application/json, text/event-stream';
const eventsIn = (body: string) =>
  [...body.matchAll(/^data: (.*)$/gm)].map(([, data = '']) => JSON.parse(data));

const page = async (text: string, method: string): Promise<readonly string[]> => {
  const headers = { 'content-type': 'text/html' };
  return [await bodyOf(() => ({ statusCode: 200, headers, body: text }), { method })];
};

/** Each way to a client, and the texts that arrive by it; each has to be what was said. */
const paths: Readonly<Record<string, (text: string) => Promise<readonly unknown[]>>> = {
  plain: async () => [textIn(JSON.parse(await bodyOf(dispatch, { json: call('say') })))],
  'an error of a tool': async () => [
    textIn(JSON.parse(await bodyOf(dispatch, { json: call('refuse') }))),
  ],
  stream: async () => {
    const json = call('say_with_progress', 1, { _meta: { progressToken: 1 } });
    const [progress, result] = eventsIn(await bodyOf(dispatch, { accept: eventStream, json }));
    return [progress.params.message, textIn(result)];
  },
  'plain, to a client that takes a stream': async () => [
    textIn(JSON.parse(await bodyOf(dispatch, { accept: eventStream, json: call('say') }))),
  ],
  batch: async () => {
    const json = Array.from({ length: 3 }, (_, id) => call('say', id));
    return JSON.parse(await bodyOf(dispatch, { json })).map(textIn);
  },
  error: async (text) => {
    const handler = () => {
      throw new InvalidParameters({ message: text });
    };
    return [JSON.parse(await bodyOf(handler, {})).error.message];
  },
  page: (text) => page(text, 'POST'),
  // The gateway sends no body to HEAD; what the function gives it must not fail for that.
  HEAD: (text) => page(text, 'HEAD'),
};

/** Characters of one to four bytes, those of four being two units of UTF-16. */
const unit = fc.constantFrom('x', 'é', '漢', '😀', '𝔘', '👩‍👩‍👧‍👦', '\u2028', '\u0085');

describe.each(Object.entries(paths))('text by the path "%s"', (_name, textsBy) => {
  const expectWhole = async (text: string) => {
    said = text;
    const texts = await textsBy(text);
    expect(texts.length).toBeGreaterThan(0);
    for (const each of texts) expect(each === text).toBe(true);
  };

  // Sizes of buffers: Middy's pieces and Node's streams (16 KiB, 64 KiB), before and after them.
  it.each([16_384, 32_768, 65_536])('arrives whole around the buffer size %i', async (size) => {
    for (let offset = 0; offset < 8; offset += 1)
      await expectWhole(`${'x'.repeat(offset)}${'😀'.repeat(size / 2 + 4)}`);
  });

  it('arrives whole, whatever it is made of', async () => {
    const text = fc
      .tuple(fc.nat(3), fc.array(unit, { minLength: 1, maxLength: 5 }), fc.nat(70_000))
      .map(([offset, units, length]) => {
        const piece = units.join('');
        return 'x'.repeat(offset) + piece.repeat(Math.ceil(length / piece.length));
      });
    await fc.assert(fc.asyncProperty(text, expectWhole), { numRuns: 25 });
  });
});

it('ends no line of an event stream within a message, however a reader splits lines', async () => {
  said = 'a\u2028b\u2029c\u0085d';
  const json = call('say_with_progress', 1, { _meta: { progressToken: 1 } });
  const body = await bodyOf(dispatch, { accept: eventStream, json });
  expect(body).not.toMatch(/[\u2028\u2029\u0085]/);
  expect(eventsIn(body).map(({ result }) => result?.content[0].text)).toEqual([undefined, said]);
});
