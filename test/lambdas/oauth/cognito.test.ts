import * as z from 'zod/mini';
import { TemporarilyUnavailable } from '../../../lambdas/errors/errors.ts';
import { askCognito } from '../../../lambdas/oauth/cognito.ts';
import { type FakeCognito, fakeCognito, json } from './fake-cognito.ts';

let cognito: FakeCognito;
beforeEach(async () => {
  cognito = await fakeCognito();
});
afterEach(() => cognito.stop());

const tokenResponse = z.object({ access_token: z.string() });

/** Asks with secrets of which some are only there when they are read again. */
const ask = async (before: readonly string[] = ['secret'], after = before) => {
  const reads: (boolean | undefined)[] = [];
  const secrets = async (again?: boolean) => {
    reads.push(again);
    const [first = '', ...rest] = again ? after : before;
    return [first, ...rest] as const;
  };
  const client = { profile: 'claude', id: 'appclaude', secrets };
  const url = new URL('/oauth2/token', cognito.url);
  const outcome = await askCognito(url, client, { code: 'c' }, tokenResponse).catch(
    (error: unknown) => error,
  );
  return { outcome, reads };
};
const secretsUsed = () =>
  cognito.requests.map(({ authorization }) =>
    Buffer.from(authorization.replace(/^Basic /, ''), 'base64').toString(),
  );
const invalidClient = json(400, { error: 'invalid_client' });

it('Cognito gets a form, by the app client’s name, and is asked for JSON', async () => {
  const headers: unknown[] = [];
  cognito.replies.push((response) => {
    headers.push(response.req.headers);
    json(200, { access_token: 'a' })(response, new URLSearchParams());
  });
  expect(await ask()).toEqual({ outcome: { access_token: 'a' }, reads: [false] });
  expect(headers).toEqual([
    expect.objectContaining({
      accept: 'application/json',
      'content-type': 'application/x-www-form-urlencoded',
    }),
  ]);
  expect(secretsUsed()).toEqual(['appclaude:secret']);
  expect(Object.fromEntries(cognito.requests[0]?.form ?? [])).toEqual({
    code: 'c',
    client_id: 'appclaude',
  });
});

describe('a secret that Cognito does not know', () => {
  it('is followed by the next, then by those that are read again, each once', async () => {
    cognito.replies.push(invalidClient, invalidClient, json(200, { access_token: 'a' }));
    expect(await ask(['one', 'two'], ['two', 'three'])).toEqual({
      outcome: { access_token: 'a' },
      reads: [false, true],
    });
    expect(secretsUsed()).toEqual(['appclaude:one', 'appclaude:two', 'appclaude:three']);
  });

  it('and no other one are an outage', async () => {
    cognito.replies.push(invalidClient);
    const { outcome, reads } = await ask();
    expect(outcome).toBeInstanceOf(TemporarilyUnavailable);
    expect(outcome).toMatchObject({ detail: 'Cognito knows none of the app client secrets' });
    expect(reads).toEqual([false, true]);
    expect(secretsUsed()).toEqual(['appclaude:secret']);
  });
});

describe('the log says', () => {
  it.each([
    ['an error', json(400, { error: 'unauthorized_client' }), '400 unauthorized_client'],
    ['nonsense', json(500, {}), '500 and nonsense'],
    [
      'a trigger’s failure',
      json(400, { error: 'invalid_grant', error_description: 'PreTokenGeneration failed' }),
      '400 trigger failure',
    ],
  ])('that Cognito answered %s, which is not asked twice', async (_name, reply, detail) => {
    cognito.replies.push(reply);
    const { outcome } = await ask(['one', 'two']);
    expect(outcome).toBeInstanceOf(TemporarilyUnavailable);
    expect(outcome).toMatchObject({ detail: `Cognito responded ${detail}` });
    expect(cognito.requests).toHaveLength(1);
  });

  it('that Cognito gave no response', async () => {
    await cognito.stop();
    expect((await ask()).outcome).toMatchObject({
      detail: 'Cognito gave no response',
      cause: { wasSent: false },
    });
  });
});

it('a grant that is refused is none, whatever Cognito says of it', async () => {
  cognito.replies.push(
    json(400, { error: 'invalid_grant', error_description: 'Refresh Token has been revoked' }),
  );
  expect((await ask()).outcome).toBeUndefined();
});

it('a request that is sent again after a connection went stale may have arrived, whatever becomes of the second', async () => {
  cognito.replies.push(json(200, { access_token: 'a' }), (response) => {
    void cognito.stop();
    response.socket?.destroy();
  });
  await ask();
  expect((await ask()).outcome).toMatchObject({
    detail: 'Cognito gave no response',
    cause: { wasSent: true, stale: false },
  });
});
