import { mkdirSync, mkdtempSync, rmSync, symlinkSync, unlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Gatehouse } from '../../local/gatehouse.ts';
import { startGatehouse } from '../../local/runtime.ts';
import { logIn } from './clients/call-as-person.ts';

const root = join(import.meta.dirname, '..', '..');
const source = (path: string) => JSON.stringify(join(root, path));

const app = mkdtempSync(join(tmpdir(), 'gatehouse-reloaded-'));
const write = (path: string, text: string) => writeFileSync(join(app, path), text);

const tool = (name: string, answer: string, members = '') => `
import { defineTool } from ${source('lambdas/mcp/authoring/index.ts')};
import * as z from 'zod';
import { suffix } from '../shared.ts';
export default defineTool({
  name: '${name}', title: 'A tool', description: 'Answers.', input: z.object({}),
  scopes: [], annotations: {}, handler: () => '${answer}' + suffix, ${members}
});`;

const closing: (() => Promise<void>)[] = [];
let gatehouse: Gatehouse;
beforeAll(async () => {
  symlinkSync(join(root, 'node_modules'), join(app, 'node_modules'));
  mkdirSync(join(app, 'mcp', 'tools'), { recursive: true });
  write('package.json', '{ "type": "module" }');
  write('cdk.json', '{ "app": "node app.ts" }');
  write(
    'app.ts',
    `import { App, Stack } from 'aws-cdk-lib/core';
     import { Gatehouse } from ${source('lib/index.ts')};
     new Gatehouse(new Stack(new App(), 'Reloaded'), 'Mcp', { entry: ${JSON.stringify(join(app, 'mcp'))} });`,
  );
  write('mcp/shared.ts', `export const suffix: string = '!';`);
  write('mcp/tools/first.ts', tool('first', 'one'));
  gatehouse = await startGatehouse({ app: { folder: app, context: {} } });
});
afterAll(async () => {
  for (const close of closing) await close();
  await gatehouse?.stop();
  rmSync(app, { recursive: true, force: true });
});

describe('a change while the local runtime runs', () => {
  it('is served after a reload, to whoever is logged in, and a build that refuses changes nothing', async () => {
    const [person] = gatehouse.users;
    if (person === undefined) throw new Error('There is no user.');
    const { client, close } = await logIn(gatehouse.mcpUrl, person);
    closing.push(close);
    const call = (name: string) => client.callTool({ name, arguments: {} });
    const text = (text: string) => ({ content: [{ text }] });
    expect(gatehouse.sources()).toEqual(
      expect.arrayContaining([join(app, 'mcp'), join(app, 'mcp', 'tools')]),
    );
    expect(await call('first')).toMatchObject(text('one!'));

    write('mcp/tools/first.ts', tool('first', 'two'));
    write('mcp/tools/second.ts', tool('second', 'here', `scopes: ['gatehouse/tools.call']`));
    expect(await gatehouse.reload()).toEqual({ functions: ['authorizer', 'mcp'], notShown: [] });
    expect(await call('first')).toMatchObject(text('two!'));
    expect(await client.listTools()).toMatchObject({
      tools: [{ name: 'first' }, { name: 'second' }],
    });

    write('mcp/shared.ts', `export const suffix: string = '?';`);
    expect(await gatehouse.reload()).toEqual({ functions: ['mcp'], notShown: [] });
    expect(await call('first')).toMatchObject(text('two?'));

    write('mcp/tools/second.ts', tool('second', 'here', `title: ''`));
    await expect(gatehouse.reload()).rejects.toThrow('tools/second.ts: the title is empty');
    expect(await call('first')).toMatchObject(text('two?'));

    unlinkSync(join(app, 'mcp', 'tools', 'second.ts'));
    await gatehouse.reload();
    await expect(call('second')).rejects.toThrow('Unknown tool');
  });
});
