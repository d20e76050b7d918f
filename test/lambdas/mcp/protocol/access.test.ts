import * as z from 'zod';
import { defineResourceTemplate } from '../../../../lambdas/mcp/authoring/define-resource.ts';
import { defineTool } from '../../../../lambdas/mcp/authoring/define-tool.ts';
import { describe as manifest } from '../../../../lambdas/mcp/manifest/manifest.ts';
import { dispatcher } from '../../../../lambdas/mcp/protocol/dispatch.ts';
import { gatewayRequest } from '../../../../lambdas/mcp/testing/gateway-request.ts';
import { sizes } from '../../../../policy/limits.ts';
import { caller, serverOf } from '../exchange.ts';
import { add, echo, greet, note, page } from '../fixtures.ts';
import { accounts, audit, described, entry } from '../ledger.ts';

const pay = defineTool({
  ...described,
  name: 'pay',
  scopes: ['gatehouse/tools.call'],
  input: z.object({ amount: z.number() }),
  annotations: {},
  handler: () => 'paid',
});

const server = serverOf({
  tools: [add, pay],
  prompts: [audit, greet],
  resources: [accounts, entry, note, page],
});
beforeEach(() => {
  server.securityEvents.length = 0;
});

const finance = ['finance'];
const eras = ['modern', 'legacy'] as const;

/** What a list names, for somebody of these groups. */
const listed = async (
  era: (typeof eras)[number],
  list: 'tools' | 'prompts' | 'resources' | 'resourceTemplates',
  groups?: readonly string[],
): Promise<string[]> => {
  const method = list === 'resourceTemplates' ? 'resources/templates/list' : `${list}/list`;
  const { json } = await server[era](method, {}, groups === undefined ? {} : { groups });
  return json.result[list].map(({ name }: { name: string }) => name);
};

describe.each(eras)('the lists of two people side by side (%s)', (era) => {
  test.each([
    ['tools', ['add', 'pay'], ['add']],
    ['prompts', ['audit', 'greet'], ['greet']],
    ['resources', ['accounts', 'note'], ['note']],
    ['resourceTemplates', ['entry', 'page'], ['page']],
  ] as const)('%s', async (list, ofMember, ofOthers) => {
    // In this order, and again: a page that was written for one must not come to another.
    for (const _ of [1, 2]) {
      expect(await listed(era, list)).toEqual(ofOthers);
      expect(await listed(era, list, finance)).toEqual(ofMember);
      expect(await listed(era, list, ['sales', 'auditors'])).toEqual(ofMember);
      expect(await listed(era, list, ['sales', 'Finance', 'finance '])).toEqual(ofOthers);
    }
  });
});

test('a list is for its caller alone to keep', async () => {
  const { json } = await server.modern('tools/list', {}, { groups: finance });
  expect(json.result.cacheScope).toBe('private');
});

test('a page that lists hold is forgotten before they fill the memory', async () => {
  const tools = Array.from({ length: sizes.rememberedLists + 2 }, (_, index) => ({
    ...echo,
    name: `tool-${index}`,
    access: { groups: [`group-${index}`] },
  }));
  const many = serverOf({ tools });
  for (const [index] of tools.entries()) {
    const { json } = await many.modern('tools/list', {}, { groups: [`group-${index}`] });
    expect(json.result.tools).toMatchObject([{ name: `tool-${index}` }]);
  }
  const { json } = await many.modern('tools/list', {}, { groups: ['group-0'] });
  expect(json.result.tools).toMatchObject([{ name: 'tool-0' }]);
});

const calls = [
  ['tools/call', { name: 'pay', arguments: { amount: 1 } }, { name: 'nay' }],
  ['tools/call', { name: 'pay', arguments: { amount: 'much' } }, { name: 'nay' }],
  ['prompts/get', { name: 'audit', arguments: { year: '2026' } }, { name: 'aubit' }],
  ['resources/read', { uri: 'test://accounts' }, { uri: 'test://amounts!' }],
  ['resources/read', { uri: 'test://entry/1' }, { uri: 'test://antry/1' }],
  [
    'completion/complete',
    { ref: { type: 'ref/prompt', name: 'audit' }, argument: { name: 'year', value: '' } },
    { ref: { type: 'ref/prompt', name: 'aubit' } },
  ],
  [
    'completion/complete',
    {
      ref: { type: 'ref/resource', uri: 'test://entry/{id}' },
      argument: { name: 'id', value: '' },
    },
    { ref: { type: 'ref/resource', uri: 'test://antry/{id}' } },
  ],
  [
    'completion/complete',
    { ref: { type: 'ref/resource', uri: 'test://accounts' }, argument: { name: 'x', value: '' } },
    { ref: { type: 'ref/resource', uri: 'test://amounts!' } },
  ],
] as const;

/** The words of a request that stand in its response. */
const named = (params: object): string =>
  Object.values(params).find((value) => typeof value === 'string') ?? '';

describe.each(eras)('what is not for the caller (%s)', (era) => {
  test.each(calls)(
    '%s %j is answered as what is not there, byte for byte',
    async (method, params, unknown) => {
      // Neither a scope that is missing nor arguments that do not fit tell the two apart.
      const others = { groups: ['sales'], scopes: ['gatehouse/tools.read'] };
      const refused = await server[era](method, params, others);
      expect(server.securityEvents).toEqual([
        {
          name: 'AccessRefused',
          fields: {
            code: method === 'resources/read' ? 'unknown_resource' : 'invalid_parameters',
            mcpMethod: method,
            tool: expect.stringMatching(/^(pay|audit|accounts|entry)$/),
            user: expect.stringMatching(/^[0-9a-f]{16}$/),
            profile: 'loopback',
            clientId: 'appclient1',
          },
        },
      ]);
      server.securityEvents.length = 0;
      const absent = await server[era](method, { ...params, ...unknown }, others);
      expect(refused.status).toBe(absent.status);
      expect(refused.headers).toEqual(absent.headers);
      expect(refused.body.replaceAll(named(params) || '\0', '*')).toBe(
        absent.body.replaceAll(named(unknown) || '\0', '*'),
      );
      expect(server.securityEvents.map(({ name }) => name)).not.toContain('AccessRefused');
    },
  );

  test.each(calls)('%s is served to a member', async (method, params) => {
    const { json } = await server[era](method, params, { groups: finance });
    expect(json).toHaveProperty('result');
    expect(server.securityEvents.map(({ name }) => name)).not.toContain('AccessRefused');
  });
});

test('a template that is for others does not stand in the way of one that fits', async () => {
  const open = defineResourceTemplate({
    uriTemplate: 'test://{kind}/{id}',
    name: 'open',
    title: 'Open',
    description: 'Anything.',
    mimeType: 'text/plain',
    scopes: [],
    read: () => 'open',
  });
  const both = serverOf({ resources: [entry, open] });
  const read = async (groups: readonly string[]) =>
    (await both.modern('resources/read', { uri: 'test://entry/1' }, { groups })).json.result
      .contents[0].text;
  expect(await read(finance)).toBe('entry');
  expect(await read([])).toBe('open');
});

test('a definition that the table of access does not have is nobody’s', async () => {
  const definitions = { tools: [echo], prompts: [], resources: [] };
  const { catalogue, access: whole } = manifest(definitions);
  const dispatch = dispatcher(definitions, catalogue, { ...whole, tools: {} }, { hashKey: 'test' });
  const message = { jsonrpc: '2.0', id: 1, method: 'tools/list', params: {} };
  const { body } = await dispatch(gatewayRequest(message, {}, caller));
  expect(body).toContain('Method not found');
});
