import { encryptRefreshToken } from '../../../lambdas/oauth/encrypted-refresh-token.ts';
import { beginGrant, listGrants } from '../../../lambdas/store/grants.ts';
import { refreshTokenSeconds } from '../../../lambdas/token/grant.ts';
import { openFor } from '../../../lambdas/token/refresh.ts';
import { clientProfiles } from '../../../policy/clients.ts';
import { sizes } from '../../../policy/limits.ts';
import { accessToken, type FakeCognito, fakeCognito, tokens } from '../oauth/fake-cognito.ts';
import {
  claudeRedirect,
  type Front,
  front,
  localRedirect,
  logIn,
  redemption,
} from '../oauth/front.ts';

let cognito: FakeCognito;
let gatehouse: Front;

beforeEach(async () => {
  cognito = await fakeCognito();
  gatehouse = front({ cognito });
});
afterEach(() => cognito.stop());

const redeem = async (id = 'claude', redirectUri = claudeRedirect) =>
  gatehouse.token(redemption(id, redirectUri, (await logIn(gatehouse, id, redirectUri)).code));
const subject = 'subject-1';
const seconds = () => gatehouse.clock.now.getTime() / 1000;

describe('the token response', () => {
  it('names the scopes that were asked for and granted, and no others', async () => {
    const scope = 'openid gatehouse/tools.read gatehouse/admin gatehouse/tools.call';
    cognito.replies.push(tokens({ access_token: accessToken({ scope }) }));
    const response = await redeem();
    expect(JSON.parse(response.body)).toEqual({
      access_token: expect.any(String),
      token_type: 'Bearer',
      expires_in: 900,
      refresh_token: expect.stringMatching(/^claude\./),
      scope: 'gatehouse/tools.read gatehouse/tools.call',
    });
    expect(response.headers).toMatchObject({
      'content-type': 'application/json',
      pragma: 'no-cache',
    });
  });

  it('has no refresh token where Cognito gives none', async () => {
    cognito.replies.push(tokens({ refresh_token: undefined }));
    expect(JSON.parse((await redeem()).body)).not.toHaveProperty('refresh_token');
  });

  it('is what Cognito was asked for: by refresh, with its own token', async () => {
    const { refresh_token } = JSON.parse((await redeem()).body);
    const given = tokens({ refresh_token: 'cognito-own' });
    cognito.replies.push(given);
    const refresh = (token: string) =>
      gatehouse.token({ grant_type: 'refresh_token', client_id: 'claude', refresh_token: token });
    const next = JSON.parse((await refresh(refresh_token)).body).refresh_token;
    await refresh(next);
    const last = cognito.requests.at(-1);
    expect(last?.path).toBe('/oauth2/token');
    expect(Object.fromEntries(last?.form ?? [])).toEqual({
      grant_type: 'refresh_token',
      refresh_token: 'cognito-own',
      client_id: 'appclaude',
    });
  });
});

describe('a login lasts as long as its profile says', () => {
  it.each([
    ['claude', claudeRedirect],
    ['loopback', localRedirect],
  ])('%s', async (profile, redirectUri) => {
    await redeem(profile, redirectUri);
    const days = clientProfiles.find(({ name }) => name === profile)?.refreshTokenDays ?? 0;
    const [grant] = await listGrants(gatehouse.table, subject, gatehouse.clock.now);
    expect(grant).toMatchObject({ profile, expires: seconds() + days * 24 * 60 * 60 });
  });

  it('and a profile that is gone, not at all', () => {
    expect(refreshTokenSeconds({ CLIENT_PROFILES: clientProfiles }, 'gone')).toBe(0);
  });
});

describe('a refresh token is opened', () => {
  const content = {
    clientId: 'claude',
    resource: 'r',
    scopes: [],
    subject,
    grant: 'g',
    generation: 0,
    token: 't',
  };
  const open = async (token: string) => {
    const attempts: (boolean | undefined)[] = [];
    const secrets = async (again?: boolean) => {
      attempts.push(again);
      return again ? (['new', 'old'] as const) : (['old'] as const);
    };
    const appClient = { profile: 'claude', id: 'appclaude', secrets };
    const opened = await openFor('claude', token, new Map([['claude', appClient]]));
    return { grant: opened?.grant, attempts };
  };

  it('by the secrets at hand, and only if none fits by those that Cognito has now', async () => {
    const under = (secret: string) => encryptRefreshToken('claude', secret, content);
    expect(await open(under('old'))).toEqual({ grant: content, attempts: [undefined] });
    expect(await open(under('new'))).toEqual({ grant: content, attempts: [undefined, true] });
    expect(await open(under('none'))).toEqual({ grant: undefined, attempts: [undefined, true] });
  });

  it('of a profile that is deployed', async () => {
    const token = encryptRefreshToken('gone', 'old', content);
    expect(await open(token)).toEqual({ grant: undefined, attempts: [] });
  });
});

describe('/revoke', () => {
  const revoke = (client_id: string, token: string) => gatehouse.revoke({ client_id, token });

  it('answers an empty object, also for a token that is none', async () => {
    for (const token of ['nonsense', 'claude.AAAA', 'a.b.forged']) {
      const { status, body, headers, accesses } = await revoke('claude', token);
      expect([status, body, headers['content-type'], accesses]).toEqual([
        200,
        '{}',
        'application/json',
        [],
      ]);
    }
  });

  it('ends nothing by an access token that does not name its login', async () => {
    const { status, accesses } = await revoke('claude', accessToken({ origin_jti: undefined }));
    expect([status, accesses]).toEqual([200, []]);
  });

  it('says so when an access token cannot be verified for a reason that is not the token’s', async () => {
    // The test's verifier reads the payload as JSON, which this one is not.
    expect((await revoke('claude', 'a.b.signature')).status).toBe(500);
  });

  it('knows a client by as much of its id as a grant keeps', async () => {
    const clientId = `https://app.example/${'a'.repeat(sizes.grantClientCharacters)}`;
    const login = {
      clientId,
      profile: 'claude',
      scopes: [],
      session: 'session-1',
      since: seconds(),
      expires: seconds() + 1000,
    };
    const { table, clock } = gatehouse;
    await beginGrant(table, subject, 'g', login, clock.now);
    expect(await listGrants(table, subject, clock.now)).toHaveLength(1);
    const revoked = await revoke(clientId, accessToken());
    expect(revoked.status).toBe(200);
    expect(revoked.log).toMatch(/"trail":"revocation".*"clientId":"https:.*"profile":"loopback"/);
    expect(await listGrants(table, subject, clock.now)).toEqual([]);
  });
});

describe('/token', () => {
  it('says which parameter is missing', async () => {
    const { body } = await gatehouse.token({ client_id: 'claude' });
    expect(JSON.parse(body)).toMatchObject({
      error: 'invalid_request',
      error_description: 'The parameter grant_type is missing.',
    });
  });

  it.each(['client_secret', 'client_assertion'])('takes no %s, and says so', async (name) => {
    const { status, body, headers } = await gatehouse.token({ client_id: 'claude', [name]: 'x' });
    expect(status).toBe(401);
    expect(JSON.parse(body)).toMatchObject({
      error: 'invalid_client',
      error_description:
        'Clients identify themselves by client_id and authenticate by nothing else.',
    });
    expect(headers).not.toHaveProperty('www-authenticate');
  });

  it('tells a client that it does not know what to do, and the log why it was refused', async () => {
    const { body, log } = await gatehouse.token({
      grant_type: 'refresh_token',
      client_id: 'nobody',
      refresh_token: 'claude.AAAA',
    });
    expect(JSON.parse(body).error_description).toContain('Register again');
    expect(log).toContain('invalid_grant');
  });
});
