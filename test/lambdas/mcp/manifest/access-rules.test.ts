import * as z from 'zod';
import { defineTool } from '../../../../lambdas/mcp/authoring/define-tool.ts';
import type { AccessRules } from '../../../../lambdas/mcp/manifest/access-rules.ts';
import { manifestOf } from '../../../../lambdas/mcp/manifest/manifest.ts';
import { add, greet, note, page } from '../fixtures.ts';

const erase = defineTool({
  name: 'erase_orders',
  title: 'Erase',
  description: 'Erases all orders.',
  input: z.object({}),
  scopes: [],
  annotations: { destructiveHint: true },
  handler: () => 'gone',
});

const files = {
  tools: [
    ['add.ts', { default: add }],
    ['erase.ts', { default: erase }],
  ],
  prompts: [['greet.ts', { default: greet }]],
  resources: [
    ['note.ts', { default: note }],
    ['page.ts', { default: page }],
  ],
} as const;

const under = (rules: AccessRules) => manifestOf(files, { access: rules });
const finance = { groups: ['finance'] };

test('without a rule everything is for everybody, and stands in the table', () => {
  expect(under({}).access).toEqual({
    tools: { add: 'everybody', erase_orders: 'everybody' },
    prompts: { greet: 'everybody' },
    resources: { 'test://note': 'everybody' },
    resourceTemplates: { 'test://book/{chapter}/{page}': 'everybody' },
  });
});

test('the stack’s rule goes before what stands beside a definition, in both directions', () => {
  const own = { ...add, access: { groups: ['sales'] } };
  const withOwn = { ...files, tools: [['add.ts', { default: own }]] } as const;
  expect(manifestOf(withOwn).access.tools).toEqual({ add: ['sales'] });
  expect(manifestOf(withOwn, { access: { add: finance } }).access.tools).toEqual({
    add: ['finance'],
  });
  expect(manifestOf(withOwn, { access: { add: 'everybody' } }).access.tools).toEqual({
    add: 'everybody',
  });
});

test('a rule holds for prompts, resources and templates, by their names', () => {
  const { access } = under({ greet: finance, note: finance, page: finance });
  expect([access.prompts, access.resources, access.resourceTemplates]).toEqual([
    { greet: ['finance'] },
    { 'test://note': ['finance'] },
    { 'test://book/{chapter}/{page}': ['finance'] },
  ]);
});

test.each([
  ['erase_order', 'did you mean erase_orders?'],
  ['constructor', 'take it out, or name one of add, erase_orders, greet, note, page'],
])('a rule for %s, which names nothing, is refused with the nearest name', (name, fix) => {
  expect(() => under({ [name]: finance })).toThrow(
    `access.${name}: names no tool, prompt or resource: ${fix}`,
  );
});

describe('what destroys and needs nothing but a login', () => {
  test('is warned of, with file, reason and fix', () => {
    expect(under({}).warnings).toEqual([
      `tools/erase.ts: erase_orders is destructive (destructiveHint), and everybody who may read may call it: give it scopes: ['gatehouse/tools.call'], or access: { groups: [ … ] }`,
    ]);
  });

  test('is not, where a group or a scope is needed', () => {
    expect(under({ erase_orders: finance }).warnings).toEqual([]);
    const scoped = { ...erase, scopes: ['gatehouse/tools.call'] };
    const { warnings } = manifestOf({ ...files, tools: [['erase.ts', { default: scoped }]] });
    expect(warnings).toEqual([]);
  });
});

test.each([
  [
    { groups: [] },
    'nobody could use it (access.groups is empty): name a group, or leave access out',
  ],
  [
    { groups: ['finance', ' sales'] },
    'access.groups: " sales" is not the name of a group: 1 to 128 characters, no spaces at its ends',
  ],
  [{ groups: 'finance' }, `access.groups is not a list: access: { groups: ['finance'] }`],
  [{}, `access.groups is missing: access: { groups: ['finance'] }`],
  [{ groups: [1] }, `access.groups holds what is not a string: access: { groups: ['finance'] }`],
  ['finance', `access is not an object: access: { groups: ['finance'] }`],
])('beside a tool, %j is refused', (access, reason) => {
  const tools = [['add.ts', { default: { ...add, access } }]] as const;
  expect(() => manifestOf({ ...files, tools })).toThrow(`tools/add.ts: ${reason}`);
});
