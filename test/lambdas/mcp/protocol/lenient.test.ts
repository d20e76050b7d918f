import * as z from 'zod/mini';
import { definePrompt } from '../../../../lambdas/mcp/authoring/define-prompt.ts';
import {
  defineResource,
  defineResourceTemplate,
} from '../../../../lambdas/mcp/authoring/define-resource.ts';
import { serverOf } from '../exchange.ts';
import { fixtures } from '../fixtures.ts';

const base = { title: 'A', description: 'A.', mimeType: 'text/plain', scopes: [] };
const hello = definePrompt({
  name: 'hello',
  title: 'Hello',
  description: 'Says hello.',
  arguments: z.object({}),
  scopes: [],
  handler: () => 'Hello',
});
const server = serverOf({
  ...fixtures,
  prompts: [...fixtures.prompts, hello],
  resources: [
    ...fixtures.resources,
    defineResource({ ...base, name: 'city', uri: 'test://städte/köln am rhein', read: () => 'K' }),
    defineResourceTemplate({
      ...base,
      name: 'street',
      uriTemplate: 'test://straßen und plätze/{name}',
      read: ({ name }) => name,
    }),
  ],
});
const versions = ['2025-11-25', '2025-06-18', '2025-03-26', undefined];

describe.each(versions)('notifications of %s', (version) => {
  it.each([
    'notifications/initialized',
    'notifications/roots/list_changed',
    'notifications/tasks/status',
    'notifications/com.example/own',
  ])('%s is taken with 202 and no body', async (method) => {
    server.securityEvents.length = 0;
    const { status, body } = await server.send({
      headers: version === undefined ? {} : { 'mcp-protocol-version': version },
      json: { jsonrpc: '2.0', method },
    });
    expect({ status, body }).toEqual({ status: 202, body: '' });
    expect(server.securityEvents).toEqual([]);
  });
});

it('a method without an id that is no notification is refused as before', async () => {
  const { status } = await server.send({ json: { jsonrpc: '2.0', method: 'roots/list' } });
  expect(status).toBe(404);
});

describe('members that are null count as absent', () => {
  const legacyResult = async (method: string, params: object | null) => {
    const { json } = await server.send({ json: { jsonrpc: '2.0', id: 1, method, params } });
    expect(json.error).toBeUndefined();
    return json.result;
  };

  it.each([
    ['params', 'ping', null],
    ['params of a list', 'tools/list', null],
    ['_meta', 'tools/list', { _meta: null }],
    ['progressToken', 'tools/call', { name: 'echo', _meta: { progressToken: null } }],
    ['arguments of a tool', 'tools/call', { name: 'echo', arguments: null }],
    ['arguments of a prompt', 'prompts/get', { name: 'hello', arguments: null }],
    [
      'one argument of a prompt',
      'prompts/get',
      { name: 'greet', arguments: { name: 'Ada', tone: null } },
    ],
    ['cursor', 'tools/list', { cursor: null }],
    [
      'context',
      'completion/complete',
      {
        ref: { type: 'ref/prompt', name: 'greet' },
        argument: { name: 'tone', value: '' },
        context: null,
      },
    ],
    [
      'arguments of a context',
      'completion/complete',
      {
        ref: { type: 'ref/prompt', name: 'greet' },
        argument: { name: 'tone', value: '' },
        context: { arguments: null },
      },
    ],
  ])('%s', async (_name, method, params) => {
    expect(await legacyResult(method, params)).toBeDefined();
  });

  it('in the envelope of 2026-07-28, too', async () => {
    const nothing = {
      'io.modelcontextprotocol/clientInfo': null,
      'io.modelcontextprotocol/logLevel': null,
      'io.modelcontextprotocol/clientCapabilities': { elicitation: null, roots: null },
      progressToken: null,
      traceparent: null,
    };
    const called = await server.modern(
      'tools/call',
      { name: 'echo', arguments: null, inputResponses: null, requestState: null },
      { meta: nothing },
    );
    expect(called).toMatchObject({
      status: 200,
      json: { result: { content: [{ type: 'text' }] } },
    });
    const requested = await server.modern('tools/call', { name: 'asking' }, { meta: nothing });
    expect(requested.json.error.data.requiredCapabilities).toEqual({ elicitation: { form: {} } });
  });

  it('but the id of a request, which may not be null', async () => {
    const { json } = await server.send({ json: { jsonrpc: '2.0', id: null, method: 'ping' } });
    expect(json.error.code).toBe(-32_600);
  });
});

describe('a URI with characters that no URI may hold', () => {
  it.each([
    ['test://städte/köln am rhein', 'K'],
    ['test://st%C3%A4dte/k%C3%B6ln%20am%20rhein', 'K'],
    ['test://st%c3%a4dte/k%c3%b6ln%20am%20rhein', 'K'],
    ['test://straßen und plätze/Große Gasse', 'Große Gasse'],
    ['test://stra%C3%9Fen%20und%20pl%C3%A4tze/Gro%C3%9Fe%20Gasse', 'Große Gasse'],
  ])('%s is found as written and as percent-encoded', async (uri, text) => {
    for (const { json } of [
      await server.modern('resources/read', { uri }),
      await server.legacy('resources/read', { uri }),
    ])
      expect(json.result.contents).toEqual([{ uri, mimeType: 'text/plain', text }]);
  });

  it('is listed as a URI', async () => {
    const { json } = await server.modern('resources/list');
    expect(json.result.resources.map(({ uri }: { uri: string }) => uri)).toContain(
      'test://st%C3%A4dte/k%C3%B6ln%20am%20rhein',
    );
  });
});
