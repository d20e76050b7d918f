import { spawn } from 'node:child_process';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { jest } from '@jest/globals';
import { readArguments } from '../../local/arguments.ts';
import { describeFailure } from '../../local/failure.ts';
import { reasonIn } from '../../local/synthesis/run-app.ts';
import { welcome } from '../../local/welcome.ts';

jest.setTimeout(120_000);

const program = join(import.meta.dirname, '..', '..', 'local', 'start.ts');

/** Runs `npm start`'s program until a line appears (then interrupts it) or until it ends. */
const run = (
  args: readonly string[],
  environment: Record<string, string> = {},
  until?: RegExp,
): Promise<{ code: number | null; stdout: string; stderr: string; endedIn: number }> =>
  new Promise((resolve) => {
    const child = spawn(process.execPath, [program, ...args], { env: { PATH: process.env['PATH'] ?? '', ...environment } });
    let stdout = '';
    let stderr = '';
    let interruptedAt = Date.now();
    child.stdout.on('data', (data: Buffer) => {
      stdout += data.toString();
      if (!until?.test(stdout)) return;
      interruptedAt = Date.now();
      child.kill('SIGINT');
    });
    child.stderr.on('data', (data: Buffer) => {
      stderr += data.toString();
    });
    child.on('close', (code) => resolve({ code, stdout, stderr, endedIn: Date.now() - interruptedAt }));
  });

describe('npm start', () => {
  it('prints the ready line, how to connect and the login, and Ctrl-C ends it at once', async () => {
    const { code, stdout, endedIn } = await run(['--port', '0'], { GATEHOUSE_DEV_PASSWORD: 'From-the-environment-1' }, /Ctrl-C stops/);
    expect(code).toBe(0);
    expect(endedIn).toBeLessThan(3000);
    expect(stdout).toMatch(/^Gatehouse is ready: http:\/\/localhost:\d+\/mcp\n/);
    for (const part of [
      'claude mcp add --transport http',
      'MCP Inspector',
      'curl',
      'dev@example.com',
      'From-the-environment-1',
      "can't prove",
    ])
      expect(stdout).toContain(part);
  });

  it('prints one line of JSON for programs', async () => {
    const { stdout, stderr } = await run(['--port', '0', '--json', '--quiet', '--url-mode', 'stage'], {}, /\n/);
    expect(stderr).toBe('');
    expect(JSON.parse(stdout)).toMatchObject({
      ready: true,
      mcpUrl: expect.stringMatching(/^http:\/\/localhost:\d+\/local\/mcp$/),
      users: [{ email: 'dev@example.com' }],
    });
  });

  it('says in one line that the port is taken, with exit code 1', async () => {
    const blocker = createServer();
    await new Promise<void>((resolve) => blocker.listen(0, '127.0.0.1', resolve));
    const address = blocker.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;
    const { code, stdout, stderr } = await run([], { PORT: String(port) });
    blocker.close();
    expect([code, stdout, stderr]).toEqual([1, '', `Port ${port} is taken: stop what uses it, or choose another with PORT=… or --port.\n`]);
  });

  it.each([
    [['--port', 'http'], {}, '--port is "http": take a number from 0 to 65535.\n'],
    [[], { PORT: '70000' }, 'PORT is "70000": take a number from 0 to 65535.\n'],
    [['--url-mode', 'ftp'], {}, '--url-mode is ftp: take domain, stage or cloudfront.\n'],
    [['--verbose'], {}, expect.stringContaining("Unknown option '--verbose'")],
  ])('refuses %j %j', async (args, environment, message) => {
    const { code, stderr } = await run(args, environment);
    expect([code, stderr]).toEqual([1, message]);
  });

  it('explains itself', async () => {
    const { code, stdout } = await run(['--help']);
    expect([code, stdout]).toEqual([0, expect.stringContaining('--url-mode domain|stage|cloudfront')]);
  });
});

describe('what it says', () => {
  it('takes its port from --port, else PORT, else 3000', () => {
    expect([readArguments(['--port', '1'], { PORT: '2' }).port, readArguments([], { PORT: '2' }).port, readArguments([], {}).port]).toEqual(
      [1, 2, 3000],
    );
  });

  it.each([
    ['domain', /^URL mode domain: as behind a custom domain/m],
    ['stage', /^URL mode stage: A note\.$/m],
    [
      'cloudfront',
      /^URL mode cloudfront: the distribution stands in front.*\n.*curl -i -H 'Host: a1\.example' http:\/\/localhost:3000\/local\/health/m,
    ],
  ] as const)('starts with the one line that programs wait for, and tells what the URL mode %s is', (urlMode, told) => {
    const gatehouse = {
      mcpUrl: 'http://localhost:3000/mcp',
      publicUrl: 'http://localhost:3000',
      origin: 'http://localhost:3000',
      users: [{ email: 'dev@example.com', password: 'x' }],
      managedGroups: ['A'],
      urlMode,
      stage: { host: 'a1.example', path: '/local' },
      stack: { outputs: { Note: 'A note.' } },
    };
    expect(welcome(gatehouse).split('\n')[0]).toBe('Gatehouse is ready: http://localhost:3000/mcp');
    expect(welcome(gatehouse)).toMatch(told);
  });

  it('names a full disk and other troubles of the computer plainly', () => {
    expect(describeFailure(Object.assign(new Error('ENOSPC: no space left'), { code: 'ENOSPC' }))).toMatch(/^No space left on the disk/);
    expect(describeFailure(new Error('odd'))).toBe('odd');
  });

  it('finds the reason in what a failed synthesis printed', () => {
    const output =
      'file:///x/lib/bundle.ts:107\n    throw new BundleError(\n          ^\n\nBundleError: The functions do not bundle.\nno such file\n    at build (file:///x)\n\nNode.js v24\n';
    expect(reasonIn(output)).toBe('BundleError: The functions do not bundle.\nno such file');
    expect(reasonIn('')).toBe('the app ended without saying why.');
  });
});
