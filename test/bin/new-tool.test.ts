import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const root = join(import.meta.dirname, '..', '..');
const script = join(root, 'bin', 'new-tool.ts');

// A folder of its own: a file that comes and goes in the real one would meet the builds of other
// tests.
const copy = mkdtempSync(join(tmpdir(), 'new-tool-'));
const toolsFolder = join(copy, 'lambdas', 'mcp', 'default-server', 'tools');
const testsFolder = join(copy, 'test', 'lambdas', 'mcp', 'default-server', 'tools');

const run = (...given: string[]) =>
  spawnSync(process.execPath, [script, ...given], { encoding: 'utf8', cwd: copy });

describe('npm run new:tool', () => {
  beforeAll(() => {
    mkdirSync(toolsFolder, { recursive: true });
    mkdirSync(testsFolder, { recursive: true });
    symlinkSync(join(root, 'node_modules'), join(copy, 'node_modules'));
    symlinkSync(
      join(root, 'lambdas', 'mcp', 'authoring'),
      join(copy, 'lambdas', 'mcp', 'authoring'),
    );
  });
  afterAll(() => rmSync(copy, { recursive: true }));

  it('writes a tool that can be called, and its test', () => {
    const { status, stdout } = run('list_orders');
    expect(status).toBe(0);
    expect(stdout).toContain('wrote lambdas/mcp/default-server/tools/list-orders.ts');
    expect(stdout).toContain('wrote test/lambdas/mcp/default-server/tools/list-orders.test.ts');
    const called = execFileSync(
      process.execPath,
      [
        '--input-type=module',
        '-e',
        `const { default: tool } = await import(${JSON.stringify(join(toolsFolder, 'list-orders.ts'))});
         const { structuredContent } = await tool.call({ who: 'Ada' }, { caller: { username: 'dev' } });
         console.log(JSON.stringify([tool.kind, tool.name, tool.title, structuredContent]));`,
      ],
      { encoding: 'utf8' },
    );
    expect(JSON.parse(called)).toEqual([
      'tool',
      'list_orders',
      'List orders',
      { greeting: 'Hello Ada, says dev.' },
    ]);
    expect(readFileSync(join(testsFolder, 'list-orders.test.ts'), 'utf8')).toContain(
      "describe('list_orders'",
    );
  });

  it('overwrites nothing', () => {
    expect(run('list_orders')).toMatchObject({
      status: 1,
      stderr: 'lambdas/mcp/default-server/tools/list-orders.ts exists already.\n',
    });
  });

  it.each(['', 'Throw', 'throw-away', '../escape', '1st', 'a__b', 'x'.repeat(65)])(
    'refuses the name "%s"',
    (name) => {
      const { status, stderr } = run(name);
      expect(status).toBe(1);
      expect(stderr).toContain('is not a tool name');
    },
  );

  it('explains itself', () => {
    expect(run('--help')).toMatchObject({
      status: 0,
      stdout: expect.stringContaining('npm run new:tool -- <name>'),
    });
    expect(run()).toMatchObject({ status: 1 });
    expect(run('a', 'b')).toMatchObject({ status: 1 });
  });
});
