import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { showChanges } from '../../../local/reload/show-changes.ts';
import { needNewStart } from '../../../local/reload/template-changes.ts';
import { watchFolders } from '../../../local/reload/watch.ts';
import { loadApp } from '../../../local/template/app.ts';
import { aGatehouse, aStack, aTable } from '../template/an-app.ts';

const folder = mkdtempSync(join(tmpdir(), 'gatehouse-watched-'));
const watching: { stop(): Promise<void> }[] = [];
afterAll(async () => {
  await Promise.all(watching.map((each) => each.stop()));
  rmSync(folder, { recursive: true, force: true });
});

describe('watching', () => {
  it('tells of a change, and of what comes meanwhile afterwards', async () => {
    const tools = join(folder, 'tools');
    mkdirSync(tools);
    const told: (readonly string[])[] = [];
    const second = Promise.withResolvers<void>();
    watching.push(
      watchFolders(
        () => [folder, tools],
        async (paths) => {
          told.push(paths);
          if (told.length === 1) writeFileSync(join(tools, 'b.ts'), 'new');
          if (paths.includes(join(tools, 'b.ts'))) second.resolve();
        },
      ),
    );
    writeFileSync(join(tools, 'a.ts'), 'one');
    writeFileSync(join(tools, '.a.ts.swp'), 'an editor’s');
    await second.promise;
    expect(told[0]).toEqual([join(tools, 'a.ts')]);
    expect([...new Set(told.flat())]).toEqual([join(tools, 'a.ts'), join(tools, 'b.ts')]);
  });
});

describe('what needs a new start', () => {
  const stacksOf = (resources: Parameters<typeof aStack>[1]) => {
    const { stack } = loadApp([
      aStack('Orders', { ...aGatehouse('Mcp'), ...resources }, { gatehouses: ['Mcp'] }),
    ]);
    return [stack];
  };

  it('is a resource that is new, gone or other, but not a function', () => {
    const code = (S3Key: string) => ({
      Code: {
        Type: 'AWS::Lambda::Function',
        at: 'Mcp/Function/Resource',
        Properties: { Code: { S3Key } },
      },
    });
    const one = stacksOf({ ...code('one'), Stock: aTable('Mcp/Stock', 'stock') });
    expect(
      needNewStart(one, stacksOf({ ...code('two'), Stock: aTable('Mcp/Stock', 'stock') })),
    ).toEqual([]);
    expect(
      needNewStart(one, stacksOf({ ...code('one'), Stock: aTable('Mcp/Stock', 'other') })),
    ).toEqual(['Stock (AWS::DynamoDB::Table)']);
    expect(needNewStart(one, stacksOf(code('one')))).toEqual(['Stock (AWS::DynamoDB::Table)']);
  });
});

describe('what is printed', () => {
  const printed = async (reload: Parameters<typeof showChanges>[0]['reload']) => {
    const own = mkdtempSync(join(folder, 'own-'));
    const { promise, resolve } = Promise.withResolvers<string>();
    watching.push(showChanges({ reload, sources: () => [own] }, own, resolve));
    writeFileSync(join(own, 'echo.ts'), 'changed');
    return promise;
  };

  it('says what was reloaded, and what needs a new start', async () => {
    expect(
      await printed(async () => ({
        functions: ['authorizer', 'mcp'],
        notShown: ['Stock (AWS::DynamoDB::Table)'],
      })),
    ).toBe(
      'Changed: echo.ts. Reloaded: authorizer, mcp. Logins and tables stay. Shown by the next start alone: Stock (AWS::DynamoDB::Table).',
    );
  });

  it('says why the build refused', async () => {
    expect(
      await printed(() => Promise.reject(new Error('tools/echo.ts: the title is empty'))),
    ).toMatch(
      /^Changed: echo\.ts\. It is not shown, and what ran before still runs:\n[\s\S]*the title is empty/,
    );
  });
});
