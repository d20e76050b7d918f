import { PassThrough, Readable } from 'node:stream';
import type { HttpResponse } from '../../../lambdas/http/request.ts';
import { streamed } from '../../../lambdas/http/streamed.ts';
import { securityStack } from '../../../lambdas/middleware/stack.ts';
import { headerTable } from '../../../policy/headers.ts';
import { sizes } from '../../../policy/limits.ts';
import { capture } from '../logging/log-lines.ts';
import { jsonHeaders, settings } from '../middleware/stack.ts';
import { type Asked, gatewayEvent, lambdaContext } from './gateway-event.ts';

type Streaming = (event: unknown, stream: PassThrough, context: unknown) => Promise<void>;

// What Lambda's runtime puts there: the metadata goes before the body.
const metadata = new WeakMap<object, unknown>();
Object.assign(globalThis, {
  awslambda: {
    streamifyResponse: (handler: Streaming) => handler,
    HttpResponseStream: {
      from: (stream: PassThrough, sent: unknown) => {
        metadata.set(stream, sent);
        return stream;
      },
    },
  },
});

const call = async (asked: Asked, handler: () => HttpResponse) => {
  const options = {
    service: 'test',
    errors: 'jsonrpc',
    cors: 'cross-origin',
    bodies: { types: ['application/json'], bytes: sizes.bodyBytes },
    settings,
    streams: true,
  } as const;
  const run = streamed(securityStack(options, handler)) as unknown as Streaming;
  const stream = new PassThrough();
  const chunks: Buffer[] = [];
  stream.on('data', (chunk: Buffer) => chunks.push(chunk));
  await capture(() => run(gatewayEvent(asked), stream, lambdaContext()));
  return { sent: metadata.get(stream), body: Buffer.concat(chunks).toString('utf8') };
};

const json: Asked = { headers: jsonHeaders, body: '{}' };

it('streams a body behind the same headers as any other', async () => {
  const { sent, body } = await call(json, () => ({
    statusCode: 200,
    headers: { 'content-type': 'text/event-stream' },
    body: Readable.from(['data: 1\n\n', 'data: 2\n\n']),
  }));
  expect(sent).toEqual({
    statusCode: 200,
    headers: { ...headerTable('production'), 'content-type': 'text/event-stream', vary: 'Origin' },
  });
  expect(body).toBe('data: 1\n\ndata: 2\n\n');
});

it('sends a plain answer, a refusal and a preflight the same way', async () => {
  const ok = (): HttpResponse => ({
    statusCode: 200,
    headers: { 'content-type': 'application/json' },
    body: '{}',
  });
  expect(await call(json, ok)).toMatchObject({
    sent: { statusCode: 200, headers: headerTable('production') },
    body: '{}',
  });
  expect(await call({ ...json, body: '{' }, ok)).toMatchObject({
    sent: { statusCode: 400, headers: headerTable('production') },
  });
  expect(
    await call({ method: 'OPTIONS', headers: { origin: 'https://claude.ai' } }, ok),
  ).toMatchObject({
    sent: {
      statusCode: 204,
      headers: { ...headerTable('production'), 'access-control-allow-origin': 'https://claude.ai' },
    },
    body: '',
  });
});

it('ends the instance’s work after the response, whatever became of it', async () => {
  const order: string[] = [];
  const respond = async () => ({ statusCode: 200, body: 'whole' });
  const afterResponse = async () => {
    order.push('after');
  };
  const run = streamed(respond, { afterResponse }) as unknown as Streaming;
  const stream = new PassThrough();
  stream.on('data', (chunk: Buffer) => order.push(chunk.toString()));
  await run({}, stream, {});
  expect(order).toEqual(['whole', 'after']);

  const gone = new PassThrough();
  gone.destroy();
  await expect(run({}, gone, {})).rejects.toThrow();
  expect(order).toEqual(['whole', 'after', 'after']);
});
