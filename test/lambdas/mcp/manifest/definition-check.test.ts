import * as z from 'zod';
import { definePrompt } from '../../../../lambdas/mcp/authoring/define-prompt.ts';
import {
  defineResource,
  defineResourceTemplate,
} from '../../../../lambdas/mcp/authoring/define-resource.ts';
import { defineServer } from '../../../../lambdas/mcp/authoring/define-server.ts';
import { defineTool } from '../../../../lambdas/mcp/authoring/define-tool.ts';
import server from '../../../../lambdas/mcp/default-server/server.ts';
import { checkedDefinitions } from '../../../../lambdas/mcp/manifest/definition-check.ts';
import { manifestOf } from '../../../../lambdas/mcp/manifest/manifest.ts';
import packageJson from '../../../../package.json' with { type: 'json' };
import { add, bytes, greet, note, page, regional } from '../fixtures.ts';

const none = { tools: [], prompts: [], resources: [] };
const tool = {
  name: 'x',
  title: 'X',
  description: 'x',
  input: z.object({}),
  scopes: [],
  annotations: {},
  handler: () => 'x',
} as const;
const resource = {
  name: 'x',
  title: 'X',
  description: 'x',
  mimeType: 'text/plain',
  scopes: [],
  read: () => 'x',
} as const;
const module = (definition: unknown) => ({ default: definition });

const faultsOf = (files: Partial<Parameters<typeof checkedDefinitions>[0]>) => {
  try {
    checkedDefinitions({ ...none, ...files });
    return '';
  } catch (error) {
    return error instanceof Error ? error.message : '';
  }
};

describe('definitions', () => {
  it('are taken as they stand when nothing is wrong', () => {
    const definitions = checkedDefinitions({
      tools: [['add.ts', module(add)]],
      prompts: [['greet.ts', module(greet)]],
      resources: [['note.ts', module(note)]],
    });
    expect(definitions).toEqual({ tools: [add], prompts: [greet], resources: [note] });
  });

  it('become a manifest: scopes, headers, grants and lists', () => {
    const granted = defineTool({
      ...tool,
      name: 'granted',
      scopes: ['gatehouse/tools.call'],
      grants: [{ actions: ['dynamodb:GetItem'], resource: 'table' }],
    });
    const manifest = manifestOf({
      tools: [
        ['granted.ts', module(granted)],
        ['regional.ts', module(regional)],
      ],
      prompts: [['greet.ts', module(greet)]],
      resources: [
        ['bytes.ts', module(bytes)],
        ['page.ts', module(page)],
      ],
    });
    expect(manifest).toMatchObject({
      requiredScopes: {
        tools: { granted: ['gatehouse/tools.call'], regional: [] },
        prompts: { greet: [] },
        resources: { 'test://bytes': ['gatehouse/tools.call'] },
        resourceTemplates: [
          ['^test:\\/\\/book\\/([^/?#]+)\\/([^/?#]+)$', [], 'test://book/{chapter}/{page}'],
        ],
      },
      paramHeaders: ['Mcp-Param-Dry', 'Mcp-Param-Region', 'Mcp-Param-Size'],
      grants: [{ tool: 'granted', actions: ['dynamodb:GetItem'], resource: 'table' }],
    });
    expect(manifest.catalogue.paramHeaders['regional']).toEqual([
      { header: 'Mcp-Param-Region', path: ['region'], type: 'string' },
      { header: 'Mcp-Param-Size', path: ['size'], type: 'integer' },
      { header: 'Mcp-Param-Dry', path: ['nested', 'dry'], type: 'boolean' },
    ]);
    expect(JSON.parse(JSON.stringify(manifest))).toEqual(manifest);
  });

  it.each([
    ['no default export', {}],
    ['a plain object', module({ ...tool, kind: 'other' })],
    ['a prompt in tools/', module(greet)],
    ['nothing', module(undefined)],
  ])('are refused when a file has %s', (_what, exported) => {
    expect(faultsOf({ tools: [['wrong.ts', exported]] })).toBe(
      'tools/wrong.ts: its default export is not made by defineTool (shared code belongs outside of tools/)',
    );
  });

  it('are refused when two files define one name, saying which', () => {
    expect(
      faultsOf({
        tools: [
          ['a.ts', module(add)],
          ['b.ts', module(add)],
        ],
      }),
    ).toBe('tools/b.ts: "add" is already defined in tools/a.ts');
    expect(
      faultsOf({
        resources: [
          ['a.ts', module(note)],
          ['b.ts', module(defineResource({ ...resource, uri: 'test://note' }))],
        ],
      }),
    ).toMatch('resources/b.ts: "test://note" is already defined in resources/a.ts');
  });

  it.each([
    [
      'a name that clients cannot carry',
      { ...tool, name: 'two words' },
      'the name "two words" must be',
    ],
    [
      'a name that would be the prototype of a table',
      { ...tool, name: '__proto__' },
      'the name "__proto__" must be',
    ],
    ['an empty description', { ...tool, description: ' ' }, 'the description is empty'],
    [
      'an action with a wildcard',
      { ...tool, grants: [{ actions: ['dynamodb:*'], resource: 'table' }] as const },
      'the grant "dynamodb:*" is not one IAM action',
    ],
    [
      'an input that JSON Schema cannot say',
      { ...tool, input: z.object({ when: z.date() }) },
      'Date cannot be represented',
    ],
    [
      'an output that is no object',
      { ...tool, output: z.array(z.string()), handler: () => ['x'] },
      'its output must be an object',
    ],
    [
      'a header over a number',
      { ...tool, input: z.object({ n: z.number().meta({ 'x-mcp-header': 'N' }) }) },
      'only strings, integers and booleans',
    ],
    [
      'a header that is no token',
      { ...tool, input: z.object({ n: z.string().meta({ 'x-mcp-header': 'a b' }) }) },
      'not a header token',
    ],
    [
      'a header twice',
      {
        ...tool,
        input: z.object({
          a: z.string().meta({ 'x-mcp-header': 'N' }),
          b: z.string().meta({ 'x-mcp-header': 'n' }),
        }),
      },
      'mcp-param-n is declared by two properties',
    ],
    [
      'a header inside a list',
      {
        ...tool,
        input: z.object({ l: z.array(z.object({ a: z.string().meta({ 'x-mcp-header': 'N' }) })) }),
      },
      'where clients cannot reach it',
    ],
  ])('are refused for %s', (_what, definition, reason) => {
    // Each is typed as a tool may be; what is wrong is what types cannot say.
    expect(
      faultsOf({
        tools: [['x.ts', module(defineTool(definition as Parameters<typeof defineTool>[0]))]],
      }),
    ).toContain(`tools/x.ts: `);
    expect(
      faultsOf({
        tools: [['x.ts', module(defineTool(definition as Parameters<typeof defineTool>[0]))]],
      }),
    ).toContain(reason);
  });

  it('are refused for a scope that the policy does not have', () => {
    const unknown = { ...add, scopes: ['gatehouse/all'] };
    expect(faultsOf({ tools: [['x.ts', module(unknown)]] })).toBe(
      'tools/x.ts: the scope "gatehouse/all" is neither the policy\'s nor one of the stack\'s "scopes": take it out, or name one of gatehouse/tools.read, gatehouse/tools.call',
    );
  });

  it('are refused for completions of what is not there, and for templates that are none', () => {
    const template = (uriTemplate: string) =>
      module(defineResourceTemplate({ ...resource, uriTemplate }));
    expect(faultsOf({ resources: [['x.ts', template('test://x')]] })).toContain('has no variable');
    expect(faultsOf({ resources: [['x.ts', template('test://{a}/{a}')]] })).toContain(
      'names a variable twice',
    );
    expect(faultsOf({ resources: [['x.ts', template('test://x/{a}-{b}')]] })).toContain(
      'two variables in one segment',
    );
    expect(faultsOf({ resources: [['x.ts', template('test://{+a}/{b}')]] })).toContain(
      'not a URI template of level 1',
    );
    const prompt = definePrompt({
      name: 'p',
      title: 'P',
      description: 'p',
      arguments: z.object({}),
      scopes: [],
      handler: () => 'p',
    });
    expect(
      faultsOf({ prompts: [['x.ts', module({ ...prompt, complete: { nope: () => [] } })]] }),
    ).toContain('completes "nope"');
  });

  it.each([
    [
      'an icon over http',
      { icons: [{ src: 'http://example.com/a.png' }] },
      'neither an https URL nor a base64 data URI',
    ],
    [
      'an icon that is a script',
      { icons: [{ src: 'javascript:alert(1)' }] },
      'neither an https URL nor a base64 data URI',
    ],
    [
      'an icon that is a page',
      { icons: [{ src: 'data:text/html;base64,AQID' }] },
      'neither an https URL nor a base64 data URI',
    ],
    [
      'an icon without base64',
      { icons: [{ src: 'data:image/svg+xml,<svg/>' }] },
      'neither an https URL nor a base64 data URI',
    ],
    [
      'an icon of no size',
      { icons: [{ src: 'https://example.com/a.png', sizes: ['large'] }] },
      'the icon size "large"',
    ],
    [
      'a key that _meta cannot have',
      { _meta: { 'com.example/a b': 1 } },
      'the _meta key "com.example/a b"',
    ],
    ['a key with half a prefix', { _meta: { '/name': 1 } }, 'the _meta key "/name"'],
    [
      'a priority beyond 1',
      { annotations: { priority: 2 } },
      'the priority 2 is not between 0 and 1',
    ],
    [
      'a date in words',
      { annotations: { lastModified: 'yesterday' } },
      'lastModified "yesterday" is not an ISO 8601 date and time with an offset',
    ],
  ])('are refused for %s', (_what, wrong, reason) => {
    const definition = defineResource({ ...resource, uri: 'test://x', ...(wrong as object) });
    expect(faultsOf({ resources: [['x.ts', module(definition)]] })).toContain(reason);
  });

  it('may have icons and _meta as extensions name them', () => {
    const icons = [
      { src: 'data:image/svg+xml;base64,AQID', sizes: ['any'] },
      { src: 'https://example.com/a.png', theme: 'light' },
    ] as const;
    const _meta = { ui: { resourceUri: 'ui://x' }, 'com.example/a.b-c_d': 1, 'com.example/': 2 };
    expect(
      faultsOf({
        resources: [
          ['x.ts', module(defineResource({ ...resource, uri: 'test://x', icons, _meta }))],
        ],
      }),
    ).toBe('');
  });

  it('give arguments of prompts a title where their schema has one', () => {
    const titled = {
      ...greet,
      arguments: z.object({ name: z.string().meta({ title: 'Name', description: 'Whom' }) }),
    };
    expect(
      manifestOf({ ...none, prompts: [['x.ts', module({ ...titled, complete: {} })]] }).catalogue
        .prompts[0]?.arguments,
    ).toEqual([{ name: 'name', title: 'Name', description: 'Whom', required: true }]);
  });

  it('say whose they are, or are Gatehouse’s', () => {
    const own = defineServer({ name: 'orders', title: 'Orders', version: '2.1.0' });
    expect(manifestOf({ ...none, server: module(own) }).catalogue.server).toEqual({
      name: 'orders',
      title: 'Orders',
      version: '2.1.0',
    });
    expect(manifestOf(none).catalogue.server.name).toBe('gatehouse');
    expect(faultsOf({ server: module({ name: 'orders' }) })).toBe(
      'server.ts: its default export is not made by defineServer',
    );
    expect(
      faultsOf({
        server: module({
          ...own,
          title: ' ',
          websiteUrl: 'http://example.com',
          icons: [{ src: 'ftp://x' }],
        }),
      }).split('\n'),
    ).toEqual([
      'server.ts: the title is empty',
      'server.ts: its websiteUrl is not an https URL',
      expect.stringContaining('server.ts: the icon "ftp://x"'),
    ]);
  });

  it('are all told at once', () => {
    expect(
      faultsOf({
        tools: [
          ['a.ts', {}],
          ['b.ts', module(defineTool({ ...tool, name: '' }))],
        ],
        prompts: [['c.ts', {}]],
      }).split('\n'),
    ).toHaveLength(3);
  });
});

it('the server names the version that package.json has', () => {
  expect(server.version).toBe(packageJson.version);
});

describe('types', () => {
  it('hold a handler to its schemas', () => {
    // @ts-expect-error: the output wants a number
    defineTool({ ...tool, output: z.object({ n: z.number() }), handler: () => ({ n: 'one' }) });
    // @ts-expect-error: the input has no such argument
    defineTool({ ...tool, input: z.object({ a: z.string() }), handler: ({ b }) => String(b) });
    // @ts-expect-error: not a scope of the policy
    defineTool({ ...tool, scopes: ['everything'] });
    // @ts-expect-error: the template has no such variable
    defineResourceTemplate({ ...resource, uriTemplate: 'test://{a}', read: ({ b }) => b });
    definePrompt({
      name: 'p',
      title: 'P',
      description: 'p',
      // @ts-expect-error: arguments of prompts are strings
      arguments: z.object({ n: z.number() }),
      scopes: [],
      handler: () => 'p',
    });
    expect(true).toBe(true);
  });
});
