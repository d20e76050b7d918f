import { type Table, TableUnreachable } from '../../../lambdas/aws/table.ts';
import { encryptRefreshToken } from '../../../lambdas/oauth/encrypted-refresh-token.ts';
import { blockUser } from '../../../lambdas/store/users.ts';
import { loginSettings } from '../../../policy/identity.ts';
import { sizes } from '../../../policy/limits.ts';
import { accessToken, type FakeCognito, fakeCognito, json, tokens } from '../oauth/fake-cognito.ts';
import {
  claudeRedirect,
  type Front,
  front,
  logIn,
  type ReceivedResponse,
  redemption,
  registerClient,
  resource,
} from '../oauth/front.ts';

/** A client hears the same words for every grant that is refused; operators read the reason here. */

let cognito: FakeCognito;
let gatehouse: Front;

beforeEach(async () => {
  cognito = await fakeCognito();
  gatehouse = front({ cognito });
});
afterEach(() => cognito.stop());

const invalidGrant = json(400, { error: 'invalid_grant' });
const user = expect.stringMatching(/^[0-9a-f]{16}$/);
const subject = 'subject-1';

const allLinesOf = ({ log }: ReceivedResponse): Record<string, unknown>[] =>
  log
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line));
/** Lines of the log, without those of the metrics and of the audit trail. */
const linesOf = (response: ReceivedResponse) =>
  allLinesOf(response).filter((line) => !('_aws' in line || 'trail' in line));
const trailOf = (response: ReceivedResponse) =>
  allLinesOf(response).filter((line) => 'trail' in line);

const code = async (id = 'claude') => (await logIn(gatehouse, id, claudeRedirect)).code;
const redeem = (value: string, more: Readonly<Record<string, string>> = {}) =>
  gatehouse.token(redemption('claude', claudeRedirect, value, more));
const refresh = (refresh_token: string, client_id = 'claude') =>
  gatehouse.token({ grant_type: 'refresh_token', client_id, refresh_token });
const refreshTokenOf = ({ body }: ReceivedResponse): string => JSON.parse(body).refresh_token;

/** The table refuses these writes from now on. */
const failOn = (isRefused: (update: Parameters<Table['update']>[0]) => boolean) => {
  const { update } = gatehouse.table;
  gatehouse.table.update = async (change) => {
    if (isRefused(change)) throw new TableUnreachable(true, new Error('no response'));
    return update(change);
  };
};

describe('the log says of a code that is refused', () => {
  it.each([
    [
      'its redirect URI',
      { redirect_uri: 'https://claude.com/api/mcp/auth_callback' },
      'redirectUri',
    ],
    ['its client', { client_id: 'loopback' }, 'clientId'],
    ['its verifier', { code_verifier: 'x'.repeat(43) }, 'codeChallenge'],
  ])('that %s is another one', async (_name, more, name) => {
    const refused = await redeem(await code(), more);
    expect(linesOf(refused)).toEqual([
      expect.objectContaining({
        event: 'AuthenticationFailure',
        detail: `the code was issued for another ${name}`,
        clientId: name === 'clientId' ? 'loopback' : 'claude',
      }),
    ]);
  });

  it.each([
    ['is unknown', 0, 'unknown'],
    ['has expired', 3600, undefined],
  ])('that it %s', async (_name, seconds, unknown) => {
    const value = unknown ?? (await code());
    gatehouse.later(seconds);
    expect(linesOf(await redeem(value))).toEqual([
      expect.objectContaining({
        detail: 'the code is unknown or has expired',
        clientId: 'claude',
      }),
    ]);
  });

  it('that it was redeemed before', async () => {
    const value = await code();
    await redeem(value);
    expect(linesOf(await redeem(value))).toEqual([
      expect.objectContaining({
        event: 'CodeReplay',
        detail: 'the code was redeemed before',
        clientId: 'claude',
      }),
    ]);
  });

  it('that its profile is gone, and Cognito is not asked', async () => {
    const value = await code();
    for (const [pk, item] of gatehouse.table.items)
      if (pk.startsWith('code#')) gatehouse.table.items.set(pk, { ...item, profile: 'gone' });
    const refused = await redeem(value);
    expect(refused.status).toBe(400);
    expect(linesOf(refused)).toEqual([
      expect.objectContaining({ detail: 'the profile is not deployed any more' }),
    ]);
    expect(cognito.requests).toEqual([]);
  });

  it('that Cognito refused its own, and it stays claimed', async () => {
    const value = await code();
    cognito.replies.push(invalidGrant);
    const refused = await redeem(value);
    expect(linesOf(refused)).toEqual([
      expect.objectContaining({ detail: 'Cognito refused its code' }),
    ]);
    expect(refused.accesses).toEqual(['update code#']);
  });
});

it('a bug on the way to Cognito is no outage: the code is not given back', async () => {
  const value = await code();
  const broken = () => {
    throw new TypeError('x');
  };
  Object.defineProperty(gatehouse.secrets, 'get', { value: broken });
  const failed = await redeem(value);
  expect([failed.status, failed.accesses]).toEqual([500, ['update code#']]);
});

it('a login whose grant cannot be made says what else went wrong', async () => {
  const value = await code();
  cognito.replies.push((response, form) => {
    gatehouse.table.down = true;
    cognito.replies.push(json(500, {}));
    tokens()(response, form);
  });
  const lines = linesOf(await redeem(value));
  expect(lines.map(({ message }) => message)).toEqual([
    'The retry of a code will look like a replay',
    'Tokens that nobody got could not be revoked',
    expect.any(String),
  ]);
  expect(lines[0]?.['cause']).toMatch(/^TableError: The table did not answer/);
  expect(lines[1]?.['cause']).toMatch(/Cognito responded 500|temporarily_unavailable/);
});

it('a login that cannot end the user’s oldest ones goes on, and says so', async () => {
  for (let index = 0; index < sizes.grantsPerUser; index += 1) {
    await redeem(await code());
    gatehouse.later(1);
  }
  failOn(({ update }) => update.includes('REMOVE #grant'));
  const last = await redeem(await code());
  expect(last.status).toBe(200);
  expect(linesOf(last)).toContainEqual(
    expect.objectContaining({
      message: 'Old grants were not ended',
      cause: expect.stringMatching(/^TableError: The table did not answer/),
    }),
  );
});

describe('the log says of a refresh token that is refused', () => {
  it('that it is none of ours', async () => {
    expect(linesOf(await refresh('claude.AAAA'))).toEqual([
      expect.objectContaining({ detail: 'not a refresh token of ours' }),
    ]);
  });

  it('that another client asks, by the name of that one', async () => {
    const token = refreshTokenOf(await redeem(await code()));
    expect(linesOf(await refresh(token, 'loopback'))).toEqual([
      expect.objectContaining({
        detail: 'a refresh token of another client',
        clientId: 'loopback',
        user,
      }),
    ]);
  });

  it('that it is for another resource, and Cognito is not asked', async () => {
    const token = encryptRefreshToken('claude', gatehouse.secrets.get('claude')?.[0] ?? '', {
      clientId: 'claude',
      resource: `${resource}/another`,
      scopes: [],
      subject,
      grant: 'grant-1',
      generation: 0,
      token: 'cognito-token',
    });
    const refused = await refresh(token);
    expect(linesOf(refused)).toEqual([
      expect.objectContaining({ detail: 'a refresh token for another resource' }),
    ]);
    expect([refused.status, refused.accesses, cognito.requests]).toEqual([400, [], []]);
  });

  it('that Cognito has forgotten it; the grant was read before that, once', async () => {
    const token = refreshTokenOf(await redeem(await code()));
    cognito.replies.push(invalidGrant);
    const refused = await refresh(token);
    expect(linesOf(refused)).toEqual([
      expect.objectContaining({
        detail: 'the refresh token was rotated, revoked, or has expired',
        clientId: 'claude',
        user,
      }),
    ]);
    expect(refused.accesses).toEqual(['get user#']);
  });

  it('that its grant has ended', async () => {
    const token = refreshTokenOf(await redeem(await code()));
    await gatehouse.revoke({ client_id: 'claude', token });
    expect(linesOf(await refresh(token))).toEqual([
      expect.objectContaining({
        event: 'AuthenticationFailure',
        detail: 'the grant has ended',
        clientId: 'claude',
        user,
      }),
    ]);
  });

  it('that it was used before; what Cognito has of it is revoked', async () => {
    const stolen = refreshTokenOf(await redeem(await code()));
    await refresh(stolen);
    gatehouse.later(loginSettings.refreshRotationGraceSeconds);
    const theft = await refresh(stolen);
    expect(linesOf(theft)).toEqual([
      expect.objectContaining({
        event: 'RefreshTokenReuse',
        detail: 'the refresh token was used before',
        clientId: 'claude',
        user,
      }),
    ]);
    const [first, , last] = cognito.requests;
    expect([first?.path, last?.path]).toEqual(['/oauth2/token', '/oauth2/revoke']);
    expect(last?.form.get('token')).toMatch(/^cognito-refresh-/);
  });

  it('that its grant has ended, when another use of the same stolen token ended it first', async () => {
    const stolen = refreshTokenOf(await redeem(await code()));
    await refresh(stolen);
    gatehouse.later(loginSettings.refreshRotationGraceSeconds);
    const both = await Promise.all([refresh(stolen), refresh(stolen)]);
    const events = linesOf({ ...both[0], log: both[0].log + both[1].log }).map(
      ({ event }) => event,
    );
    expect(new Set(events)).toEqual(new Set(['RefreshTokenReuse', 'AuthenticationFailure']));
  });
});

describe('the first refresh of a registration, which reads no grant before', () => {
  it('that Cognito refuses finds out why', async () => {
    const id = await registerClient(gatehouse, claudeRedirect);
    const value = (await logIn(gatehouse, id, claudeRedirect)).code;
    const token = refreshTokenOf(await gatehouse.token(redemption(id, claudeRedirect, value)));
    cognito.replies.push(invalidGrant);
    expect((await refresh(token, id)).accesses).toEqual(['get user#', 'get client#']);
    await blockUser(gatehouse.table, subject, gatehouse.clock.now);
    cognito.replies.push(invalidGrant);
    expect((await refresh(token, id)).events).toEqual(['BlockedUser']);
  });

  it('that cannot keep the registration says whose', async () => {
    const id = await registerClient(gatehouse, claudeRedirect);
    const value = (await logIn(gatehouse, id, claudeRedirect)).code;
    const token = refreshTokenOf(await gatehouse.token(redemption(id, claudeRedirect, value)));
    failOn(({ pk }) => pk.startsWith('client#'));
    expect(linesOf(await refresh(token, id))).toContainEqual(
      expect.objectContaining({
        message: 'A registration could not be kept',
        clientId: id,
        cause: expect.stringMatching(/^TableError: The table did not answer/),
      }),
    );
  });
});

it('tokens that are issued, and grants that are revoked, stand in the audit trail with who and what', async () => {
  const redeemed = await redeem(await code());
  const who = { clientId: 'claude', profile: 'claude', user };
  expect(trailOf(redeemed)).toEqual([expect.objectContaining({ trail: 'login', ...who })]);
  const byRefreshToken = await gatehouse.revoke({
    client_id: 'claude',
    token: refreshTokenOf(redeemed),
  });
  expect(trailOf(byRefreshToken)).toEqual([
    expect.objectContaining({ trail: 'revocation', ...who }),
  ]);
});

it('an access token of Cognito’s that makes no sense is named', async () => {
  for (const token of [
    'nonsense',
    accessToken({ origin_jti: '#a' }),
    accessToken({ origin_jti: 'a#' }),
  ]) {
    cognito.replies.push(tokens({ access_token: token }));
    const failed = await redeem(await code());
    expect(failed.status).toBe(503);
    expect(linesOf(failed)).toContainEqual(
      expect.objectContaining({
        detail: "Cognito's access token makes no sense",
      }),
    );
  }
});

describe('the audit trail', () => {
  const who = { clientId: 'claude', profile: 'claude', user };
  const trail = (line: object) => [expect.objectContaining({ ...who, ...line })];

  it('tells a login from a refresh', async () => {
    const redeemed = await redeem(await code());
    expect(trailOf(redeemed)).toEqual(trail({ trail: 'login', outcome: 'ok' }));
    const refreshed = await refresh(refreshTokenOf(redeemed));
    expect(trailOf(refreshed)).toEqual(trail({ trail: 'refresh', outcome: 'ok' }));
  });

  it('says who was refused a login, and who a refresh', async () => {
    const token = refreshTokenOf(await redeem(await code()));
    const value = await code();
    await blockUser(gatehouse.table, subject, gatehouse.clock.now);
    const outcome = { outcome: 'refused', code: expect.any(String) };
    expect(trailOf(await redeem(value))).toEqual(trail({ trail: 'login', ...outcome }));
    expect(trailOf(await refresh(token))).toEqual(trail({ trail: 'refresh', ...outcome }));
  });

  it('says whose login a theft ended', async () => {
    const stolen = refreshTokenOf(await redeem(await code()));
    await refresh(stolen);
    gatehouse.later(loginSettings.refreshRotationGraceSeconds);
    expect(trailOf(await refresh(stolen))).toEqual(
      trail({ trail: 'revocation', code: 'refresh_token_reuse' }),
    );
  });
});
