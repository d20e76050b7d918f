import { randomBytes, randomUUID, scrypt, timingSafeEqual } from 'node:crypto';
import { promisify } from 'node:util';

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
}

/** Somebody in the directory, without the password. */
export interface Person {
  readonly sub: string;
  readonly username: string;
  readonly email: string;
  /** As the trigger sees them. */
  readonly attributes: Readonly<Record<string, string>>;
}

interface Entry {
  readonly person: Person;
  readonly salt: Buffer;
  readonly hash: Buffer;
}

export interface Directory {
  /** `undefined` for a wrong password and for an unknown name alike, after the same work. */
  signIn(name: string, password: string): Promise<Person | undefined>;
  bySub(sub: string): Person | undefined;
  byEmail(email: string): Person | undefined;
  first(): Person | undefined;
}

const enter = async (user: User): Promise<Entry> => {
  const sub = user.sub ?? randomUUID();
  const salt = randomBytes(16);
  return {
    person: {
      sub,
      username: user.username ?? sub,
      email: user.email,
      attributes: {
        sub,
        email_verified: String(user.emailVerified ?? false),
        'cognito:user_status': 'CONFIRMED',
        email: user.email,
        ...user.attributes,
      },
    },
    salt,
    hash: await derive(user.password, salt, hashBytes),
  };
};

export const makeDirectory = async (users: readonly User[]): Promise<Directory> => {
  const entries = await Promise.all(users.map(enter));
  const nobody = { salt: randomBytes(16), hash: randomBytes(hashBytes) };
  const find = (is: (person: Person) => boolean) => entries.find(({ person }) => is(person));
  const sameEmail = (email: string) => (person: Person) =>
    person.email.toLowerCase() === email.toLowerCase();
  return {
    signIn: async (name, password) => {
      const entry = find((person) => person.username === name || sameEmail(name)(person));
      const { salt, hash } = entry ?? nobody;
      const matches = timingSafeEqual(await derive(password, salt, hashBytes), hash);
      return matches ? entry?.person : undefined;
    },
    bySub: (sub) => find((person) => person.sub === sub)?.person,
    byEmail: (email) => find(sameEmail(email))?.person,
    first: () => entries[0]?.person,
  };
};
