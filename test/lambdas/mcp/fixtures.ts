import { setTimeout } from 'node:timers/promises';
import * as z from 'zod';
import { definePrompt } from '../../../lambdas/mcp/authoring/define-prompt.ts';
import {
  defineResource,
  defineResourceTemplate,
} from '../../../lambdas/mcp/authoring/define-resource.ts';
import { defineTool } from '../../../lambdas/mcp/authoring/define-tool.ts';
import { InputRequired } from '../../../lambdas/mcp/authoring/input-required.ts';
import { ToolError } from '../../../lambdas/mcp/authoring/tool-error.ts';

/**
 * Definitions of every kind, for tests of the protocol. Written with zod where the product's own
 * are written with zod/mini.
 */
const icons = [
  {
    src: 'https://example.com/icon.png',
    mimeType: 'image/png',
    sizes: ['48x48', 'any'],
    theme: 'dark',
  },
] as const;
const _meta = { 'com.example/kept': { as: 'it is' } };

export const add = defineTool({
  name: 'add',
  title: 'Add',
  description: 'Adds two numbers.',
  icons,
  _meta,
  input: z.object({ a: z.number(), b: z.number() }),
  output: z.object({ sum: z.number() }),
  scopes: [],
  annotations: { readOnlyHint: true },
  handler: ({ a, b }) => ({ sum: a + b }),
});

export const echo = defineTool({
  name: 'echo',
  title: 'Echo',
  description: 'Says it back.',
  input: z.object({ text: z.string().default('nothing') }),
  scopes: [],
  annotations: {},
  handler: ({ text }) => text,
});

export const act = defineTool({
  name: 'act',
  title: 'Act',
  description: 'Needs a scope.',
  input: z.object({}),
  scopes: ['gatehouse/tools.call'],
  annotations: {},
  handler: () => 'acted',
});

export const regional = defineTool({
  name: 'regional',
  title: 'Regional',
  description: 'Mirrors arguments in headers.',
  input: z.object({
    region: z.string().meta({ 'x-mcp-header': 'Region' }).optional(),
    size: z.int().meta({ 'x-mcp-header': 'Size' }).optional(),
    nested: z.object({ dry: z.boolean().meta({ 'x-mcp-header': 'Dry' }).optional() }).optional(),
  }),
  scopes: [],
  annotations: {},
  handler: (input) => JSON.stringify(input),
});

export const failing = defineTool({
  name: 'failing',
  title: 'Failing',
  description: 'Fails in one way or another.',
  input: z.object({ how: z.enum(['told', 'thrown', 'malformed']) }),
  output: z.object({ fine: z.literal(true) }),
  scopes: [],
  annotations: {},
  handler: ({ how }) => {
    if (how === 'told') throw new ToolError('Try Tuesday instead.');
    if (how === 'thrown') throw new Error('secret of /var/task/index.mjs');
    return { fine: JSON.parse('false') };
  },
});

export const slow = defineTool({
  name: 'slow',
  title: 'Slow',
  description: 'Reports progress.',
  input: z.object({ steps: z.int(), milliseconds: z.int() }),
  scopes: [],
  annotations: {},
  handler: async ({ steps, milliseconds }, { progress, signal }) => {
    for (let step = 1; step <= steps; step += 1) {
      await setTimeout(milliseconds, undefined, { signal });
      progress(step, steps, `step ${step}`);
    }
    return 'done';
  },
});

export const deaf = defineTool({
  name: 'deaf',
  title: 'Deaf',
  description: 'Never ends and never listens.',
  input: z.object({}),
  scopes: [],
  annotations: {},
  handler: () => new Promise<string>(() => {}),
});

export const asking = defineTool({
  name: 'asking',
  title: 'Asking',
  description: 'Asks for a name.',
  input: z.object({}),
  scopes: [],
  annotations: {},
  handler: (_input, { inputResponses, requestState }) =>
    inputResponses['name'] === undefined
      ? new InputRequired(
          {
            name: {
              method: 'elicitation/create',
              params: {
                message: 'Your name?',
                requestedSchema: { type: 'object', properties: {} },
              },
            },
          },
          'state-1',
        )
      : `${JSON.stringify(inputResponses['name'])} ${requestState}`,
});

const aName = {
  name: { method: 'elicitation/create', params: { message: 'Your name?', mode: 'form' } },
} as const;

/** Asks for everything that can be asked for, one after the other. */
export const curious = defineTool({
  name: 'curious',
  title: 'Curious',
  description: 'Asks for one thing or another.',
  input: z.object({
    what: z.enum(['form', 'url', 'sampling', 'sampling with tools', 'roots', 'time']),
  }),
  scopes: [],
  annotations: {},
  handler: ({ what }) => {
    switch (what) {
      case 'form':
        return new InputRequired(aName);
      case 'url':
        return new InputRequired({
          page: {
            method: 'elicitation/create',
            params: { mode: 'url', url: 'https://example.com' },
          },
        });
      case 'sampling':
        return new InputRequired({
          text: { method: 'sampling/createMessage', params: { messages: [], maxTokens: 1 } },
        });
      case 'sampling with tools':
        return new InputRequired({
          text: {
            method: 'sampling/createMessage',
            params: { messages: [], maxTokens: 1, tools: [] },
          },
        });
      case 'roots':
        return new InputRequired({ folders: { method: 'roots/list' } });
      case 'time':
        return new InputRequired({}, 'later');
    }
  },
});

export const linking = defineTool({
  name: 'linking',
  title: 'Linking',
  description: 'Answers with a block of every kind.',
  input: z.object({}),
  scopes: [],
  annotations: {},
  handler: () => [
    {
      type: 'text',
      text: 'text',
      annotations: { audience: ['user'], priority: 0.5, lastModified: '2026-07-28T00:00:00Z' },
    },
    { type: 'image', data: 'AQID', mimeType: 'image/png' },
    { type: 'audio', data: 'AQID', mimeType: 'audio/wav', _meta },
    { type: 'resource', resource: { uri: 'test://note', text: 'a note' } },
    {
      type: 'resource_link',
      uri: 'test://note',
      name: 'note',
      title: 'Note',
      size: 6,
      icons,
      annotations: { priority: 1 },
    },
  ],
});

export const welcome = definePrompt({
  name: 'welcome',
  title: 'Welcome',
  description: 'Asks whom to welcome.',
  arguments: z.object({}),
  scopes: [],
  icons,
  _meta,
  handler: (_values, { inputResponses }) =>
    inputResponses['name'] === undefined
      ? new InputRequired(aName)
      : [
          { role: 'user', content: { type: 'text', text: JSON.stringify(inputResponses['name']) } },
          {
            role: 'assistant',
            content: { type: 'resource_link', uri: 'test://note', name: 'note' },
          },
        ],
});

export const greet = definePrompt({
  name: 'greet',
  title: 'Greet',
  description: 'Greets somebody.',
  arguments: z.object({ name: z.string().min(1).describe('Whom'), tone: z.string().optional() }),
  scopes: [],
  complete: { tone: (value) => ['warm', 'cool', 'curt'].filter((tone) => tone.startsWith(value)) },
  handler: ({ name, tone }) => `Greet ${name}${tone ? ` in a ${tone} tone` : ''}.`,
});

export const note = defineResource({
  uri: 'test://note',
  name: 'note',
  title: 'Note',
  description: 'A note.',
  mimeType: 'text/plain',
  scopes: [],
  read: () => 'a note',
});

export const bytes = defineResource({
  uri: 'test://bytes',
  name: 'bytes',
  title: 'Bytes',
  description: 'Bytes.',
  mimeType: 'application/octet-stream',
  scopes: ['gatehouse/tools.call'],
  read: () => new Uint8Array([1, 2, 3]),
});

export const page = defineResourceTemplate({
  uriTemplate: 'test://book/{chapter}/{page}',
  name: 'page',
  title: 'Page',
  description: 'A page of the book.',
  mimeType: 'text/plain',
  scopes: [],
  complete: {
    page: (value, { chapter }) =>
      Array.from({ length: 150 }, (_, index) => `${chapter ?? '?'}-${value}${index}`),
  },
  read: ({ chapter, page: number }) =>
    number === '0' ? undefined : `chapter ${chapter}, page ${number}`,
});

export const secret = defineResource({
  uri: 'test://secret',
  name: 'secret',
  title: 'Secret',
  description: 'Asks who reads it.',
  mimeType: 'text/plain',
  scopes: [],
  icons,
  _meta,
  size: 6,
  annotations: { audience: ['assistant'], priority: 1, lastModified: '2026-07-28T00:00:00Z' },
  read: ({ inputResponses, requestState }) =>
    inputResponses['name'] === undefined
      ? new InputRequired(aName, 'asked')
      : `secret ${requestState}`,
});

export const fixtures = {
  tools: [add, echo, act, regional, failing, slow, deaf, asking, curious, linking],
  prompts: [greet, welcome],
  resources: [note, bytes, page, secret],
};
