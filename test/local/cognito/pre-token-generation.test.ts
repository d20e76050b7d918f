import type { PreTokenGenerationEvent } from '../../../local/cognito/cognito.ts';
import { aPool, claimsOf, email, jsonOf, password } from './a-pool.ts';

type Pool = Awaited<ReturnType<typeof aPool>>;

const poolWith = async (
  answer: (event: PreTokenGenerationEvent) => unknown,
  test: (pool: Pool, events: PreTokenGenerationEvent[]) => Promise<void>,
  options: Parameters<typeof aPool>[0] = {},
) => {
  const events: PreTokenGenerationEvent[] = [];
  const pool = await aPool({
    ...options,
    preTokenGeneration: async (event) => {
      events.push(event);
      return answer(event);
    },
  });
  await test(pool, events);
  await pool.cognito.stop();
};

const adding = (claims: Record<string, unknown>) => (event: PreTokenGenerationEvent) => ({
  ...event,
  response: {
    claimsAndScopeOverrideDetails: { accessTokenGeneration: { claimsToAddOrOverride: claims } },
  },
});

describe('the pre-token-generation trigger', () => {
  it('is sent a version 2 event at the login and at each refresh', () =>
    poolWith(adding({}), async (pool, events) => {
      const { refresh_token = '' } = await pool.tokens({ scope: 'gatehouse/tools.read' });
      await pool.refresh(refresh_token);
      expect(events.map(({ triggerSource }) => triggerSource)).toEqual([
        'TokenGeneration_HostedAuth',
        'TokenGeneration_RefreshTokens',
      ]);
      expect(events[0]).toEqual({
        version: '2',
        triggerSource: 'TokenGeneration_HostedAuth',
        region: 'eu-west-1',
        userPoolId: 'eu-west-1_AbCdEf123',
        userName: expect.any(String),
        callerContext: { awsSdkVersion: expect.any(String), clientId: pool.client.clientId },
        request: {
          userAttributes: expect.objectContaining({ email, email_verified: 'true' }),
          groupConfiguration: { groupsToOverride: [], iamRolesToOverride: [], preferredRole: null },
          scopes: ['gatehouse/tools.read'],
        },
        response: { claimsAndScopeOverrideDetails: null },
      });
    }));

  it('adds claims to the access token, refreshed ones included, and cannot change the fixed ones', () =>
    poolWith(adding({ email, sub: 'somebody else', client_id: 'x', exp: 1 }), async (pool) => {
      const first = await pool.tokens();
      const second = await jsonOf(await pool.refresh(first['refresh_token'] ?? ''));
      for (const token of [first, second]) {
        const claims = claimsOf(token['access_token']);
        expect(claims).toMatchObject({ email, client_id: pool.client.clientId });
        expect(claims['sub']).not.toBe('somebody else');
        expect(claims['exp']).not.toBe(1);
      }
    }));

  it('adds and suppresses scopes and claims', () =>
    poolWith(
      (event) => ({
        ...event,
        response: {
          claimsAndScopeOverrideDetails: {
            accessTokenGeneration: { scopesToAdd: ['extra'], scopesToSuppress: ['openid'] },
            idTokenGeneration: { claimsToSuppress: ['email', 'sub'] },
          },
        },
      }),
      async (pool) => {
        const { access_token, id_token } = await pool.tokens({ scope: 'openid email' });
        expect(claimsOf(access_token)['scope']).toBe('email extra');
        expect(claimsOf(id_token)).not.toHaveProperty('email');
        expect(claimsOf(id_token)).toHaveProperty('sub');
      },
    ));

  it('is told the groups of the pool, and puts others into both tokens', async () => {
    const users = [{ email, password, groups: ['finance'] }];
    await poolWith(
      (event) => ({
        ...event,
        response: {
          claimsAndScopeOverrideDetails: {
            groupOverrideDetails: {
              groupsToOverride: [
                ...event.request.groupConfiguration.groupsToOverride,
                'Domain Admins',
              ],
            },
          },
        },
      }),
      async (pool) => {
        const { access_token, id_token } = await pool.tokens({ scope: 'openid' });
        for (const token of [access_token, id_token])
          expect(claimsOf(token)['cognito:groups']).toEqual(['finance', 'Domain Admins']);
      },
      { users },
    );
  });

  it('takes the groups away when its answer says nothing of them, and keeps them without an answer', async () => {
    const users = [{ email, password, groups: ['finance'] }];
    const inToken = async (pool: Pool) => claimsOf((await pool.tokens())['access_token']);
    await poolWith(
      adding({ email }),
      async (pool) => expect(await inToken(pool)).not.toHaveProperty('cognito:groups'),
      { users },
    );
    await poolWith(
      (event) => event,
      async (pool) => expect((await inToken(pool))['cognito:groups']).toEqual(['finance']),
      { users },
    );
  });

  it('changes nothing when it returns the event as it came', () =>
    poolWith(
      (event) => event,
      async (pool) =>
        expect(claimsOf((await pool.tokens())['access_token'])).not.toHaveProperty('email'),
    ));

  it.each([
    ['throws', () => Promise.reject(new Error('boom'))],
    ['returns nonsense', () => 'nonsense'],
  ])('sends the browser back with an error when it %s', (_name, answer) =>
    poolWith(answer, async (pool) => {
      const location = new URL((await pool.logIn()).headers.get('location') ?? '');
      expect(Object.fromEntries(location.searchParams)).toEqual({
        error: 'invalid_request',
        error_description: 'PreTokenGeneration failed with error',
        state: 'the-state',
      });
    }),
  );
});
