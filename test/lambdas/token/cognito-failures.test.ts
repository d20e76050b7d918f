import type { AddressInfo } from 'node:net';
import { createServer, type Server } from 'node:net';
import { TableUnreachable } from '../../../lambdas/aws/table.ts';
import { lifetimes } from '../../../policy/lifetimes.ts';
import { timeouts } from '../../../policy/limits.ts';
import { accessToken, type FakeCognito, fakeCognito, json, tokens } from '../oauth/fake-cognito.ts';
import { claudeRedirect, type Front, front, logIn, redemption } from '../oauth/front.ts';

let cognito: FakeCognito;
let gatehouse: Front;

beforeEach(async () => {
  cognito = await fakeCognito();
  gatehouse = front({ cognito });
});
afterEach(() => cognito.stop());

const code = async () => (await logIn(gatehouse, 'claude', claudeRedirect)).code;
const redeem = (value: string) => gatehouse.token(redemption('claude', claudeRedirect, value));

const expectUnavailable = (reply: Awaited<ReturnType<typeof redeem>>, accesses = 2) => {
  expect(reply.status).toBe(503);
  expect(JSON.parse(reply.body)).toMatchObject({ error: 'temporarily_unavailable' });
  expect(reply.headers['cache-control']).toContain('no-store');
  expect(reply.accesses.length).toBeLessThanOrEqual(accesses);
};

describe('when Cognito', () => {
  it('refuses the connection, the client hears 503 and can redeem the same code once Cognito is back', async () => {
    const value = await code();
    await cognito.stop();
    const refused = await redeem(value);
    expectUnavailable(refused);
    expect(refused.accesses).toEqual(['update code#', 'update code#']);
    const back = await fakeCognito();
    Object.defineProperty(cognito, 'stop', { value: back.stop });
    gatehouse.cognitoAt(back.url);
    expect((await redeem(value)).status).toBe(200);
  });

  it.each([
    ['answers an error of its own', json(500, { message: 'Internal' })],
    ['throttles', json(429, { error: 'too_many_requests' })],
    ['answers nonsense', json(200, { hello: 'world' })],
    ['answers a token that is none', tokens({ access_token: 'nonsense' })],
    ['answers a token without a subject', tokens({ access_token: accessToken({ sub: '' }) })],
    ['finds our request unauthorized', json(400, { error: 'unauthorized_client' })],
    [
      'lost the trigger that makes the claims',
      json(400, {
        error: 'invalid_grant',
        error_description: 'PreTokenGeneration failed with error',
      }),
    ],
  ])('%s, the client hears 503 and the code stays claimed', async (_, reply) => {
    const value = await code();
    cognito.replies.push(reply);
    expectUnavailable(await redeem(value));
    expect(JSON.parse((await redeem(value)).body).error).toBe('invalid_grant');
  });

  it.each([
    ['answers text', (response: import('node:http').ServerResponse) => response.end('<html>')],
    [
      'cuts the connection after it got the request',
      (response: import('node:http').ServerResponse) => response.socket?.destroy(),
    ],
  ])(
    '%s, the client hears 503 and the code stays claimed; its own retry is no replay, anybody else’s is',
    async (_, reply) => {
      const value = await code();
      cognito.replies.push(reply, reply);
      expectUnavailable(await redeem(value));
      const retry = await redeem(value);
      expect([retry.status, retry.events]).toEqual([400, ['AuthenticationFailure']]);
      const theft = await gatehouse.token({
        ...redemption('claude', claudeRedirect, value),
        code_verifier: 'x'.repeat(43),
      });
      expect([theft.status, theft.events]).toEqual([400, ['CodeReplay']]);
    },
  );

  /** The wait for Cognito is the longest of all: it is over at once here, and told. */
  const withoutWaiting = async (run: () => Promise<void>): Promise<number> => {
    const { setTimeout } = globalThis;
    const waits: number[] = [];
    const timers = jest.spyOn(globalThis, 'setTimeout');
    timers.mockImplementation(((callback: () => void, milliseconds = 0) => {
      waits.push(milliseconds);
      return setTimeout(callback, milliseconds > timeouts.tableSeconds * 1000 ? 50 : milliseconds);
    }) as typeof setTimeout);
    await run().finally(() => timers.mockRestore());
    return Math.max(...waits);
  };

  it('does not answer, the client hears 503 after the time that policy allows', async () => {
    const value = await code();
    cognito.replies.push(() => {});
    const longest = await withoutWaiting(async () => expectUnavailable(await redeem(value)));
    // Policy's, less what has passed already.
    expect(longest).toBeLessThanOrEqual(timeouts.cognitoSeconds * 1000);
    expect(longest).toBeGreaterThan(timeouts.tableSeconds * 1000);
  });

  it('accepts connections but does not speak, the same', async () => {
    const mute: Server = createServer(() => {});
    await new Promise<void>((resolve) => mute.listen(0, '127.0.0.1', resolve));
    const value = await code();
    gatehouse.cognitoAt(`http://127.0.0.1:${(mute.address() as AddressInfo).port}`);
    await withoutWaiting(async () => expectUnavailable(await redeem(value)));
    mute.close();
  });

  it('closed a kept connection while the function was frozen, the request is sent once more', async () => {
    const values = [await code(), await code()];
    expect((await redeem(values[0] ?? '')).status).toBe(200);
    cognito.replies.push((response) => response.socket?.destroy());
    expect((await redeem(values[1] ?? '')).status).toBe(200);
    expect(cognito.requests).toHaveLength(3);
  });

  it('knows only the other of two secrets, that one is tried too, and a refresh token encrypted under the old one is still decrypted', async () => {
    const [old = ''] = gatehouse.secrets.get('claude') ?? [];
    const first = JSON.parse((await redeem(await code())).body).refresh_token;
    gatehouse.secrets.set('claude', ['new-secret', old]);
    cognito.replies.push(json(400, { error: 'invalid_client' }));
    const refreshed = await gatehouse.token({
      grant_type: 'refresh_token',
      client_id: 'claude',
      refresh_token: first,
    });
    expect(refreshed.status).toBe(200);
    const secretsUsed = cognito.requests
      .slice(-2)
      .map(({ authorization }) => Buffer.from(authorization.slice(6), 'base64').toString());
    expect(secretsUsed).toEqual(['appclaude:new-secret', `appclaude:${old}`]);
    // Encrypted anew under the newest: the old secret may go.
    gatehouse.secrets.set('claude', ['new-secret']);
    const again = {
      grant_type: 'refresh_token',
      client_id: 'claude',
      refresh_token: JSON.parse(refreshed.body).refresh_token,
    };
    expect((await gatehouse.token(again)).status).toBe(200);
    expect(JSON.parse((await gatehouse.token({ ...again, refresh_token: first })).body).error).toBe(
      'invalid_grant',
    );
  });

  it('knows none of our secrets, the client hears 503', async () => {
    const value = await code();
    cognito.replies.push(json(400, { error: 'invalid_client' }));
    expectUnavailable(await redeem(value));
  });

  it('does not rotate, the refresh token that was used goes out again, encrypted anew', async () => {
    const first = JSON.parse((await redeem(await code())).body).refresh_token;
    cognito.replies.push(tokens({ refresh_token: undefined }));
    const response = await gatehouse.token({
      grant_type: 'refresh_token',
      client_id: 'claude',
      refresh_token: first,
    });
    expect(JSON.parse(response.body).refresh_token).toMatch(/^claude\./);
    expect(JSON.parse(response.body).refresh_token).not.toBe(first);
  });
});

describe('when the table', () => {
  it('is down, every step answers 503 and nothing goes to Cognito', async () => {
    const value = await code();
    gatehouse.table.down = true;
    expectUnavailable(await redeem(value));
    expect(cognito.requests).toEqual([]);
    const page = await gatehouse.authorize({
      client_id: `client_${'0'.repeat(64)}`,
      redirect_uri: claudeRedirect,
    });
    expect(page.status).toBe(503);
  });

  it('fails after the tokens are there, nobody gets them and Cognito is told to revoke them', async () => {
    const value = await code();
    cognito.replies.push((response, form) => {
      gatehouse.table.down = true;
      tokens()(response, form);
    });
    // The third is the attempt to say that a repetition is no replay.
    expectUnavailable(await redeem(value), 3);
    expect(cognito.requests.map(({ path }) => path)).toEqual(['/oauth2/token', '/oauth2/revoke']);
  });

  it('fails once between the claim and the grant, the client’s retry does not look like a replay', async () => {
    const value = await code();
    const { update } = gatehouse.table;
    let failures = 1;
    gatehouse.table.update = async (change) => {
      if (change.pk.startsWith('user#') && failures-- > 0)
        throw new TableUnreachable(true, new Error('no response'));
      return update(change);
    };
    expectUnavailable(await redeem(value), 3);
    const retry = await redeem(value);
    expect([retry.status, retry.events]).toEqual([400, ['AuthenticationFailure']]);
    const thief = await gatehouse.token(
      redemption('claude', claudeRedirect, value, { code_verifier: 'x'.repeat(43) }),
    );
    expect([thief.status, thief.events]).toEqual([400, ['CodeReplay']]);
  });

  it('is down while a client refreshes, its token works again when the table does', async () => {
    const { refresh_token } = JSON.parse((await redeem(await code())).body);
    const refresh = () =>
      gatehouse.token({ grant_type: 'refresh_token', client_id: 'claude', refresh_token });
    gatehouse.table.down = true;
    const requested = cognito.requests.length;
    expectUnavailable(await refresh());
    expect(cognito.requests).toHaveLength(requested);
    gatehouse.table.down = false;
    gatehouse.later(3600);
    expect((await refresh()).status).toBe(200);
  });

  it('cannot keep the registration, the client gets its tokens all the same', async () => {
    const id = JSON.parse(
      (await gatehouse.register({ redirect_uris: [claudeRedirect] })).body,
    ).client_id;
    const { code: value } = await logIn(gatehouse, id, claudeRedirect);
    const { update } = gatehouse.table;
    gatehouse.table.update = async (change) => {
      if (change.pk.startsWith('client#')) throw new Error('the table is down');
      return update(change);
    };
    const redeemed = await gatehouse.token(redemption(id, claudeRedirect, value));
    const { refresh_token } = JSON.parse(redeemed.body);
    const form = { grant_type: 'refresh_token', client_id: id, refresh_token };
    const response = await gatehouse.token(form);
    expect([response.status, response.accesses]).toEqual([200, ['update user#']]);
    expect(response.log).toContain('A registration could not be kept');
  });
});

describe('a client whose grant is refused', () => {
  const stranger = `client_${'0'.repeat(64)}`;
  const refreshment = (clientId: string) => ({
    grant_type: 'refresh_token',
    client_id: clientId,
    refresh_token: 'claude.made-up',
  });
  const nonsense = (clientId: string) => redemption(clientId, claudeRedirect, 'made-up');
  const outcome = ({ status, body, accesses }: Awaited<ReturnType<typeof redeem>>) => [
    status,
    JSON.parse(body).error,
    accesses,
  ];

  it.each([
    ['was never registered', stranger, ['get client#']],
    ['has an id of no form of ours', 'somebody', []],
  ])('hears invalid_client where it %s, and so registers anew', async (_, id, asked) => {
    expect(outcome(await gatehouse.token(refreshment(id)))).toEqual([401, 'invalid_client', asked]);
    expect(outcome(await gatehouse.token(nonsense(id)))).toEqual([
      401,
      'invalid_client',
      ['update code#', ...asked],
    ]);
  });

  it('hears invalid_client once its registration has expired', async () => {
    const registered = await gatehouse.register({ redirect_uris: [claudeRedirect] });
    const id = JSON.parse(registered.body).client_id;
    expect(outcome(await gatehouse.token(refreshment(id)))[1]).toBe('invalid_grant');
    gatehouse.later(lifetimes.unusedRegistrationSeconds);
    expect(outcome(await gatehouse.token(refreshment(id)))[1]).toBe('invalid_client');
  });

  it.each(['claude', 'https://claude.ai/oauth/claude-code-client-metadata'])(
    'hears invalid_grant as %s, which needs no registration',
    async (id) => {
      expect(outcome(await gatehouse.token(refreshment(id)))).toEqual([400, 'invalid_grant', []]);
    },
  );
});
