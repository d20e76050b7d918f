import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { newToolInApp } from '../../bin/new-tool-in-app.ts';

const app = mkdtempSync(join(tmpdir(), 'gatehouse-app-'));
beforeAll(() => {
  mkdirSync(join(app, 'mcp'));
  mkdirSync(join(app, 'lib', 'server'), { recursive: true });
});
afterAll(() => rmSync(app, { recursive: true }));

describe('npx gatehouse new-tool', () => {
  it('writes a tool below the entry, which imports from the package', () => {
    expect(newToolInApp(['list_orders'], app)).toMatch(/^wrote mcp\/tools\/list-orders\.ts\n/);
    const source = readFileSync(join(app, 'mcp', 'tools', 'list-orders.ts'), 'utf8');
    expect(source).toMatch(
      /^import \{ defineTool \} from 'gatehouse\/definitions';\nimport \* as z from 'zod\/mini';\n/,
    );
    expect(source).toContain("name: 'list_orders',\n  title: 'List orders',");
  });

  it('takes another entry', () => {
    expect(newToolInApp(['stock', '--entry', 'lib/server'], app)).toMatch(
      /^wrote lib\/server\/tools\/stock\.ts\n/,
    );
  });

  it.each([
    [['list_orders'], 'mcp/tools/list-orders.ts exists already.'],
    [
      ['stock', '--entry', 'nowhere'],
      "There is no folder nowhere here: name the construct's entry with --entry, or make it first.",
    ],
    [['../escape'], '"../escape" is not a tool name.'],
    [['List'], '"List" is not a tool name.'],
    [[], /^One name, please\.\n\nnpx gatehouse new-tool <name>/],
    [['a', 'b'], /^One name, please\./],
    [['a', '--stack', 'x'], /^Unknown option '--stack'/],
  ])('refuses %j', (argv, message) => {
    expect(() => newToolInApp(argv, app)).toThrow(message);
  });

  it('explains itself', () => {
    expect(newToolInApp(['--help'], app)).toMatch(/--entry <folder>/);
  });
});

describe('the command of the package', () => {
  const run = (...argv: readonly string[]) =>
    spawnSync(
      process.execPath,
      [join(import.meta.dirname, '..', '..', 'bin', 'command.ts'), ...argv],
      { encoding: 'utf8' },
    );

  it('says what it can do, and of anything else that it cannot', () => {
    expect(run('--help')).toMatchObject({
      status: 0,
      stdout: expect.stringContaining('npx gatehouse start'),
    });
    expect(run()).toMatchObject({
      status: 1,
      stderr: expect.stringMatching(/^For a CDK app with a Gatehouse in it/),
    });
    expect(run('begin')).toMatchObject({
      status: 1,
      stderr: expect.stringMatching(/^There is no command begin\.\n\n/),
    });
    expect(run('new-tool', 'A')).toMatchObject({
      status: 1,
      stderr: expect.stringMatching(/^"A" is not a tool name\.\n\n/),
    });
  });
});
