import * as z from 'zod';
import { definePrompt } from '../../../../lambdas/mcp/authoring/define-prompt.ts';
import { defineTool } from '../../../../lambdas/mcp/authoring/define-tool.ts';
import type { Definitions } from '../../../../lambdas/mcp/manifest/definitions.ts';
import { appsExtension, mcpMethods } from '../../../../policy/mcp-methods.ts';
import { serverOf } from '../exchange.ts';
import { add, note } from '../fixtures.ts';
import { accounts, audit, described, entry } from '../ledger.ts';

/** AUTH-12: what is hidden from a caller altogether shows in nothing that the server says of itself. */

const ui = { [appsExtension.metaKey]: { resourceUri: 'ui://ledger' } };

const pay = defineTool({
  ...described,
  name: 'pay',
  input: z.object({}),
  annotations: {},
  handler: () => 'paid',
});
/** For everybody, and with nothing that could be completed. */
const greet = definePrompt({
  name: 'greet',
  title: 'Greet',
  description: 'Says hello.',
  scopes: [],
  arguments: z.object({ whom: z.string() }),
  handler: () => 'Hello.',
});

const eras = ['modern', 'legacy'] as const;
const legacyClient = { name: 'test', version: '1' };
/** A request of every method that there is, naming what is hidden where it names something. */
const requests: Readonly<Record<string, object>> = {
  initialize: { protocolVersion: '2025-11-25', capabilities: {}, clientInfo: legacyClient },
  ping: {},
  'server/discover': {},
  'tools/list': {},
  'tools/call': { name: 'pay', arguments: {} },
  'prompts/list': {},
  'prompts/get': { name: 'audit', arguments: { year: '2026' } },
  'resources/list': {},
  'resources/templates/list': {},
  'resources/read': { uri: 'test://entry/1' },
  'completion/complete': {
    ref: { type: 'ref/prompt', name: 'audit' },
    argument: { name: 'year', value: '' },
  },
  'subscriptions/listen': { notifications: { toolsListChanged: true, promptsListChanged: true } },
};

const situations: readonly (readonly [
  string,
  hidden: Partial<Definitions>,
  open: Partial<Definitions>,
])[] = [
  [
    'all there is',
    { tools: [pay], prompts: [audit], resources: [accounts, entry] },
    { tools: [], prompts: [], resources: [] },
  ],
  ['the only prompt', { tools: [add], prompts: [audit] }, { tools: [add] }],
  ['the only resource', { tools: [add], resources: [accounts] }, { tools: [add] }],
  ['the only template', { tools: [add], resources: [entry] }, { tools: [add] }],
  ['the only tool', { tools: [pay], resources: [note] }, { resources: [note] }],
  ['the only one that completes', { prompts: [audit, greet] }, { prompts: [greet] }],
  [
    'the only one that shows an app',
    { tools: [add, { ...pay, _meta: ui }], resources: [note] },
    { tools: [add], resources: [note] },
  ],
];

describe.each(eras)('a server that hides %s says what one without it says', (era) => {
  it.each(situations)('%s', async (_, hidden, open) => {
    const hiding = serverOf(hidden);
    const without = serverOf(open);
    for (const method of mcpMethods[era].filter((each) => !each.startsWith('notifications/'))) {
      const params = requests[method];
      if (params === undefined) throw new Error(`No request of ${method} is known here.`);
      const others = { groups: ['sales'] };
      const [said, expected] = [
        await hiding[era](method, params, others),
        await without[era](method, params, others),
      ];
      const responseOf = ({ status, headers, body, events }: typeof said) => ({
        method,
        status,
        headers,
        body,
        messages: events.map(({ message }) => message),
      });
      expect(responseOf(said)).toEqual(responseOf(expected));
    }
  });
});

const capabilities = async (
  definitions: Partial<Definitions>,
  era: (typeof eras)[number],
  groups: readonly string[],
) => {
  const method = era === 'modern' ? 'server/discover' : 'initialize';
  const { json } = await serverOf(definitions)[era](method, requests[method] ?? {}, { groups });
  return json.result.capabilities;
};

it.each(eras)(
  'a member is told of all of it, after others were told of nothing (%s)',
  async (era) => {
    const [, hidden] = situations[0] ?? [];
    const server = { ...hidden, tools: [{ ...pay, _meta: ui }] };
    expect(await capabilities(server, era, ['sales'])).toEqual({});
    expect(await capabilities(server, era, ['finance'])).toEqual({
      tools: {},
      prompts: {},
      resources: {},
      completions: {},
      extensions: { [appsExtension.id]: {} },
    });
  },
);

it.each(eras)('a call of what is hidden is an event, whatever is answered (%s)', async (era) => {
  const server = serverOf({ tools: [pay] });
  const { body } = await server[era]('tools/call', { name: 'pay' }, { groups: [] });
  expect(body).toContain('Method not found');
  expect(server.trail).toMatchObject([{ definition: 'pay', outcome: 'refused' }]);
});
