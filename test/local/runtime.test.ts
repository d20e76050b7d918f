import { get, request as httpRequest } from 'node:http';
import { createServer } from 'node:net';
import { type Gatehouse, type GatehouseOptions, startGatehouse } from '../../local/runtime.ts';
import { endpoints } from '../../policy/endpoints.ts';
import { addressLimits } from '../../policy/limits.ts';

const running: Gatehouse[] = [];
const start = async (options: GatehouseOptions = {}): Promise<Gatehouse> => {
  const gatehouse = await startGatehouse(options);
  running.push(gatehouse);
  return gatehouse;
};
afterEach(async () => {
  await Promise.all(running.splice(0).map((each) => each.stop()));
});

const initialize = JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'initialize', params: {} });

/** A request with any Host, from any address of this computer. */
const ask = (
  port: number,
  path: string,
  headers: Record<string, string> = {},
  method = 'GET',
): Promise<{ status: number; headers: Headers; body: string }> =>
  new Promise((resolve, reject) => {
    const request = httpRequest(
      { host: '127.0.0.1', port, path, method, headers, agent: false, localAddress: '127.0.0.3' },
      (response) => {
        let body = '';
        response.on('data', (chunk: Buffer) => {
          body += chunk.toString();
        });
        response.on('end', () =>
          resolve({
            status: response.statusCode ?? 0,
            body,
            headers: new Headers(
              Object.entries(response.headersDistinct).flatMap(([name, all]) =>
                (all ?? []).map((value): [string, string] => [name, value]),
              ),
            ),
          }),
        );
      },
    );
    request.on('error', reject);
    request.end();
  });

describe('the stack on this computer', () => {
  it.each([
    ['domain', '', '/.well-known/oauth-protected-resource/mcp'],
    ['stage', '/local', '/local/mcp/.well-known/oauth-protected-resource'],
    ['cloudfront', '', '/.well-known/oauth-protected-resource/mcp'],
  ] as const)(
    'in the URL mode %s refuses a call without a token, naming the document that says where to log in',
    async (urlMode, prefix, document) => {
      const { mcpUrl, origin, publicUrl, invocations } = await start({ urlMode });
      expect([mcpUrl, publicUrl]).toEqual([`${origin}${prefix}/mcp`, `${origin}${prefix}`]);
      const refused = await fetch(mcpUrl, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: initialize,
      });
      expect(refused.status).toBe(401);
      expect(refused.headers.get('www-authenticate')).toContain(
        `resource_metadata="${origin}${document}"`,
      );
      expect(refused.headers.get('x-frame-options')).toBe('DENY');
      expect(invocations.map(({ functionName }) => functionName)).toEqual(['authorizer']);
      const metadata = await (await fetch(`${origin}${document}`)).json();
      expect(metadata).toMatchObject({ resource: mcpUrl, authorization_servers: [publicUrl] });
    },
  );

  it('behind a distribution refuses whoever goes straight to the stage, before any function runs', async () => {
    const { port, stage, invocations } = await start({ urlMode: 'cloudfront' });
    const straight = (headers: Record<string, string> = {}) =>
      ask(port, `${stage.path}/health`, { host: stage.host, ...headers });
    for (const headers of [
      {},
      { 'x-gatehouse-origin-secret': 'guess' },
      { 'x-gatehouse-viewer-address': '9.9.9.9' },
    ]) {
      const refused = await straight(headers);
      expect([refused.status, refused.headers.get('x-frame-options')]).toEqual([403, 'DENY']);
    }
    expect(invocations).toEqual([]);
    expect((await ask(port, '/health', { host: `localhost:${port}` })).status).toBe(200);
  });

  it('counts the viewer behind a distribution by its own address, whatever it claims', async () => {
    const { port } = await start({ urlMode: 'cloudfront' });
    const limit = addressLimits.find(({ name }) => name === 'oauth')?.requests ?? 0;
    const statuses: number[] = [];
    for (let n = 0; n <= limit; n += 1) {
      const claims = {
        'x-forwarded-for': `9.9.9.${n}`,
        'x-real-ip': `9.9.9.${n}`,
        'x-gatehouse-viewer-address': `9.9.9.${n}`,
        forwarded: `for=9.9.9.${n}`,
      };
      statuses.push(
        // No such method there: counted by its path, and answered by no function and no cache.
        (
          await ask(port, endpoints.token.path, {
            host: 'localhost',
            ...claims,
          })
        ).status,
      );
    }
    expect(statuses.slice(0, limit)).not.toContain(429);
    expect(statuses[limit]).toBe(429);
    expect((await fetch(`http://127.0.0.1:${port}/health`)).status).toBe(200);
  });

  it('limits registrations by the figure of the policy, and forgives with time', async () => {
    const { publicUrl, clock } = await start();
    const register = async () =>
      (
        await fetch(`${publicUrl}/register`, {
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body: '{}',
        })
      ).status;
    const first = await Promise.all(Array.from({ length: 10 }, register));
    expect(first).toEqual(Array(10).fill(400));
    expect(await register()).toBe(429);
    clock.advance(121_000);
    expect(await register()).toBe(400);
  });

  it('says which variable a function lacks, in its log and not to the caller, and the rest lives', async () => {
    const { publicUrl, logs } = await start({
      environment: (name, variables) =>
        name === 'registration' ? { ...variables, TABLE_NAME: undefined } : variables,
    });
    const broken = await fetch(`${publicUrl}/register`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: '{}',
    });
    expect(broken.status).toBe(502);
    expect(await broken.text()).not.toContain('TABLE_NAME');
    expect(
      logs.some(({ source, line }) => source === 'registration' && line.includes('TABLE_NAME')),
    ).toBe(true);
    expect((await fetch(`${publicUrl}/health`)).status).toBe(200);
  });

  it('answers when its table is gone, and recovers with it', async () => {
    const { publicUrl, table } = await start();
    const redirect_uris = ['http://localhost:1234/callback'];
    const register = async () =>
      (
        await fetch(`${publicUrl}/register`, {
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify({ redirect_uris, client_name: 'x' }),
        })
      ).status;
    await table.faults.set({ kind: 'refused' });
    expect(await register()).toBe(503);
    await table.faults.clear();
    expect(await register()).toBe(201);
  });

  it('answers when Cognito keys cannot be had', async () => {
    const { mcpUrl, cognito } = await start();
    await cognito.apiFaults.set({ kind: 'status500' });
    const token = await cognito.mint({});
    const refused = await fetch(mcpUrl, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}` },
      body: initialize,
    });
    expect([401, 503]).toContain(refused.status);
  });

  it('writes an access log without query strings', async () => {
    const { publicUrl, logs } = await start();
    await fetch(`${publicUrl}/health?code=secret`);
    const lines = logs
      .filter(({ source }) => source === 'access')
      .map(({ line }) => JSON.parse(line));
    expect(lines).toEqual([
      expect.objectContaining({
        method: 'GET',
        route: '/health',
        status: '200',
        sourceIp: expect.any(String),
      }),
    ]);
    expect(JSON.stringify(lines)).not.toContain('secret');
  });

  it('listens on loopback addresses only', async () => {
    const { port } = await start();
    const { networkInterfaces } = await import('node:os');
    const outside = Object.values(networkInterfaces())
      .flat()
      .find((address) => address && !address.internal && address.family === 'IPv4');
    if (outside === undefined) return;
    await expect(
      new Promise((resolve, reject) => {
        get({ host: outside.address, port, path: '/health', timeout: 2000 }, resolve).on(
          'error',
          reject,
        );
      }),
    ).rejects.toMatchObject({ code: 'ECONNREFUSED' });
  });

  it('says in one line that its port is taken, and leaves nothing running', async () => {
    const blocker = createServer();
    await new Promise<void>((resolve) => blocker.listen(0, '127.0.0.1', resolve));
    const address = blocker.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;
    await expect(start({ port })).rejects.toThrow(
      `Port ${port} is taken: stop what uses it, or choose another with PORT=… or --port.`,
    );
    blocker.close();
  });

  it('passes a configuration mistake on, naming the key', async () => {
    await expect(start({ configuration: { alarmEmail: 'nobody' } })).rejects.toThrow(
      /does not synthesize[\s\S]*alarmEmail/,
    );
  });
});
