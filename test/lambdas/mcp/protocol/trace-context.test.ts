import * as z from 'zod/mini';
import { defineTool } from '../../../../lambdas/mcp/authoring/define-tool.ts';
import { serverOf } from '../exchange.ts';

const tracing = defineTool({
  name: 'tracing',
  title: 'Tracing',
  description: 'Says which trace it stands in.',
  input: z.object({}),
  scopes: [],
  annotations: {},
  handler: (_input, { traceContext }) => JSON.stringify(traceContext),
});
const server = serverOf({ tools: [tracing] });

const traceparent = '00-0af7651916cd43dd8448eb211c80319c-00f067aa0ba902b7-01';
const other = '00-1af7651916cd43dd8448eb211c80319c-00f067aa0ba902b7-00';
const whole = { traceparent, tracestate: 'vendor=a,other=b', baggage: 'user=7;p,tenant=x' };

const seen = async (meta: object, headers: Record<string, string> = {}) => {
  const { json } = await server.modern('tools/call', { name: 'tracing' }, { meta, headers });
  return JSON.parse(json.result.content[0].text);
};

describe('the trace context', () => {
  it('reaches the tool whole, from _meta or from headers', async () => {
    expect(await seen(whole)).toEqual(whole);
    expect(await seen({}, whole)).toEqual(whole);
    expect(await seen({})).toEqual({});
    const { json } = await server.legacy('tools/call', { name: 'tracing', _meta: whole });
    expect(JSON.parse(json.result.content[0].text)).toEqual(whole);
  });

  it('of a message goes before that of its request, and the two are not mixed', async () => {
    expect(await seen({ traceparent: other }, whole)).toEqual({
      traceparent: other,
      baggage: whole.baggage,
    });
  });

  it.each<[string, object]>([
    ['no version', { traceparent: traceparent.slice(3) }],
    ['the version ff', { traceparent: traceparent.replace(/^00/, 'ff') }],
    ['a trace id of zeros', { traceparent: `00-${'0'.repeat(32)}-00f067aa0ba902b7-01` }],
    ['capital letters', { traceparent: traceparent.toUpperCase() }],
    ['a number', { traceparent: 5 }],
    ['a tracestate alone', { tracestate: 'a=b' }],
    ['a line break', { baggage: 'a=b\r\nx: y' }],
    ['a baggage of 8193 characters', { baggage: 'x'.repeat(8193) }],
  ])('is left out where it is malformed: %s', async (_name, meta) => {
    expect(await seen(meta)).toEqual({});
  });

  it('loses a tracestate that nobody must pass on', async () => {
    expect(await seen({ traceparent, tracestate: 'x'.repeat(513) })).toEqual({ traceparent });
  });
});
