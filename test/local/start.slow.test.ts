import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { dirname, join } from 'node:path';
import { forgetState, stateFile } from '../../local/state/state-file.ts';
import { repository } from '../../local/synthesis/synthesize.ts';

const assemblies = join(import.meta.dirname, '..', '..', '.local', 'assemblies');
const program = join(import.meta.dirname, '..', '..', 'local', 'start.ts');

const freePort = async (): Promise<number> => {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise<void>((resolve) => server.close(() => resolve()));
  return typeof address === 'object' && address !== null ? address.port : 0;
};

/** Runs `npm start`'s program until a line appears (then interrupts it) or until it ends. */
const run = (
  args: readonly string[],
  environment: Record<string, string> = {},
  until?: RegExp,
): Promise<{ code: number | null; stdout: string; stderr: string }> =>
  new Promise((resolve) => {
    const child = spawn(process.execPath, [program, ...args], {
      env: { PATH: process.env['PATH'] ?? '', ...environment },
    });
    let stdout = '';
    let stderr = '';
    child.stdout.on('data', (data: Buffer) => {
      stdout += data.toString();
      if (until?.test(stdout)) child.kill('SIGINT');
    });
    child.stderr.on('data', (data: Buffer) => {
      stderr += data.toString();
    });
    child.on('close', (code) => resolve({ code, stdout, stderr }));
  });

/** What a process that is gone left of its synthesis. */
const leftBy = (processId: number | undefined): readonly string[] =>
  readdirSync(assemblies).filter(
    (name) =>
      name.includes(`.${processId}.`) ||
      (name.endsWith('.lock') &&
        readFileSync(join(assemblies, name), 'utf8') === String(processId)),
  );

describe('npm start', () => {
  it('prints the ready line, how to connect and the login, and Ctrl-C ends it', async () => {
    const { code, stdout } = await run(
      ['--port', '0'],
      { GATEHOUSE_DEV_PASSWORD: 'From-the-environment-1' },
      /Ctrl-C stops/,
    );
    expect(code).toBe(0);
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
    const { stdout, stderr } = await run(
      ['--port', '0', '--json', '--quiet', '--url-mode', 'stage'],
      {},
      /\n/,
    );
    expect(stderr).toBe('');
    expect(JSON.parse(stdout)).toMatchObject({
      ready: true,
      mcpUrl: expect.stringMatching(/^http:\/\/localhost:\d+\/local\/mcp$/),
      users: [{ email: 'dev@example.com' }],
    });
  });

  it.each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)(
    '%s during the synthesis leaves neither a lock nor a folder behind',
    async (signal) => {
      // Context that nobody has used yet, so that the synthesis is in no cache.
      const child = spawn(process.execPath, [
        program,
        '--port',
        '0',
        '-c',
        `once=${signal}${Date.now()}`,
      ]);
      await new Promise<void>((resolve) => {
        child.stderr.on('data', (data: Buffer) => {
          if (data.toString().includes('Bundling')) setTimeout(resolve, 1000);
        });
      });
      child.kill(signal);
      const [code] = await once(child, 'close');
      expect([code, leftBy(child.pid)]).toEqual([0, []]);
    },
  );

  it('ends with the shell that npm runs it by: npm tells nobody else of a signal', async () => {
    const shell = spawn(
      '/bin/sh',
      [
        '-c',
        '"$0" "$1" --port 0 -c "$2" & echo $!; wait',
        process.execPath,
        program,
        `once=npm${Date.now()}`,
      ],
      { env: { PATH: process.env['PATH'] ?? '', npm_lifecycle_event: 'start' } },
    );
    const [line] = await once(shell.stdout, 'data');
    const processId = Number(String(line));
    await new Promise<void>((resolve) => {
      shell.stderr.on('data', (data: Buffer) => {
        if (data.toString().includes('Bundling')) resolve();
      });
    });
    const closed = once(shell, 'close');
    shell.kill('SIGTERM');
    // The pipe of its output closes when the last process that holds it has ended.
    await closed;
    expect(leftBy(processId)).toEqual([]);
  });

  it('keeps its state over a restart after Ctrl-C, and --fresh forgets it', async () => {
    const port = await freePort();
    const subOf = async (...args: string[]): Promise<string> => {
      const { stdout } = await run(
        ['--port', String(port), '--json', '--quiet', ...args],
        {},
        /\n/,
      );
      return JSON.parse(stdout).users[0].sub;
    };
    const first = await subOf();
    expect(await subOf()).toBe(first);
    expect(await subOf('--fresh')).not.toBe(first);
    forgetState(stateFile({ folder: repository, urlMode: 'domain', port }));
  });

  it('says that it forgets a state that it cannot read', async () => {
    const port = await freePort();
    const file = stateFile({ folder: repository, urlMode: 'domain', port });
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, '{"version":0}');
    const { code, stderr } = await run(['--port', String(port)], {}, /Ctrl-C stops/);
    expect([code, stderr]).toEqual([
      0,
      expect.stringContaining(`${file} is no state of this version`),
    ]);
    forgetState(file);
  });

  it('says in one line that the port is taken, with exit code 1', async () => {
    const blocker = createServer();
    await new Promise<void>((resolve) => blocker.listen(0, '127.0.0.1', resolve));
    const address = blocker.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;
    const { code, stdout, stderr } = await run([], { PORT: String(port) });
    blocker.close();
    expect([code, stdout, stderr]).toEqual([
      1,
      '',
      `Port ${port} is taken: stop what uses it, or choose another with PORT=… or --port.\n`,
    ]);
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
    expect([code, stdout]).toEqual([
      0,
      expect.stringContaining('--url-mode domain|stage|cloudfront'),
    ]);
  });
});
