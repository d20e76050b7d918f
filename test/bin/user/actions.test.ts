import { randomUUID } from 'node:crypto';
import { makeAws } from '../../../bin/aws/aws.ts';
import { scanOf, tableOf } from '../../../bin/target/table.ts';
import { type Users, userActions } from '../../../bin/user/actions.ts';
import { userPoolOf } from '../../../bin/user/cognito.ts';
import { beginGrant } from '../../../lambdas/store/grants.ts';
import type { Mail } from '../../../local/cognito/mail.ts';
import type { Dynamodb } from '../../../local/dynamodb/dynamodb.ts';
import { aPool, claimsOf, jsonOf } from '../../local/cognito/a-pool.ts';
import { keptOperations } from '../operations.ts';
import { startUsersTable } from '../users-table.ts';

const mails: Mail[] = [];
const operations = keptOperations();
let pool: Awaited<ReturnType<typeof aPool>>;
let dynamodb: Dynamodb;
let users: Users;

/** What the commands reach: the pool, and the table beside it. */
const usersOf = ({ cognito: { apiPort, certificateAuthority } }: typeof pool): Users => {
  const aws = makeAws({
    region: 'eu-west-1',
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
    endpoints: {
      dynamodb: { url: dynamodb.endpoint },
      'cognito-idp': { url: `https://localhost:${apiPort}`, certificateAuthority },
    },
  });
  return {
    pool: userPoolOf(aws, 'eu-west-1_AbCdEf123'),
    target: { table: tableOf(aws, 'users'), scan: scanOf(aws, 'users'), write: operations.write },
    now: new Date(),
  };
};

beforeAll(async () => {
  pool = await aPool({ onMail: (mail) => mails.push(mail), groups: ['analysts', 'operators'] });
  dynamodb = await startUsersTable();
  users = usersOf(pool);
});
afterAll(() => Promise.all([pool.cognito.stop(), dynamodb.stop()]));

/** The new password that an invited person chooses, or one with a code. */
const chooses = async (
  page: Response,
  typed: Readonly<Record<string, string>>,
): Promise<Response> => {
  const step = /name="step" value="([^"]+)"/.exec(await page.text())?.[1] ?? '';
  const password = typed['password'] ?? '';
  return pool.post(`/changePassword?${pool.authorizeQuery()}`, {
    step,
    confirmation: password,
    ...typed,
  });
};

const wordIn = (mail: Mail | undefined): string => mail?.text.split(' ').at(-1) ?? '';
const goodPassword = 'A-good-password-1';

const invited = async (email: string): Promise<string> => {
  const { json } = await userActions.invite(users, email, {});
  return 'sub' in json && typeof json.sub === 'string' ? json.sub : '';
};

/** Somebody who has chosen a password. */
const someone = async (email: string): Promise<string> => {
  const sub = await invited(email);
  const page = await pool.logIn({}, { username: email, password: wordIn(mails.at(-1)) });
  await chooses(page, { password: goodPassword });
  return sub;
};

describe('gatehouse user', () => {
  it('invites somebody, who logs in with the mailed password and has to choose another', async () => {
    const sub = await invited('ada@example.com');
    expect(mails.at(-1)).toMatchObject({ to: 'ada@example.com' });
    const page = await pool.logIn(
      {},
      { username: 'ada@example.com', password: wordIn(mails.at(-1)) },
    );
    expect(page.status).toBe(200);
    const tooShort = await chooses(page.clone(), { password: 'Short-1' });
    expect(await tooShort.text()).toContain('Password not long enough');
    const differs = await chooses(page.clone(), { password: goodPassword, confirmation: 'other' });
    expect(await differs.text()).toContain('not the same');
    const done = await chooses(page, { password: goodPassword });
    const { access_token } = await jsonOf(await pool.redeem(pool.codeOf(done)));
    expect(claimsOf(access_token)['sub']).toBe(sub);
    const again = await pool.logIn({}, { username: 'ada@example.com', password: goodPassword });
    expect(pool.codeOf(again)).not.toBe('');
  });

  it('invites somebody whose address counts as verified', async () => {
    const sub = await invited('vera@example.com');
    expect((await userActions.show(users, sub)).json).toMatchObject({ emailVerified: true });
  });

  it('says who is there already, and sends an invitation again only before the first login', async () => {
    await invited('bob@example.com');
    const first = wordIn(mails.at(-1));
    await expect(userActions.invite(users, 'bob@example.com', {})).rejects.toThrow('--resend');
    await userActions.invite(users, 'bob@example.com', { resend: true });
    expect(wordIn(mails.at(-1))).not.toBe(first);
    const old = await pool.logIn({}, { username: 'bob@example.com', password: first });
    expect(old.status).toBe(400);
    await someone('carl@example.com');
    await expect(userActions.invite(users, 'carl@example.com', { resend: true })).rejects.toThrow(
      'UnsupportedUserStateException',
    );
    await expect(userActions.invite(users, 'no address', {})).rejects.toThrow('no email address');
  });

  it('refuses an invitation that is too old', async () => {
    await invited('late@example.com');
    const password = wordIn(mails.at(-1));
    pool.clock.now += 8 * 24 * 3600 * 1000;
    const response = await pool.logIn({}, { username: 'late@example.com', password });
    expect(await response.text()).toContain('has expired');
  });

  it('lists more users than a page holds, and who is blocked', async () => {
    const sub = await invited('blocked@example.com');
    await userActions.block(users, 'blocked@example.com');
    const state = await pool.cognito.state();
    const invitation = state.users.find((each) => each.sub === sub);
    if (invitation === undefined) throw new Error('Nobody was invited.');
    // A pool that has kept them: to invite each would take seconds of hashing.
    const many = Array.from({ length: 61 }, (_, index) => {
      const own = { sub: randomUUID(), email: `many-${index}@example.com` };
      const attributes = { ...invitation.attributes, ...own };
      return { ...invitation, sub: own.sub, username: own.sub, attributes };
    });
    const crowded = await aPool({ state: { ...state, users: [...many, invitation] } });
    const crowd = usersOf(crowded);
    try {
      const { json, text } = await userActions.list(crowd, {});
      expect(json).toMatchObject({
        users: expect.arrayContaining([
          expect.objectContaining({ sub, email: 'blocked@example.com', isBlocked: true }),
          expect.objectContaining({
            email: 'many-60@example.com',
            status: 'FORCE_CHANGE_PASSWORD',
          }),
        ]),
      });
      expect(text.split('\n').length).toBeGreaterThan(61);
      expect((await userActions.list(crowd, { blocked: true })).text).toBe(
        `${sub}  blocked@example.com               FORCE_CHANGE_PASSWORD  blocked`,
      );
    } finally {
      await crowded.cognito.stop();
    }
  });

  it('puts somebody into a group, which their tokens say, and names the nearest where there is none', async () => {
    await someone('dora@example.com');
    await userActions.groupAdd(users, 'dora@example.com', 'analysts');
    const tokens = async () => {
      const back = await pool.logIn({}, { username: 'dora@example.com', password: goodPassword });
      return claimsOf((await jsonOf(await pool.redeem(pool.codeOf(back))))['access_token']);
    };
    expect((await tokens())['cognito:groups']).toEqual(['analysts']);
    await expect(userActions.groupAdd(users, 'dora@example.com', 'analyst')).rejects.toThrow(
      'There is no group analyst: did you mean analysts? (analysts, operators)',
    );
    await userActions.groupRemove(users, 'dora@example.com', 'analysts');
    expect(await tokens()).not.toHaveProperty('cognito:groups');
    await userActions.groupCreate(users, 'auditors');
    expect((await userActions.groupList(users)).json).toEqual({
      groups: ['analysts', 'auditors', 'operators'],
    });
  });

  it('resets a password: the old one is good for nothing, the mailed code for a new one', async () => {
    await someone('eva@example.com');
    await userActions.reset(users, 'eva@example.com');
    const code = wordIn(mails.at(-1));
    const page = await pool.logIn({}, { username: 'eva@example.com', password: goodPassword });
    const wrong = await chooses(page.clone(), { password: 'Another-password-2', code: 'x' });
    expect(await wrong.text()).toContain('Invalid verification code');
    const done = await chooses(page, { password: 'Another-password-2', code });
    expect(pool.codeOf(done)).not.toBe('');
    await invited('new@example.com');
    await expect(userActions.reset(users, 'new@example.com')).rejects.toThrow('--resend');
  });

  it('shows groups, limits and grants, and ends one of them or all', async () => {
    const sub = await someone('finn@example.com');
    const since = Math.floor(users.now.getTime() / 1000) - 100;
    const grant = { clientId: 'client_1', profile: 'claude', scopes: [], since };
    for (const id of ['a', 'b'])
      await beginGrant(
        users.target.table,
        sub,
        id,
        { ...grant, session: `session-${id}`, expires: since + 5000 },
        users.now,
      );
    const { text, json } = await userActions.show(users, 'finn@example.com');
    expect(json).toMatchObject({
      sub,
      status: 'CONFIRMED',
      groups: [],
      grants: [{ clientId: 'client_1' }, { clientId: 'client_1' }],
      usage: { minute: 0, hour: 0 },
    });
    expect(text).toContain('claude');
    const ids = async () => {
      const { grants } = Object(await userActions.show(users, sub)).json;
      return grants.map(({ id }: { readonly id: string }) => id).sort();
    };
    await userActions.signOut(users, sub, 'a');
    expect(await ids()).toEqual(['b']);
    await expect(userActions.signOut(users, sub, 'a')).rejects.toThrow('has no grant a');
    await userActions.signOut(users, sub, undefined);
    expect(await ids()).toEqual([]);
  });

  it('gives somebody a limit of their own, and takes it away', async () => {
    const sub = await someone('hal@example.com');
    const own = async () => Object(await userActions.show(users, sub));
    expect((await own()).text).toContain("limit       everybody's, or that of their groups");
    const { text, json } = await userActions.limit(users, 'hal@example.com', { perMinute: '120' });
    expect(text).toBe(
      'The limit of hal@example.com is 120 calls a minute, from the next call on. Limits of tools hold beside it.',
    );
    expect(json).toEqual({ sub, limit: { perMinute: 120 } });
    await userActions.limit(users, sub, { perHour: '5000' });
    expect((await own()).json.limit).toEqual({ perMinute: 120, perHour: 5000 });
    await userActions.limit(users, sub, { lift: true });
    expect((await own()).json.limit).toEqual({});
  });

  it.each([
    [{}, 'Say how many calls'],
    [{ perMinute: '5', lift: true }, 'Say how many calls'],
    [{ perMinute: '0' }, '--per-minute is "0": take a whole number from 1 to 100000.'],
    [{ perHour: '1e3' }, '--per-hour is "1e3": take a whole number from 1 to 1000000.'],
  ])('refuses the limit %j before it looks anybody up', async (change, reason) => {
    await expect(userActions.limit(users, 'nobody@example.com', change)).rejects.toThrow(reason);
  });

  it('deletes somebody: their tokens are refused by the mark that stays', async () => {
    const sub = await someone('gil@example.com');
    await userActions.remove(users, 'gil@example.com');
    await expect(userActions.show(users, 'gil@example.com')).rejects.toThrow('Nobody');
    const item = await users.target.table.get(`user#${sub}`, { consistent: true });
    expect(item).toMatchObject({ notBefore: expect.any(Number), expiresAt: expect.any(Number) });
    const login = await pool.logIn({}, { username: 'gil@example.com', password: goodPassword });
    expect(login.status).toBe(400);
  });
});

describe('every change that a command makes (LOG-6)', () => {
  const untold = () => ({
    ...users,
    target: { ...users.target, write: () => Promise.reject(new Error('no trail')) },
  });

  it.each<[string, readonly unknown[], (who: Users, sub: string) => Promise<unknown>]>([
    [
      'user limit',
      ['5 calls a minute'],
      (who, sub) => userActions.limit(who, sub, { perMinute: '5' }),
    ],
    ['user limit', ['lifted'], (who, sub) => userActions.limit(who, sub, { lift: true })],
    ['user group add', ['analysts'], (who, sub) => userActions.groupAdd(who, sub, 'analysts')],
    [
      'user group remove',
      ['analysts'],
      (who, sub) => userActions.groupRemove(who, sub, 'analysts'),
    ],
    ['user block', [], (who, sub) => userActions.block(who, sub)],
    ['user unblock', [], (who, sub) => userActions.unblock(who, sub)],
    ['user reset', [], (who, sub) => userActions.reset(who, sub)],
    ['user sign-out', [], (who, sub) => userActions.signOut(who, sub, undefined)],
    ['user delete', [], (who, sub) => userActions.remove(who, sub)],
  ])(
    'is told to the audit trail first, and is not made without it: %s %j',
    async (command, [detail], act) => {
      const sub = await someone(`told-${crypto.randomUUID()}@example.com`);
      const shown = async () => (await userActions.show(users, sub)).json;
      const before = await shown();
      await expect(act(untold(), sub)).rejects.toThrow('no trail');
      expect(await shown()).toEqual(before);
      operations.told.length = 0;
      await act(users, sub);
      const told = { command, sub, ...(detail !== undefined && { detail }) };
      expect(operations.told).toEqual([told, { ...told, outcome: 'ok' }]);
    },
  );

  it('is told of a grant by its id, of a group by its name, and of an invitation by who was made', async () => {
    operations.told.length = 0;
    const { json } = await userActions.invite(users, 'told@example.com', {});
    await userActions.groupCreate(users, 'told');
    expect(operations.told).toEqual([
      { command: 'user invite' },
      { command: 'user invite', outcome: 'ok', sub: Reflect.get(json, 'sub') },
      { command: 'user group create', detail: 'told' },
      { command: 'user group create', detail: 'told', outcome: 'ok' },
    ]);
    expect(JSON.stringify(operations.told)).not.toContain('told@example.com');
  });
});
