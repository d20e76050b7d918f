import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { definitionsIn } from '../../../lib/bundle/definitions.ts';
import { readManifest } from '../../../lib/bundle/manifest.ts';
import type { ImportEnvironment } from '../../../lib/bundle/manifest-process.ts';

const root = join(import.meta.dirname, '../../..');
const authoring = JSON.stringify(join(root, 'lambdas/mcp/authoring/index.ts'));

const folders: string[] = [];
afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

/** A folder of definitions with these files, in which the dependencies are installed. */
const definitions = (files: Readonly<Record<string, string>>): string => {
  const folder = mkdtempSync(join(tmpdir(), 'gatehouse-author-'));
  folders.push(folder);
  symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'));
  for (const [path, source] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), source);
  }
  return folder;
};

/** The source of a good tool, in JavaScript; `members` come last. */
const tool = (members = '', before = ''): string =>
  [
    `import { defineTool } from ${authoring};`,
    `import * as z from 'zod';`,
    before,
    'export default defineTool({',
    `  name: 'echo', title: 'Echo', description: 'Says it back.', input: z.object({ text: z.string() }),`,
    `  scopes: [], annotations: {}, handler: () => 'done', ${members}`,
    '});',
  ].join('\n');

const manifestOf = (folder: string, environment: ImportEnvironment = { variables: {} }) =>
  readManifest(folder, definitionsIn(folder), {}, environment).manifest;

const build = (files: Readonly<Record<string, string>>, environment?: ImportEnvironment) =>
  manifestOf(definitions(files), environment);

/** What the build says to the author, without the folder's own name. */
const saidOf = (files: Readonly<Record<string, string>>, environment?: ImportEnvironment) => {
  try {
    build(files, environment);
    return 'nothing';
  } catch (error) {
    return error instanceof Error ? error.message : 'no error';
  }
};

const cannot = 'The definitions cannot be served:\n';
const write = 'write z.object({ … }) with zod 4';
const inside =
  'The build imports every definition: what needs AWS, a network or a file of this computer belongs inside the handler.';

describe('the build serves', () => {
  test.each([
    ['what prints at import', `console.log('dotenv injected 3 variables'); console.error('hm');`],
    ['what starts a timer at import', 'setInterval(() => {}, 1000);'],
    [
      'what listens at import',
      `import { createServer } from 'node:net'; createServer().listen(0, '127.0.0.1');`,
    ],
    [
      'what reads the variables of Lambda at import',
      `if (!process.env.AWS_REGION || !process.env.LAMBDA_TASK_ROOT) throw Error('no Lambda');`,
    ],
  ])('%s', (_what, before) => {
    expect(build({ 'tools/echo.js': tool('', before) }).requiredScopes).toMatchObject({
      tools: { echo: [] },
    });
  });

  test.each(['.ts', '.mts', '.js', '.mjs'])('an ES module that ends in %s', (ending) => {
    const made = build({ [`tools/echo${ending}`]: tool() });
    expect(made.requiredScopes).toMatchObject({ tools: { echo: [] } });
  });

  test.each([
    ['a record', 'z.record(z.string(), z.number())'],
    ['a read-only object', 'z.object({ sum: z.number() }).readonly()'],
    ['an intersection', 'z.intersection(z.object({ a: z.string() }), z.object({ b: z.string() }))'],
    [
      'a discriminated union',
      `z.discriminatedUnion('kind', [z.object({ kind: z.literal('a') }), z.object({ kind: z.literal('b') })])`,
    ],
  ])('%s, as arguments and as a result', (_what, schema) => {
    const made = build({ 'tools/echo.js': tool(`input: ${schema}, output: ${schema}`) });
    expect(made.catalogue).toMatchObject({
      tools: [{ inputSchema: { type: 'object' }, outputSchema: { type: 'object' } }],
    });
  });

  test('texts and shared code beside the tools, and declarations of compiled ones', () => {
    const made = build({
      'shared.js': `export const name = 'shared';`,
      'tools/echo.js': tool('title: name', `import { name } from '../shared.js';`),
      'tools/echo.d.ts': 'export {};',
      'tools/texts/help.md': 'Help.',
    });
    expect(made.catalogue).toMatchObject({ tools: [{ title: 'shared' }] });
  });

  test('what reads the team’s own variables and its assets at import', () => {
    const assets = definitions({ 'rates.json': '{"title":"Rates"}' });
    const before = [
      `import { readFileSync } from 'node:fs';`,
      `const rates = JSON.parse(readFileSync(new URL('./assets/rates.json', import.meta.url)));`,
      `const url = new URL(process.env.STOCK_URL);`,
    ].join('\n');
    const made = build(
      { 'tools/echo.js': tool('title: rates.title + url.host', before) },
      { variables: { STOCK_URL: 'https://stock.example' }, assets },
    );
    expect(made.catalogue).toMatchObject({ tools: [{ title: 'Ratesstock.example' }] });
  });
});

describe('the build says file, reason and fix of', () => {
  test.each([
    [
      'a variable that is missing at import',
      { 'tools/echo.js': tool('', `const hosts = process.env.STOCK_HOSTS.split(',');`) },
      `tools/echo.js: cannot be imported: Cannot read properties of undefined (reading 'split') (tools/echo.js:3). It reads STOCK_HOSTS, which the build does not know: set it in the property tools.environment, or read it inside the handler.`,
    ],
    [
      'a variable that a schema misses',
      {
        'tools/echo.js': tool('', `z.object({ STOCK_HOST: z.string() }).parse(process.env);`),
      },
      'It reads STOCK_HOST, which the build does not know: set it in the property tools.environment',
    ],
    [
      'an error at import',
      { 'tools/echo.js': tool('', `\nthrow new Error('There is no network.');`) },
      `tools/echo.js: cannot be imported: There is no network (tools/echo.js:4). ${inside}`,
    ],
    [
      'a promise that is rejected at import',
      {
        'tools/echo.js': tool(
          '',
          `Promise.reject(new Error('lost'));\nawait new Promise(() => {});`,
        ),
      },
      `tools/echo.js: cannot be imported: lost (tools/echo.js:3). ${inside}`,
    ],
    [
      'an await that nothing resumes',
      { 'tools/echo.js': tool('', 'await new Promise(() => {});') },
      'tools/echo.js: its import does not end (nothing resumes its await): wait for things inside the handler.',
    ],
    [
      'an end of the process',
      { 'tools/echo.js': tool('', 'process.exit(0);') },
      'tools/echo.js: its import ends the process (exit code 0): throw inside the handler instead.',
    ],
    [
      'a JSON Schema',
      { 'tools/echo.js': tool(`input: { type: 'object', properties: {} }`) },
      `tools/echo.js: its input is no schema of zod, but perhaps a JSON Schema: ${write}`,
    ],
    [
      'a schema of zod 3',
      { 'tools/echo.js': tool('input: three.object({})', `import * as three from 'zod/v3';`) },
      `tools/echo.js: its input is a schema of zod 3: ${write}`,
    ],
    [
      'a bare shape of zod 3',
      {
        'tools/echo.js': tool('input: { who: three.string() }', `import * as three from 'zod/v3';`),
      },
      `tools/echo.js: its input is a bare shape of zod 3: ${write}`,
    ],
    [
      'a bare shape',
      { 'tools/echo.js': tool('output: { who: z.string() }') },
      `tools/echo.js: its output is a bare shape of zod 4: ${write}`,
    ],
    [
      'a result that is no object',
      { 'tools/echo.js': tool('output: z.array(z.string())') },
      'tools/echo.js: its output must be an object, or a union of objects: clients take nothing else',
    ],
    [
      'a test among the tools',
      { 'tools/echo.js': tool(), 'tools/echo.test.ts': `test('x', () => {});` },
      'tools/echo.test.ts: is a test, and would be served: move it out of tools/, as to test/',
    ],
    [
      'a folder among the tools',
      { 'tools/echo.js': tool(), 'tools/stock/list.ts': tool() },
      'tools/stock/list.ts: is in a folder that the build does not read: move a definition into tools/ itself, and shared code out of it',
    ],
    [
      'a module that is no ES module',
      { 'tools/echo.cjs': 'module.exports = {};' },
      'tools/echo.cjs: is not read by the build: write an ES module that ends in .ts or .mjs',
    ],
    [
      'shared code among the tools',
      { 'tools/shared.js': `export const name = 'shared';` },
      'tools/shared.js: its default export is not made by defineTool (shared code belongs outside of tools/)',
    ],
    [
      'a missing title',
      { 'tools/echo.js': tool('title: undefined') },
      `tools/echo.js: the title is missing: title: 'List orders'`,
    ],
    [
      'missing scopes and annotations',
      { 'tools/echo.js': tool('scopes: undefined, annotations: undefined') },
      'tools/echo.js: scopes is missing: scopes: [] asks for none beside the base scope\ntools/echo.js: annotations is missing: annotations: {} says nothing',
    ],
    [
      'a missing handler',
      { 'tools/echo.js': tool('handler: undefined') },
      'tools/echo.js: cannot be imported: handler is missing (tools/echo.js:4).',
    ],
  ])('%s', (_what, files, said) => {
    expect(saidOf(files)).toContain(said);
  });

  test('several files at once, with what they printed', () => {
    expect(
      saidOf({
        'tools/a.js': tool('', `console.log('a prints'); throw new Error('a');`),
        'tools/b.js': tool('title: 7'),
      }),
    ).toBe(
      `${cannot}tools/a.js: cannot be imported: a (tools/a.js:3). ${inside}\ntools/b.js: the title is not a string: title: 'List orders'\nWhat they printed:\na prints`,
    );
  });
});

describe('zod', () => {
  /** An app with a zod of its own, which says that it has this version. */
  const appWith = (version: string): string => {
    const folder = definitions({ 'tools/echo.js': tool() });
    rmSync(join(folder, 'node_modules'));
    mkdirSync(join(folder, 'node_modules'));
    const own = join(folder, 'node_modules', 'zod');
    mkdirSync(own);
    const manifest = JSON.parse(readFileSync(join(root, 'node_modules/zod/package.json'), 'utf8'));
    writeFileSync(
      join(own, 'package.json'),
      JSON.stringify({ name: 'zod', version, type: 'module', exports: { '.': './index.js' } }),
    );
    const original = join(root, 'node_modules/zod', manifest.exports['.'].import);
    writeFileSync(join(own, 'index.js'), `export * from ${JSON.stringify(original)};`);
    return folder;
  };
  const { version: ownVersion } = JSON.parse(
    readFileSync(join(root, 'node_modules/zod/package.json'), 'utf8'),
  );

  test('of another version is refused, and both are named', () => {
    const folder = appWith('4.1.8');
    expect(() => manifestOf(folder)).toThrow(
      `tools/echo.js: imports zod 4.1.8 (${join(folder, 'node_modules/zod')}), but Gatehouse has zod ${ownVersion} (`,
    );
    expect(() => manifestOf(folder)).toThrow(`npm install zod@${ownVersion}`);
  });

  test('of the same version is taken', () => {
    expect(manifestOf(appWith(ownVersion)).requiredScopes).toMatchObject({
      tools: { echo: [] },
    });
  });
});
