import { aClient, aPool } from './a-pool.ts';

/** Where the sign-up page of a pool leads. */
const answerOf = async (overrides: Parameters<typeof aPool>[0]) => {
  const pool = await aPool(overrides);
  try {
    const login = await pool.get(`/login?${pool.authorizeQuery()}`);
    const page = await pool.get(`/signup?${pool.authorizeQuery()}`);
    return {
      link: (await login.text()).includes('/signup?'),
      status: page.status,
      location: page.headers.get('location')?.split('?')[0],
    };
  } finally {
    await pool.cognito.stop();
  }
};

it('is offered where people may sign up', async () => {
  expect(await answerOf({ selfSignUp: true })).toEqual({
    link: true,
    status: 200,
    location: undefined,
  });
});

it.each<[string, Parameters<typeof aPool>[0]]>([
  ['administrators alone make users', {}],
  [
    'nobody has a password here',
    { selfSignUp: true, clients: [aClient({ identityProviders: ['Okta'] })] },
  ],
])('is not there where %s', async (_, overrides) => {
  expect(await answerOf(overrides)).toMatchObject({ link: false, status: 302, location: '/login' });
});

it('takes no code for another step', async () => {
  const pool = await aPool({ selfSignUp: true });
  try {
    const response = await pool.post(`/confirmUser?${pool.authorizeQuery()}`, {
      step: 'a',
      code: '1',
    });
    expect(response.headers.get('location')).toMatch(/^\/login\?/);
  } finally {
    await pool.cognito.stop();
  }
});
