import { preSignUp } from '../../../lambdas/pre-sign-up/sign-up.ts';

const handler = preSignUp(['example.com', 'example.org']);

const event = (attributes: object, triggerSource = 'PreSignUp_SignUp') => ({
  version: '1',
  triggerSource,
  userName: 'b5a2c1d4-0000-4000-8000-000000000000',
  request: { userAttributes: attributes, validationData: null },
  response: { autoConfirmUser: false, autoVerifyEmail: false, autoVerifyPhone: false },
});

it.each(['ann@example.com', 'Ann.Lee+mcp@Example.ORG'])(
  'lets an address of a listed domain sign up, unconfirmed: %s',
  async (email) => {
    const given = event({ email });
    expect(await handler(given)).toBe(given);
  },
);

it.each([
  ['of another domain', 'ann@evil.example'],
  ['of a subdomain', 'ann@sub.example.com'],
  ['of a domain that only ends alike', 'ann@notexample.com'],
  ['with a second @', 'ann@example.com@evil.example'],
  ['with a quoted name', '"ann@evil.example"@example.com'],
  ['with a comment', 'ann(@evil.example)@example.com'],
  ['with a line end', 'ann@example.com\n'],
  ['with a domain that only looks alike', 'ann@ｅxample.com'],
  ['that is empty', ''],
])('refuses an address %s', async (_, email) => {
  await expect(handler(event({ email }))).rejects.toThrow(/may not sign up/);
});

it('refuses a sign-up that names groups, or no address', async () => {
  await expect(
    handler(event({ email: 'ann@example.com', 'custom:groups': '[admins]' })),
  ).rejects.toThrow(/groups cannot be chosen/);
  await expect(handler(event({}))).rejects.toThrow(/may not sign up/);
});

it.each(['PreSignUp_AdminCreateUser', 'PreSignUp_ExternalProvider'])(
  'lets whom others have decided about pass: %s',
  async (source) => {
    const given = event({ email: 'ann@evil.example', 'custom:groups': '[a]' }, source);
    expect(await handler(given)).toBe(given);
  },
);

it.each([null, {}, event({ email: 'ann@example.com' }, 'PreSignUp_Something')])(
  'refuses what it cannot read: %j',
  async (given) => {
    await expect(handler(given)).rejects.toThrow(/cannot be read/);
  },
);
