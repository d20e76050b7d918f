import * as z from 'zod/mini';
import { groupName } from '../../policy/groups.ts';
import { personShapes } from '../../policy/identity.ts';
import { lifetimes } from '../../policy/lifetimes.ts';
import { sizes } from '../../policy/limits.ts';
import { type Machine, machineProfile, machineSubject } from '../../policy/machines.ts';
import { parseScopes, withImplied } from '../configuration/scopes.ts';
import type { Caller } from '../http/caller.ts';

// Whole seconds that a number holds exactly: `1e999` parses to Infinity, `1e300` compares as
// anything.
const seconds = z.int().check(z.gte(0));

/**
 * The claims of a Cognito access token that we read ("Understanding the access token", Cognito
 * developer guide).
 */
const shared = {
  iss: z.string(),
  token_use: z.string(),
  client_id: z.string(),
  exp: seconds,
  iat: seconds,
  nbf: z.optional(seconds),
  // AUTH-7. Cognito's subjects are UUIDs; what is stored, hashed and shown needs no other
  // characters.
  sub: z.string().check(z.regex(/^[A-Za-z0-9][A-Za-z0-9_-]{0,127}$/)),
  scope: z.string(),
};

/**
 * Names, and which of them are plain ASCII. A pattern that knows Unicode's categories is dear to make,
 * and nearly every name needs none.
 */
export const nameShapes = {
  username: { ascii: /^[!-~]{1,128}$/, all: () => /^[^\p{C}\s]{1,128}$/u },
  email: { ascii: /^[!-?A-~]{1,64}@[!-?A-~]{1,255}$/, all: personShapes.email },
  name: { ascii: /^[ -~]{1,128}$/, all: personShapes.name },
  group: { ascii: /^(?=.{1,128}$)[!-~]+(?: [!-~]+)*$/, all: groupName },
} as const;

const nameOf = (kind: keyof typeof nameShapes) => {
  const { ascii, all } = nameShapes[kind];
  return z.string().check(z.refine((name) => ascii.test(name) || all().test(name)));
};

const userClaims = z.object({
  ...shared,
  // RFC 7519 section 4.1.3 allows one audience as an array, too.
  aud: z.union([z.string(), z.array(z.string())]),
  username: nameOf('username'),
  email: z.optional(nameOf('email')),
  name: z.optional(nameOf('name')),
  /** Groups of the pool, and those that the trigger adds (lambdas/pre-token-generation). */
  'cognito:groups': z.optional(z.array(nameOf('group')).check(z.maxLength(sizes.groupsPerUser))),
  /** The login that the token comes of; there where the app client can revoke tokens. */
  origin_jti: z.optional(z.string().check(z.regex(/^[\w-]{1,64}$/))),
});

/**
 * Those of a machine's: nobody has logged in and no resource was bound, so a token that names a
 * user or an audience is none of `client_credentials`.
 */
const machineClaims = () => {
  const nothing = z.optional(z.undefined());
  return z.object({
    ...shared,
    aud: nothing,
    username: nothing,
    origin_jti: nothing,
    email: nothing,
    name: nothing,
    'cognito:groups': nothing,
  });
};

// Made with the first machine's token: most deployments know none.
let ofMachines: ReturnType<typeof machineClaims> | undefined;

export type Claims = z.infer<typeof userClaims> | z.infer<ReturnType<typeof machineClaims>>;

/** What a good token says about where it comes from and where it goes. */
export interface Expectation {
  readonly issuer: string;
  /** The resource URL (AUTH-6). */
  readonly audience: string;
  /** App client id to client profile. */
  readonly profiles: ReadonlyMap<string, string>;
  /** App client id to machine. */
  readonly machines: ReadonlyMap<string, Machine>;
}

/**
 * The claims of a token's payload, or undefined when one is missing or malformed, or is there in the
 * token of the other kind.
 */
export const parseClaims = (payload: object, { machines }: Expectation): Claims | undefined => {
  const id: unknown = Reflect.get(payload, 'client_id');
  const isMachine = typeof id === 'string' && machines.has(id);
  if (!isMachine) return userClaims.safeParse(payload).data;
  ofMachines ??= machineClaims();
  return ofMachines.safeParse(payload).data;
};

/**
 * AUTH-3 to AUTH-7: why a token with these claims is refused, in words for the log; undefined when
 * it is good.
 */
export const validateClaims = (
  claims: Claims,
  expected: Expectation,
  now: Date,
): string | undefined => {
  const time = Math.floor(now.getTime() / 1000);
  const latest = time + lifetimes.clockSkewSeconds;
  const isMachine = expected.machines.has(claims.client_id);
  // AUTH-4, AUTH-5.
  if (claims.iss !== expected.issuer) return 'another issuer';
  if (claims.token_use !== 'access') return 'not an access token';
  if (!isMachine && !expected.profiles.has(claims.client_id))
    return 'an app client that is not deployed';
  if (!(isMachine ? isOfItself(claims) : hasAudience(claims, expected))) return 'another audience';
  if (time >= claims.exp) return 'expired';
  if (claims.iat > latest) return 'issued in the future';
  if (time - claims.iat > lifetimes.tokenAgeSeconds) return 'issued too long ago';
  if ((claims.nbf ?? 0) > latest) return 'not valid yet';
  return undefined;
};

const hasAudience = ({ aud }: Claims, { audience }: Expectation): boolean =>
  typeof aud === 'string' ? aud === audience : aud?.length === 1 && aud[0] === audience;

/** A machine's token has no audience: its app client is of this deployment alone. */
const isOfItself = ({ aud, username, sub, client_id }: Claims): boolean =>
  aud === undefined && username === undefined && sub === client_id;

/** AUTH-10: who calls, by claims that were checked. */
export const callerFromClaims = (claims: Claims, expected: Expectation): Caller => {
  const machine = expected.machines.get(claims.client_id);
  return machine ? callerOfMachine(claims, machine) : callerOfUser(claims, expected);
};

/** What it may is the template's to say, whatever its token does. */
const callerOfMachine = ({ scope, iat, client_id }: Claims, machine: Machine): Caller => ({
  sub: machineSubject(machine.name),
  username: machine.name,
  machine: machine.name,
  scopes: withImplied(parseScopes(scope).filter((each) => machine.scopes.includes(each))),
  ...(machine.groups.length > 0 && { groups: machine.groups }),
  issuedAt: iat,
  clientId: client_id,
  profile: machineProfile(machine.name),
});

const callerOfUser = (claims: Claims, expected: Expectation): Caller => ({
  sub: claims.sub,
  username: claims.username ?? '',
  ...(claims.email !== undefined && { email: claims.email }),
  ...(claims.name !== undefined && { name: claims.name }),
  scopes: withImplied(parseScopes(claims.scope)),
  ...(claims['cognito:groups'] && { groups: [...new Set(claims['cognito:groups'])] }),
  ...(claims.origin_jti !== undefined && { session: claims.origin_jti }),
  issuedAt: claims.iat,
  clientId: claims.client_id,
  profile: expected.profiles.get(claims.client_id) ?? '',
});
