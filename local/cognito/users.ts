import { randomBytes, randomInt, randomUUID, scrypt, timingSafeEqual } from 'node:crypto';
import { promisify } from 'node:util';
import { passwordPolicy } from '../../policy/identity.ts';
import type { KeptUser } from './kept-user.ts';

const derive = promisify<string, Buffer, number, Buffer>(scrypt);
const hashBytes = 32;

/** Somebody in the directory. Passwords are kept as scrypt hashes. */
export interface User {
  readonly email: string;
  readonly password: string;
  /** Default: a random UUID. */
  readonly sub?: string;
  /** Default: the `sub`, as in a pool whose people sign in by email. */
  readonly username?: string;
  /**
   * Whether the address is verified. An administrator who makes a user has to say so: without it
   * the tokens say that it is not, and no code for a new password can be sent.
   * @default false
   */
  readonly emailVerified?: boolean;
  /** Further attributes, for the trigger's event. */
  readonly attributes?: Readonly<Record<string, string>>;
  /** Groups of the pool. @default those of an earlier run, else none */
  readonly groups?: readonly string[];
}

/** The statuses that the emulated operations lead to. */
export type UserStatus = KeptUser['status'];

/** Somebody in the directory, without the password. */
export interface Person {
  readonly sub: string;
  readonly username: string;
  readonly email: string;
  readonly status: UserStatus;
  /** Epoch seconds. */
  readonly since: number;
  readonly groups: readonly string[];
  /** As the trigger sees them. */
  readonly attributes: Readonly<Record<string, string>>;
}

export interface Directory {
  /** `undefined` for a wrong password and for an unknown name alike, after the same work. */
  signIn(name: string, password: string): Promise<Person | undefined>;
  bySub(sub: string): Person | undefined;
  byEmail(email: string): Person | undefined;
  /** By what an operation calls `Username`: the user name, the sub or the address. */
  byName(name: string): Person | undefined;
  all(): readonly Person[];
  first(): Person | undefined;
  /** Makes a user whose first login asks for a new password. @returns the temporary one, too */
  invite(attributes: Readonly<Record<string, string>>): Promise<Invitation>;
  /**
   * Puts in whom a provider sends, or brings their attributes up to date. @returns their `sub`
   */
  fromProvider(arrival: Arrival): Promise<string>;
  /** A new temporary password. */
  inviteAgain(sub: string): Promise<string>;
  setPassword(sub: string, password: string): Promise<void>;
  /** The password works no longer. @returns the code with which a new one can be chosen */
  reset(sub: string): string;
  /** Makes a user who has not shown yet that the address is theirs. */
  signUp(email: string, password: string): Promise<Person>;
  /** A code to be mailed, in place of one from before. */
  newCode(sub: string): string;
  /** Whether a code is the last one that was made for them. A wrong one counts. */
  confirmCode(sub: string, code: string): boolean;
  /** The address is theirs. */
  confirmSignUp(sub: string): void;
  setGroups(sub: string, groups: readonly string[]): void;
  delete(sub: string): void;
  /** All of them, for a restart. */
  state(): KeptUser[];
}

/** Somebody whom a provider sends. */
export interface Arrival {
  /** `<provider>_<their sub there>` */
  readonly username: string;
  readonly attributes: Readonly<Record<string, string>>;
  /** The group that Cognito has for the provider. */
  readonly group: string;
}

export interface Invitation {
  readonly person: Person;
  readonly temporaryPassword: string;
}

/** How often a code may be tried. Cognito's own bound is not documented. */
const codeAttempts = 5;

/** "The temporary password": letters, digits and a symbol, as the pool's policy wants them. */
const temporaryPassword = (): string =>
  `${randomBytes(passwordPolicy.minimumLength).toString('base64url')}-Aa1`;

const hashed = async (password: string): Promise<Pick<KeptUser, 'salt' | 'hash'>> => {
  const salt = randomBytes(16);
  const hash = await derive(password, salt, hashBytes);
  return { salt: salt.toString('base64'), hash: hash.toString('base64') };
};

const enter = async (user: User, now: number, kept: KeptUser | undefined): Promise<KeptUser> => {
  const sub = user.sub ?? randomUUID();
  return {
    sub,
    username: user.username ?? sub,
    status: 'CONFIRMED',
    since: kept?.since ?? now,
    groups: [...(user.groups ?? kept?.groups ?? [])],
    attributes: {
      sub,
      email_verified: String(user.emailVerified ?? false),
      email: user.email,
      ...user.attributes,
    },
    ...(await hashed(user.password)),
  };
};

const personOf = ({ sub, username, status, since, groups, attributes }: KeptUser): Person => ({
  sub,
  username,
  email: attributes['email'] ?? '',
  status,
  since,
  groups,
  attributes: { ...attributes, 'cognito:user_status': status },
});

/**
 * @param users - whom the configuration names: they are there whatever an earlier run kept
 * @param kept - everybody of an earlier run
 */
export const makeDirectory = async (
  users: readonly User[],
  now: () => number,
  kept: readonly KeptUser[] = [],
): Promise<Directory> => {
  const named = await Promise.all(
    users.map((user) =>
      enter(
        user,
        now(),
        kept.find(({ sub }) => sub === user.sub),
      ),
    ),
  );
  const isNamed = ({ sub, status, attributes }: KeptUser): boolean =>
    status !== 'EXTERNAL_PROVIDER' &&
    named.some((each) => each.sub === sub || each.attributes['email'] === attributes['email']);
  const entries = new Map(
    [...named, ...kept.filter((entry) => !isNamed(entry))].map((entry) => [entry.sub, entry]),
  );
  const codes = new Map<string, { readonly code: string; attempts: number }>();
  const nobody = await hashed(randomUUID());
  const find = (is: (person: Person) => boolean): Person | undefined =>
    [...entries.values()].map(personOf).find(is);
  const sameEmail = (email: string) => (person: Person) =>
    person.email.toLowerCase() === email.toLowerCase();
  const isName = (name: string) => (person: Person) =>
    person.username === name || person.sub === name || sameEmail(name)(person);
  const change = (sub: string, changed: Partial<KeptUser>): void => {
    const entry = entries.get(sub);
    if (entry !== undefined) entries.set(sub, { ...entry, ...changed });
  };
  const withTemporaryPassword = async (sub: string): Promise<string> => {
    const password = temporaryPassword();
    change(sub, { ...(await hashed(password)), status: 'FORCE_CHANGE_PASSWORD', since: now() });
    return password;
  };
  const newCode = (sub: string): string => {
    const code = String(randomInt(1_000_000)).padStart(6, '0');
    codes.set(sub, { code, attempts: 0 });
    return code;
  };
  return {
    signIn: async (name, password) => {
      // Whom a provider sends has no password here.
      const person = find((each) => each.status !== 'EXTERNAL_PROVIDER' && isName(name)(each));
      const { salt, hash } = entries.get(person?.sub ?? '') ?? nobody;
      const derived = await derive(password, Buffer.from(salt, 'base64'), hashBytes);
      return timingSafeEqual(derived, Buffer.from(hash, 'base64')) ? person : undefined;
    },
    bySub: (sub) => find((person) => person.sub === sub),
    byEmail: (email) => find(sameEmail(email)),
    byName: (name) => find(isName(name)),
    all: () => [...entries.values()].map(personOf),
    first: () => find(() => true),
    invite: async (attributes) => {
      const sub = randomUUID();
      const entry = { sub, username: sub, since: now(), groups: [], salt: '', hash: '' };
      entries.set(sub, {
        ...entry,
        status: 'FORCE_CHANGE_PASSWORD',
        attributes: { sub, ...attributes },
      });
      const password = await withTemporaryPassword(sub);
      const made = entries.get(sub);
      if (made === undefined) throw new Error('The user is gone already.');
      return { person: personOf(made), temporaryPassword: password };
    },
    fromProvider: async ({ username, attributes, group }) => {
      const known = find((person) => person.username === username);
      const sub = known?.sub ?? randomUUID();
      const entry = entries.get(sub) ?? {
        sub,
        username,
        status: 'EXTERNAL_PROVIDER' as const,
        since: now(),
        groups: [],
        attributes: { sub },
        ...(await hashed(randomUUID())),
      };
      entries.set(sub, {
        ...entry,
        groups: [...new Set([...entry.groups, group])],
        attributes: { ...entry.attributes, ...attributes },
      });
      return sub;
    },
    inviteAgain: withTemporaryPassword,
    setPassword: async (sub, password) =>
      change(sub, { ...(await hashed(password)), status: 'CONFIRMED' }),
    reset: (sub) => {
      change(sub, { status: 'RESET_REQUIRED' });
      return newCode(sub);
    },
    signUp: async (email, password) => {
      const sub = randomUUID();
      const entry: KeptUser = {
        sub,
        username: sub,
        status: 'UNCONFIRMED',
        since: now(),
        groups: [],
        attributes: { sub, email, email_verified: 'false' },
        ...(await hashed(password)),
      };
      entries.set(sub, entry);
      return personOf(entry);
    },
    newCode,
    confirmSignUp: (sub) =>
      change(sub, {
        status: 'CONFIRMED',
        attributes: { ...entries.get(sub)?.attributes, email_verified: 'true' },
      }),
    confirmCode: (sub, code) => {
      const known = codes.get(sub);
      if (known === undefined) return false;
      known.attempts += 1;
      const isRight = known.code === code && known.attempts <= codeAttempts;
      if (isRight) codes.delete(sub);
      return isRight;
    },
    setGroups: (sub, groups) => change(sub, { groups: [...groups] }),
    delete: (sub) => {
      entries.delete(sub);
      codes.delete(sub);
    },
    state: () => [...entries.values()],
  };
};
