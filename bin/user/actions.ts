import { endGrant, liveGrants } from '../../lambdas/store/grants.ts';
import { personalLimit, usageIn } from '../../lambdas/store/user-windows.ts';
import {
  blockUser,
  isBlocked,
  liftLimit,
  limitUser,
  listBlocked,
  signOutUser,
  unblockUser,
  userKey,
} from '../../lambdas/store/users.ts';
import { UserError } from '../../lib/user-error.ts';
import { type CallLimit, mostUserCalls } from '../../policy/limits.ts';
import { nearest } from '../../policy/nearest-word.ts';
import { AwsError } from '../aws/error.ts';
import { recorded } from '../target/operator-trail.ts';
import type { Target } from '../target/target.ts';
import type { Outcome } from '../terminal/outcome.ts';
import { isAddress, type Person, type UserPool } from './cognito.ts';

/** Whom and what a command works on. */
export interface Users {
  readonly pool: UserPool;
  readonly target: Pick<Target, 'table' | 'scan' | 'write'>;
  readonly now: Date;
}

const session =
  "A browser's session at Cognito lasts up to an hour, and nothing but time ends it: whoever holds that browser may log in anew until then, unless the user is blocked.";

const nameOf = ({ email, sub }: Person): string => email ?? sub;
const minute = (seconds: number): string =>
  `${new Date(seconds * 1000).toISOString().slice(0, 16)}Z`;

const invite = async (
  { pool, target }: Users,
  email: string,
  { resend = false }: { readonly resend?: boolean | undefined },
): Promise<Outcome> => {
  if (!isAddress(email)) throw new UserError(`${email} is no email address.`);
  const person = await recorded(
    target.write,
    { command: 'user invite' },
    () => pool.create(email, resend),
    ({ sub }) => ({ sub }),
  ).catch((error: unknown) => {
    const exists = error instanceof AwsError && error.code === 'UsernameExistsException';
    if (!exists) throw error;
    throw new UserError(
      `${email} is a user already. Send the invitation again with --resend; whoever has a password gets a new one by "reset".`,
    );
  });
  return {
    text: `${email} is invited: Cognito sends a temporary password, which is good for some days, and the first login asks for a new one. Their sub is ${person.sub}.`,
    json: { email, sub: person.sub, status: person.status },
  };
};

const row = (person: Person, blocked: ReadonlySet<string>) => ({
  sub: person.sub,
  email: person.email,
  emailVerified: person.emailVerified,
  status: person.status,
  isEnabled: person.isEnabled,
  isBlocked: blocked.has(person.sub),
});

const list = async (
  { pool, target }: Users,
  { blocked: only = false }: { readonly blocked?: boolean | undefined },
): Promise<Outcome> => {
  const blocked = new Set(await listBlocked(target.scan));
  const rows: ReturnType<typeof row>[] = [];
  for await (const person of pool.users()) rows.push(row(person, blocked));
  const known = new Set(rows.map(({ sub }) => sub));
  // A block outlives its user's place in the pool.
  const gone = [...blocked].filter((sub) => !known.has(sub));
  const shown = only ? rows.filter(({ isBlocked }) => isBlocked) : rows;
  const lines = [
    ...shown.map(({ sub, email, status, isBlocked, isEnabled }) =>
      [sub, (email ?? '').padEnd(32), status, isBlocked && 'blocked', !isEnabled && 'disabled']
        .filter((part) => part !== false)
        .join('  '),
    ),
    ...gone.map((sub) => `${sub}  blocked, and no longer in the user pool`),
  ];
  return {
    text: lines.join('\n') || (only ? 'Nobody is blocked.' : 'The user pool has no users.'),
    json: { users: shown, blockedWithoutUser: gone },
  };
};

const show = async ({ pool, target, now }: Users, user: string): Promise<Outcome> => {
  const person = await pool.find(user);
  const [groups, item] = await Promise.all([
    pool.groupsOf(person),
    target.table.get(userKey(person.sub), { consistent: true }),
  ]);
  const grants = liveGrants(item, now);
  const usage = usageIn(item ?? {}, now);
  const blocked = isBlocked(item);
  const [latest] = grants;
  const lines = [
    `${nameOf(person)}  (sub ${person.sub})`,
    `status      ${person.status}${person.isEnabled ? '' : ', disabled in Cognito'}${blocked ? ', blocked' : ''}`,
    `email       ${person.email ?? 'none'}${person.emailVerified ? ', verified' : ', not verified: no token carries it'}`,
    `groups      ${groups.join(', ') || 'none'}`,
    `calls       ${usage.minute} this minute, ${usage.hour} this hour`,
    `limit       ${limitWords(usage.personal)}`,
    `last use    ${latest === undefined ? 'logged in nowhere' : minute(latest.used)}`,
    ...grants.map(
      ({ id, clientId, profile, since, used }) =>
        `grant       ${id}  ${profile}  since ${minute(since)}  last used ${minute(used)}  ${clientId}`,
    ),
  ];
  const { username: _, since, ...known } = person;
  return {
    text: lines.join('\n'),
    json: { ...known, since, isBlocked: blocked, groups, limit: usage.personal, usage, grants },
  };
};

const limitWords = ({ perMinute, perHour }: CallLimit): string =>
  [
    ...(perMinute === undefined ? [] : [`${perMinute} calls a minute`]),
    ...(perHour === undefined ? [] : [`${perHour} calls an hour`]),
  ].join(', ') || "everybody's, or that of their groups";

const readCalls = (option: keyof CallLimit, flag: string, given: unknown): CallLimit => {
  if (given === undefined) return {};
  const calls = Number(given);
  const most = mostUserCalls[option];
  if (typeof given !== 'string' || !/^\d+$/.test(given) || calls < 1 || calls > most)
    throw new UserError(`${flag} is "${given}": take a whole number from 1 to ${most}.`);
  return { [option]: calls };
};

/** What a person's limit is to be: figures, or `lift` for none of their own. */
export interface LimitChange {
  readonly perMinute?: unknown;
  readonly perHour?: unknown;
  readonly lift?: boolean;
}

const limit = async (
  { pool, target }: Users,
  user: string,
  { perMinute, perHour, lift = false }: LimitChange,
): Promise<Outcome> => {
  const wanted = {
    ...readCalls('perMinute', '--per-minute', perMinute),
    ...readCalls('perHour', '--per-hour', perHour),
  };
  if (lift === Object.keys(wanted).length > 0)
    throw new UserError(
      'Say how many calls (--per-minute 120, --per-hour 5000), or --lift for no limit of their own.',
    );
  const person = await pool.find(user);
  const { sub } = person;
  await recorded(
    target.write,
    { command: 'user limit', sub, detail: lift ? 'lifted' : limitWords(wanted) },
    () => (lift ? liftLimit(target.table, sub) : limitUser(target.table, sub, wanted)),
  );
  const item = await target.table.get(userKey(person.sub), { consistent: true });
  const personal = personalLimit(item);
  return {
    text: `The limit of ${nameOf(person)} is ${limitWords(personal)}, from the next call on. Limits of tools hold beside it.`,
    json: { sub: person.sub, limit: personal },
  };
};

const groupChange =
  (change: 'addToGroup' | 'removeFromGroup', command: string, words: string) =>
  async ({ pool, target }: Users, user: string, group: string): Promise<Outcome> => {
    const person = await pool.find(user);
    await recorded(target.write, { command, sub: person.sub, detail: group }, () =>
      pool[change](person, group),
    ).catch(async (error: unknown) => {
      const isUnknown = error instanceof AwsError && error.code === 'ResourceNotFoundException';
      if (!isUnknown) throw error;
      const groups = await pool.groups();
      const near = nearest(group, groups);
      throw new UserError(
        `There is no group ${group}${near === undefined ? '' : `: did you mean ${near}?`} (${groups.join(', ') || 'the pool has none'})`,
      );
    });
    return {
      text: `${nameOf(person)} is ${words} ${group}. Access tokens say so from the next refresh on, 15 minutes at most.`,
      json: { sub: person.sub, groups: await pool.groupsOf(person) },
    };
  };

const groupAdd = groupChange('addToGroup', 'user group add', 'in the group');
const groupRemove = groupChange('removeFromGroup', 'user group remove', 'no longer in the group');

const groupCreate = async ({ pool, target }: Users, name: string): Promise<Outcome> => {
  await recorded(target.write, { command: 'user group create', detail: name }, () =>
    pool.createGroup(name),
  );
  return { text: `The group ${name} is there, and empty.`, json: { groups: await pool.groups() } };
};

const groupList = async ({ pool }: Users): Promise<Outcome> => {
  const groups = await pool.groups();
  return { text: groups.join('\n') || 'The user pool has no groups.', json: { groups } };
};

const reset = async ({ pool, target, now }: Users, user: string): Promise<Outcome> => {
  const person = await pool.find(user);
  if (person.status === 'FORCE_CHANGE_PASSWORD')
    throw new UserError(
      `${nameOf(person)} was invited and never logged in, so there is no password to reset: "invite --resend" sends a new invitation.`,
    );
  if (!person.emailVerified)
    throw new UserError(
      `The email address of ${nameOf(person)} is not verified, so Cognito can send no code to it.`,
    );
  await recorded(target.write, { command: 'user reset', sub: person.sub }, async () => {
    await pool.resetPassword(person);
    await signOutUser(target.table, person.sub, now);
  });
  return {
    text: `The password of ${nameOf(person)} no longer works; Cognito sends a code with which they choose a new one. They are signed out everywhere. ${session}`,
    json: { sub: person.sub, reset: true },
  };
};

const block = async ({ pool, target, now }: Users, user: string): Promise<Outcome> => {
  const person = await pool.find(user);
  await recorded(target.write, { command: 'user block', sub: person.sub }, () =>
    blockUser(target.table, person.sub, now),
  );
  return {
    text: `${nameOf(person)} is blocked. Every new call, refresh and login is refused from now on, and what was issued before stays refused after an unblock. A call that is running goes on until it ends (15 minutes at most).`,
    json: { sub: person.sub, blocked: true },
  };
};

const unblock = async ({ pool, target, now }: Users, user: string): Promise<Outcome> => {
  const person = await pool.find(user);
  await recorded(target.write, { command: 'user unblock', sub: person.sub }, () =>
    unblockUser(target.table, person.sub, now),
  );
  return {
    text: `${nameOf(person)} is unblocked. They have to log in again in each client: nothing from before works.`,
    json: { sub: person.sub, blocked: false },
  };
};

const signOut = async (
  { pool, target, now }: Users,
  user: string,
  id: string | undefined,
): Promise<Outcome> => {
  const person = await pool.find(user);
  if (id === undefined) {
    await recorded(target.write, { command: 'user sign-out', sub: person.sub }, () =>
      signOutUser(target.table, person.sub, now),
    );
    return {
      text: `${nameOf(person)} is signed out everywhere: every call and refresh of a login until now is refused. They may log in again. A call that is running goes on until it ends (15 minutes at most). ${session}`,
      json: { sub: person.sub, signedOut: true },
    };
  }
  const grants = liveGrants(await target.table.get(userKey(person.sub), { consistent: true }), now);
  const grant = grants.find((each) => each.id === id);
  if (grant === undefined)
    throw new UserError(`${nameOf(person)} has no grant ${id}: "show" lists them.`);
  await recorded(
    target.write,
    { command: 'user sign-out', sub: person.sub, detail: `grant ${id}` },
    () => endGrant(target.table, person.sub, id, grant.session, now),
  );
  return {
    text: `The grant ${id} of ${nameOf(person)} has ended: its next call and refresh are refused. Their other logins go on.`,
    json: { sub: person.sub, signedOut: id },
  };
};

const remove = async ({ pool, target, now }: Users, user: string): Promise<Outcome> => {
  const person = await pool.find(user);
  await recorded(target.write, { command: 'user delete', sub: person.sub }, async () => {
    // First, so that no token outlives the user; the mark goes by itself, weeks later.
    await signOutUser(target.table, person.sub, now);
    await pool.delete(person);
  });
  return {
    text: `${nameOf(person)} is deleted, and everything that was issued to them is refused.`,
    json: { sub: person.sub, deleted: true },
  };
};

/** What the commands do, by name. */
export const userActions = {
  invite,
  list,
  show,
  groupList,
  groupCreate,
  groupAdd,
  groupRemove,
  reset,
  block,
  unblock,
  limit,
  signOut,
  remove,
};
