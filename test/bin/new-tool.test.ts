import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { newTool } from '../../bin/new-tool.ts';

const root = join(import.meta.dirname, '..', '..');
const command = join(root, 'bin', 'command.cjs');

const folders: string[] = [];
afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true });
});

/** An app with these files, and a folder `mcp`. */
const app = (files: Readonly<Record<string, unknown>> = {}): string => {
  const folder = mkdtempSync(join(tmpdir(), 'gatehouse-app-'));
  folders.push(folder);
  mkdirSync(join(folder, 'mcp'));
  for (const [name, content] of Object.entries(files))
    writeFileSync(join(folder, name), JSON.stringify(content));
  return folder;
};

const read = (folder: string, path: string) => readFileSync(join(folder, path), 'utf8');

/**
 * This repository as somebody has cloned it: sources and dependencies are shared, the folders that
 * the command writes into are its own.
 */
const clone = (): string => {
  const folder = app();
  for (const shared of ['node_modules', 'policy', 'bin', 'lib', 'local', 'package.json'])
    symlinkSync(join(root, shared), join(folder, shared));
  mkdirSync(join(folder, 'lambdas', 'mcp', 'default-server'), { recursive: true });
  for (const room of ['authoring', 'testing'])
    symlinkSync(join(root, 'lambdas', 'mcp', room), join(folder, 'lambdas', 'mcp', room));
  return folder;
};

describe('npx gatehouse new-tool', () => {
  it('writes a tool below the entry and its test, which import from the package', () => {
    const folder = app({ 'tsconfig.json': {} });
    const printed = newTool('list_orders', {}, folder).text;
    expect(printed).toMatch(
      /^wrote mcp\/tools\/list-orders\.ts\nwrote test\/mcp\/tools\/list-orders\.test\.ts\n/,
    );
    expect(printed).toContain('  node --test test/mcp/tools/list-orders.test.ts\n');
    const tool = read(folder, 'mcp/tools/list-orders.ts');
    expect(tool).toMatch(
      /^import \{ defineTool \} from 'gatehouse\/definitions';\nimport \* as z from 'zod\/mini';\n/,
    );
    expect(tool).toContain("name: 'list_orders',\n  title: 'List orders',");
    expect(read(folder, 'test/mcp/tools/list-orders.test.ts')).toMatch(
      /^import assert from 'node:assert\/strict';\nimport \{ test \} from 'node:test';\nimport \{ connect \} from 'gatehouse\/testing';\nimport tool from '\.\.\/\.\.\/\.\.\/mcp\/tools\/list-orders\.ts';\n/,
    );
  });

  it('writes JavaScript where the app has no tsconfig.json', () => {
    expect(newTool('list_orders', {}, app()).text).toMatch(
      /^wrote mcp\/tools\/list-orders\.mjs\nwrote test\/mcp\/tools\/list-orders\.test\.mjs\n/,
    );
  });

  it.each([
    ['vitest', "import { test } from 'vitest';", 'npx vitest run test/mcp'],
    ['jest', undefined, 'NODE_OPTIONS=--experimental-vm-modules npx jest test/mcp'],
  ])('writes the test for %s where the app has it', (runner, line, run) => {
    const folder = app({ 'package.json': { devDependencies: { [runner]: '1.0.0' } } });
    expect(newTool('list_orders', {}, folder).text).toContain(run);
    const runners = /import \{ test \} from .*/.exec(
      read(folder, 'test/mcp/tools/list-orders.test.mjs'),
    );
    expect(runners?.[0]).toBe(line);
  });

  it.each([
    ['as `cdk init` sets it up', { devDependencies: { jest: '1' } }, 'list-orders', '  npx jest'],
    [
      'in an app of ES modules',
      { type: 'module', devDependencies: { jest: '1' } },
      'list-orders.ts',
      '  NODE_OPTIONS=--experimental-vm-modules npx jest',
    ],
    [
      'for vitest',
      { type: 'module', devDependencies: { vitest: '1' } },
      'list-orders.js',
      '  npx vitest run',
    ],
  ])('imports the tool as TypeScript takes it %s', (_, manifest, imported, run) => {
    const folder = app({ 'tsconfig.json': {}, 'package.json': manifest });
    const path = 'test/mcp/tools/list-orders.test.ts';
    expect(newTool('list_orders', {}, folder).text).toContain(`${run} ${path}\n`);
    expect(read(folder, path)).toContain(`import tool from '../../../mcp/tools/${imported}';\n`);
  });

  it('takes another entry', () => {
    const folder = app({ 'tsconfig.json': {} });
    mkdirSync(join(folder, 'lib', 'server'), { recursive: true });
    expect(newTool('stock', { entry: 'lib/server' }, folder).text).toMatch(
      /^wrote lib\/server\/tools\/stock\.ts\nwrote test\/lib\/server\/tools\/stock\.test\.ts\n/,
    );
  });

  it('overwrites nothing, and writes no half', () => {
    const folder = app();
    newTool('list_orders', {}, folder);
    rmSync(join(folder, 'mcp', 'tools', 'list-orders.mjs'));
    expect(() => newTool('list_orders', {}, folder)).toThrow(
      'test/mcp/tools/list-orders.test.mjs exists already.',
    );
    expect(() => read(folder, 'mcp/tools/list-orders.mjs')).toThrow('ENOENT');
  });

  it('refuses a folder that is not there', () => {
    expect(() => newTool('stock', { entry: 'nowhere' }, app())).toThrow(
      "There is no folder nowhere here: name the construct's entry with --entry, or make it first.",
    );
  });

  it.each(['', 'Throw', 'throw-away', '../escape', '1st', 'a__b', 'x'.repeat(65)])(
    'refuses the name %j',
    (name) => {
      expect(() => newTool(name, {}, app())).toThrow(`"${name}" is not a tool name:`);
    },
  );

  it('in this repository writes below the default server, with a test that passes', () => {
    const folder = clone();
    const printed = newTool('list_orders', {}, folder).text;
    expect(printed).toMatch(/^wrote lambdas\/mcp\/default-server\/tools\/list-orders\.ts\n/);
    const test = 'test/lambdas/mcp/default-server/tools/list-orders.test.ts';
    expect(printed).toContain(`npm run test:unit -- ${test}`);
    // Its only global is \`test\`.
    writeFileSync(
      join(folder, 'run.mjs'),
      `import { test } from 'node:test'; globalThis.test = test; await import('./${test}');`,
    );
    const { status, stdout } = spawnSync(process.execPath, ['--test', 'run.mjs'], {
      cwd: folder,
      encoding: 'utf8',
    });
    expect([status, stdout]).toEqual([0, expect.stringMatching(/pass 2\n/)]);
  });
});

describe('the command of the package', () => {
  const run = (...argv: readonly string[]) =>
    spawnSync(process.execPath, [command, ...argv], { encoding: 'utf8' });

  it('says what it can do, and of anything else that it cannot', () => {
    expect(run('--help')).toMatchObject({
      status: 0,
      stdout: expect.stringMatching(/^Usage: gatehouse[\s\S]*\n {2}start /),
    });
    expect(run()).toMatchObject({
      status: 1,
      stderr: expect.stringMatching(/^Usage: gatehouse/),
    });
    expect(run('begin')).toMatchObject({
      status: 1,
      stderr: expect.stringMatching(/^error: unknown command 'begin'/),
    });
    expect(run('new-tool', 'A')).toMatchObject({
      status: 1,
      stderr: expect.stringMatching(/^"A" is not a tool name: take lower-case letters.*\n$/),
    });
  });
});
