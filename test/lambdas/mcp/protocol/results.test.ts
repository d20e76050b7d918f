import {
  CallToolResultSchema,
  GetPromptResultSchema,
  ListToolsResultSchema,
  ReadResourceResultSchema,
} from '@modelcontextprotocol/sdk/types.js';
import fc from 'fast-check';
import * as z from 'zod';
import type { Completion } from '../../../../lambdas/mcp/authoring/define-prompt.ts';
import { definePrompt } from '../../../../lambdas/mcp/authoring/define-prompt.ts';
import { defineResource } from '../../../../lambdas/mcp/authoring/define-resource.ts';
import { defineTool } from '../../../../lambdas/mcp/authoring/define-tool.ts';
import { checkedDefinitions } from '../../../../lambdas/mcp/manifest/definition-check.ts';
import { serverOf } from '../exchange.ts';

/** What JavaScript may return. */
// biome-ignore lint/suspicious/noExplicitAny: a handler that has lost its types
let returned: any;

const base = { title: 'A', description: 'A.', scopes: [], annotations: {} };
const complete: Completion = () => returned;
const server = serverOf({
  tools: [
    defineTool({ ...base, name: 'plain', input: z.object({}), handler: () => returned }),
    defineTool({
      ...base,
      name: 'structured',
      input: z.object({}),
      output: z.object({ sum: z.number().optional() }),
      handler: () => returned,
    }),
    defineTool({
      ...base,
      name: 'presented',
      input: z.object({}),
      output: z.object({}),
      text: () => returned,
      handler: () => ({}),
    }),
  ],
  prompts: [
    definePrompt({
      ...base,
      name: 'prompt',
      arguments: z.object({ word: z.string().optional() }),
      complete: { word: complete },
      handler: () => returned,
    }),
  ],
  resources: [
    defineResource({
      ...base,
      annotations: {},
      name: 'resource',
      uri: 'test://r',
      mimeType: 'text/plain',
      read: () => returned,
    }),
  ],
});

const call = async (name: string, version = '2025-11-25') => {
  const { json } = await server.legacy('tools/call', { name }, { version });
  return json.result;
};

describe('what no client can read becomes a failure that it can', () => {
  it.each<[string, unknown]>([
    ['a number in a list', [5]],
    ['a number', 5],
    ['nothing', undefined],
    ['null', null],
    ['a block without a type', [{ a: 1 }]],
    ['a result with such a block', { content: [{ a: 1 }] }],
    ['a block of an unknown type', { type: 'video', data: '', mimeType: 'video/mp4' }],
    ['a text that is a number', { type: 'text', text: 5 }],
    ['an image that is not base64', { type: 'image', data: 'ä', mimeType: 'image/png' }],
    ['a resource without contents', { type: 'resource', resource: { uri: 'test://r' } }],
    ['a link without a name', { type: 'resource_link', uri: 'test://r' }],
    ['a priority of 2', { type: 'text', text: 'a', annotations: { priority: 2 } }],
    ['a date alone', { type: 'text', text: 'a', annotations: { lastModified: '2026-01-01' } }],
    ['structured content that is a list', { content: [], structuredContent: [] }],
    ['isError that is a word', { content: [], isError: 'yes' }],
  ])('%s', async (_name, value) => {
    returned = value;
    server.logged.length = 0;
    for (const tool of ['plain', 'presented']) {
      const result = CallToolResultSchema.parse(await call(tool));
      expect(result).toMatchObject({ isError: true, content: [{ type: 'text' }] });
      expect(server.logged.at(-1)?.fields).toMatchObject({ tool, cause: expect.any(Error) });
    }
  });
});

describe("the SDK's own shape is taken as what it is", () => {
  const content = [{ type: 'text', text: 'There is no order 7.' }];

  it.each(['plain', 'structured'])('isError, by the tool "%s"', async (name) => {
    returned = { content, isError: true };
    expect(await call(name)).toEqual({ content, isError: true });
    const { json } = await server.modern('tools/call', { name });
    expect(json.result).toMatchObject({ content, isError: true });
  });

  it('content, structured content and _meta', async () => {
    returned = { content, structuredContent: { sum: 3 }, _meta: { 'com.example/a': 1 } };
    for (const name of ['plain', 'structured']) expect(await call(name)).toEqual(returned);
    const { json } = await server.modern('tools/call', { name: 'plain' });
    expect(json.result._meta).toEqual({
      'com.example/a': 1,
      'io.modelcontextprotocol/serverInfo': expect.any(Object),
    });
  });

  it('structured content that the output schema refuses is a failure', async () => {
    returned = { content, structuredContent: { sum: 'three' } };
    expect(await call('structured')).toMatchObject({
      isError: true,
      content: [{ text: expect.stringContaining('The tool failed') }],
    });
  });

  it('but a result whose own schema has a content is that result', async () => {
    const own = defineTool({
      ...base,
      name: 'own',
      input: z.object({}),
      output: z.object({ content: z.array(z.string()) }),
      handler: () => ({ content: ['a'] }),
    });
    const { json } = await serverOf({ tools: [own] }).legacy('tools/call', { name: 'own' });
    expect(json.result.structuredContent).toEqual({ content: ['a'] });
  });
});

/** Values that look a little like content, and any others. */
const anything = fc.oneof(
  fc.jsonValue(),
  fc.anything(),
  fc.record(
    {
      type: fc.constantFrom('text', 'image', 'resource', 'resource_link', 'audio', 'x'),
      text: fc.oneof(fc.string(), fc.integer()),
      data: fc.string(),
      mimeType: fc.string(),
      uri: fc.string(),
      name: fc.string(),
      resource: fc.record({ uri: fc.string(), text: fc.string() }, { requiredKeys: [] }),
      annotations: fc.record({ priority: fc.double() }, { requiredKeys: [] }),
    },
    { requiredKeys: [] },
  ),
);
const value = fc.oneof(
  anything,
  fc.array(anything, { maxLength: 3 }),
  fc.record(
    {
      content: fc.array(anything, { maxLength: 2 }),
      isError: fc.oneof(fc.boolean(), fc.integer()),
      structuredContent: fc.jsonValue(),
      _meta: fc.jsonValue(),
    },
    { requiredKeys: ['content'] },
  ),
  fc.array(fc.record({ role: fc.constantFrom('user', 'assistant', 'x'), content: anything }), {
    maxLength: 2,
  }),
);

it('whatever a handler returns, the official client can read what leaves', async () => {
  await fc.assert(
    fc.asyncProperty(value, async (given) => {
      returned = given;
      for (const name of ['plain', 'structured', 'presented'])
        expect(CallToolResultSchema.safeParse(await call(name)).error).toBeUndefined();
      const prompt = (await server.legacy('prompts/get', { name: 'prompt' })).json;
      if (prompt.error === undefined) GetPromptResultSchema.parse(prompt.result);
      else expect(prompt.error.code).toBe(-32_603);
      const resource = (await server.legacy('resources/read', { uri: 'test://r' })).json;
      if (resource.error === undefined) ReadResourceResultSchema.parse(resource.result);
      // -32002: nothing is there.
      else expect([-32_603, -32_002]).toContain(resource.error.code);
      const completion = (
        await server.legacy('completion/complete', {
          ref: { type: 'ref/prompt', name: 'prompt' },
          argument: { name: 'word', value: '' },
        })
      ).json;
      const values = completion.result?.completion.values ?? [];
      expect(values.every((each: unknown) => typeof each === 'string')).toBe(true);
    }),
    { numRuns: 500 },
  );
});

describe('schemas', () => {
  const circle = z.object({ shape: z.literal('circle'), radius: z.number() });
  const square = z.object({ shape: z.literal('square'), side: z.number() });
  const node: z.ZodType<object, object> = z.lazy(() =>
    z.object({ children: z.array(node).optional() }),
  );
  const toolOf = (input: z.ZodType<object, object>) =>
    defineTool({ ...base, name: 'shape', input, handler: (given) => JSON.stringify(given) });
  const filesOf = (input: z.ZodType<object, object>) => ({
    tools: [['shape.ts', { default: toolOf(input) }]] as const,
    prompts: [],
    resources: [],
  });

  it.each<[string, z.ZodType<object, object>, object]>([
    ['a discriminated union', z.discriminatedUnion('shape', [circle, square]), { oneOf: {} }],
    ['a union of objects', z.union([circle, square]), { anyOf: {} }],
    ['an intersection', z.intersection(circle, z.object({ name: z.string() })), {}],
    ['a record', z.record(z.string(), z.number()), {}],
    ['an object that is read only', circle.readonly(), {}],
    ['an object that refers to itself', node, {}],
    ['an object in a pipe', circle.transform((given) => given).pipe(circle), {}],
  ])('of %s are published as an object', async (_name, input, keywords) => {
    expect(checkedDefinitions(filesOf(input)).tools).toHaveLength(1);
    const { json } = await serverOf({ tools: [toolOf(input)] }).legacy('tools/list');
    const { tools } = ListToolsResultSchema.parse(json.result);
    expect(tools[0]?.inputSchema).toMatchObject({ type: 'object' });
    for (const keyword of Object.keys(keywords))
      expect(tools[0]?.inputSchema).toHaveProperty(keyword);
  });

  it('of a discriminated union serve each of its members, and refuse the others', async () => {
    const shapes = serverOf({ tools: [toolOf(z.discriminatedUnion('shape', [circle, square]))] });
    const ask = async (given: object) =>
      (await shapes.legacy('tools/call', { name: 'shape', arguments: given })).json.result;
    const text = JSON.stringify({ shape: 'square', side: 2 });
    expect(await ask({ shape: 'square', side: 2 })).toEqual({ content: [{ type: 'text', text }] });
    expect(await ask({ shape: 'circle', side: 2 })).toMatchObject({ isError: true });
  });

  it.each<[string, z.ZodType<object, object>]>([
    ['a list', z.array(z.string())],
    ['a union with a list', z.union([circle, z.array(z.string())])],
    ['anything', z.any()],
  ])('of %s are refused at build', (_name, input) => {
    expect(() => checkedDefinitions(filesOf(input))).toThrow(
      'tools/shape.ts: its input must be an object, or a union of objects',
    );
  });
});
