import { createHash, randomBytes } from 'node:crypto';
import * as z from 'zod';
import { type Gatehouse, startGatehouse } from '../../local/runtime.ts';
import { Browser, type Step, type Visit } from './browser/browser-walk.ts';
import { fetchFrom } from './browser/request-from.ts';

const redirectUri = 'http://127.0.0.1:7777/callback';
const registered = z.looseObject({ client_id: z.string() });
const tokenAnswer = z.looseObject({ access_token: z.string(), refresh_token: z.string() });

/** "At most two a step": what a login costs at the table, and what it can cost when somebody floods it. */
const mostAccesses = 2;

let gatehouse: Gatehouse;
const accesses: Record<string, Readonly<Record<string, number>>> = {};
beforeAll(async () => {
  gatehouse = await startGatehouse();
}, 60_000);
afterAll(() => gatehouse.stop());

/** Runs one step and notes what it did to the table. */
const step = async <Result>(name: string, run: () => Promise<Result>): Promise<Result> => {
  gatehouse.table.resetCounts();
  const result = await run();
  accesses[name] = gatehouse.table.counts();
  return result;
};

const total = (counts: Readonly<Record<string, number>>): number => Object.values(counts).reduce((sum, count) => sum + count, 0);

const logIn = async (decision: 'approve' | 'deny', prefix = ''): Promise<{ clientId: string; verifier: string; response: URL }> => {
  const fetch = fetchFrom('127.0.2.1');
  const [person = { email: '', password: '' }] = gatehouse.users;
  const browser = new Browser({ person, address: '127.0.2.1', decision });
  const metadata = { client_name: 'Counter', redirect_uris: [redirectUri], token_endpoint_auth_method: 'none' };
  const { client_id: clientId } = registered.parse(
    await step(`${prefix}register`, async () =>
      (
        await fetch(`${gatehouse.publicUrl}/register`, {
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify(metadata),
        })
      ).json(),
    ),
  );
  const verifier = randomBytes(32).toString('base64url');
  const query = new URLSearchParams({
    response_type: 'code',
    client_id: clientId,
    redirect_uri: redirectUri,
    state: 'counted',
    code_challenge: createHash('sha256').update(verifier).digest('base64url'),
    code_challenge_method: 'S256',
  });
  // Every page of the way on its own, named by its path: Cognito's touch no table.
  let next: Step | undefined = { method: 'GET', url: new URL(`${gatehouse.publicUrl}/authorize?${query}`) };
  let from: Visit | undefined;
  while (next && next.url.port !== new URL(redirectUri).port) {
    const now = next;
    const visit = await step(`${prefix}${now.url.pathname.slice(1)}`, () => browser.visit(now, from?.url));
    next = browser.next(visit);
    from = visit;
  }
  return { clientId, verifier, response: next?.url ?? new URL('about:blank') };
};

describe('the table', () => {
  it('is accessed at most twice in each step of a login, a call, a refresh and a revocation', async () => {
    const fetch = fetchFrom('127.0.2.1');
    const { clientId, verifier, response } = await logIn('approve');
    const post = (path: string, form: Record<string, string>) =>
      fetch(`${gatehouse.publicUrl}${path}`, { method: 'POST', body: new URLSearchParams({ client_id: clientId, ...form }) });
    const code = response.searchParams.get('code') ?? '';
    const redeem = { grant_type: 'authorization_code', code, redirect_uri: redirectUri, code_verifier: verifier };
    const first = tokenAnswer.parse(await step('token, code', async () => (await post('/token', redeem)).json()));
    const call = () =>
      fetch(gatehouse.mcpUrl, {
        method: 'POST',
        headers: {
          authorization: `Bearer ${first.access_token}`,
          'content-type': 'application/json',
          accept: 'application/json, text/event-stream',
          'mcp-protocol-version': '2025-11-25',
        },
        body: JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/call', params: { name: 'whoami', arguments: {} } }),
      });
    expect((await step('tools/call', call)).status).toBe(200);
    const refresh = { grant_type: 'refresh_token', refresh_token: first.refresh_token };
    const second = tokenAnswer.parse(await step('token, refresh', async () => (await post('/token', refresh)).json()));
    expect((await step('token, code again', () => post('/token', redeem))).status).toBe(400);
    expect((await step('revoke', () => post('/revoke', { token: second.refresh_token }))).status).toBe(200);
    await logIn('deny', 'denied: ');

    const width = Math.max(...Object.keys(accesses).map((name) => name.length));
    const lines = Object.entries(accesses).map(
      ([name, counts]) => `${name.padEnd(width)}  ${total(counts)}  ${Object.keys(counts).join(', ')}`,
    );
    process.stdout.write(`Table accesses by step:\n${lines.join('\n')}\n`);
    expect(Object.keys(accesses)).toEqual(expect.arrayContaining(['register', 'authorize', 'consent', 'callback', 'denied: consent']));
    expect(Object.entries(accesses).filter(([, counts]) => total(counts) > mostAccesses)).toEqual([]);
  }, 60_000);
});
