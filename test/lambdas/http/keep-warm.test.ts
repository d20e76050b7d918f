import { PassThrough } from 'node:stream';
import { isFromSchedule, keptWarm } from '../../../lambdas/http/keep-warm.ts';
import { streamed } from '../../../lambdas/http/streamed.ts';
import { keepWarm } from '../../../policy/keep-warm.ts';
import { gatewayEvent, lambdaContext } from './gateway-event.ts';

const scheduled = { [keepWarm.member]: true };

const observed = () => {
  const order: string[] = [];
  return {
    order,
    prepare: async () => {
      order.push('prepared');
    },
    respond: async () => {
      order.push('answered');
      return { statusCode: 200, body: 'of a request' };
    },
  };
};

it('answers the schedule with nothing, and shows no handler its event', async () => {
  const { order, prepare, respond } = observed();
  const handler = keptWarm(respond, prepare);
  await expect(handler(scheduled, lambdaContext())).resolves.toBeUndefined();
  expect(order).toEqual(['prepared']);
  await expect(handler(gatewayEvent({}), lambdaContext())).resolves.toMatchObject({
    statusCode: 200,
  });
  expect(order).toEqual(['prepared', 'answered']);
});

it('does so for a handler that streams', async () => {
  Object.assign(globalThis, { awslambda: { streamifyResponse: (handler: unknown) => handler } });
  const { order, prepare, respond } = observed();
  const run = streamed(respond, { prepare }) as unknown as (
    event: unknown,
    stream: PassThrough,
    context: unknown,
  ) => Promise<void>;
  const stream = new PassThrough();
  const chunks: Buffer[] = [];
  stream.on('data', (chunk: Buffer) => chunks.push(chunk));
  await run(scheduled, stream, lambdaContext());
  expect([stream.writableEnded, chunks, order]).toEqual([true, [], ['prepared']]);
});

// Whatever a client sends stands inside the event.
it.each([
  ['its body', gatewayEvent({ body: JSON.stringify(scheduled) })],
  ['a header', gatewayEvent({ headers: { [keepWarm.member]: 'true' } })],
  ['a member beside those of a request', { ...gatewayEvent({}), ...scheduled }],
  ['nothing', {}],
  ['null', null],
  ['a text', keepWarm.member],
])('takes no event for it for %s', (_, event) => {
  expect(isFromSchedule(event)).toBe(false);
});
