import { groupName } from '../../policy/groups.ts';
import { personShapes } from '../../policy/identity.ts';
import { lifetimes } from '../../policy/lifetimes.ts';
import { sizes } from '../../policy/limits.ts';
import { type Machine, machineProfile, machineSubject } from '../../policy/machines.ts';
import { parseScopes, withImplied } from '../configuration/scopes.ts';
import type { Caller } from '../http/caller.ts';

/**
 * The claims of a Cognito access token that we read ("Understanding the access token", Cognito
 * developer guide). A machine's token has none of a user's: nobody has logged in and no resource was
 * bound.
 */
export interface Claims {
  readonly iss: string;
  readonly token_use: string;
  readonly client_id: string;
  readonly exp: number;
  readonly iat: number;
  readonly nbf?: number | undefined;
  readonly sub: string;
  readonly scope: string;
  /** RFC 7519 section 4.1.3 allows one audience as an array, too. */
  readonly aud?: string | string[] | undefined;
  readonly username?: string | undefined;
  readonly email?: string | undefined;
  readonly name?: string | undefined;
  /** Groups of the pool, and those that the trigger adds (lambdas/pre-token-generation). */
  readonly 'cognito:groups'?: readonly string[] | undefined;
  /** The login that the token comes of; there where the app client can revoke tokens. */
  readonly origin_jti?: string | undefined;
}

type Members = Readonly<Record<string, unknown>>;

const isString = (value: unknown): value is string => typeof value === 'string';

// Whole seconds that a number holds exactly: `1e999` parses to Infinity, `1e300` compares as
// anything.
const isTime = (value: unknown): value is number =>
  typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;

// AUTH-7. Cognito's subjects are UUIDs; what is stored, hashed and shown needs no other characters.
const subject = /^[A-Za-z0-9][A-Za-z0-9_-]{0,127}$/;

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

const isName = (kind: keyof typeof nameShapes, value: unknown): value is string => {
  const { ascii, all } = nameShapes[kind];
  return isString(value) && (ascii.test(value) || all().test(value));
};

const isAudience = (value: unknown): value is string | string[] =>
  isString(value) || (Array.isArray(value) && value.every(isString));

const areGroups = (value: unknown): value is readonly string[] =>
  Array.isArray(value) &&
  value.length <= sizes.groupsPerUser &&
  value.every((group) => isName('group', group));

const session = /^[\w-]{1,64}$/;

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
 * token of the other kind. By hand: a cold start would wait for the making of two dozen schemas.
 */
export const parseClaims = (payload: object, { machines }: Expectation): Claims | undefined => {
  const claims: Members = { ...payload };
  const { iss, token_use, client_id, exp, iat, nbf, sub, scope } = claims;
  if (!isString(iss) || !isString(token_use) || !isString(client_id)) return undefined;
  if (!isTime(exp) || !isTime(iat) || (nbf !== undefined && !isTime(nbf))) return undefined;
  if (!isString(sub) || !subject.test(sub) || !isString(scope)) return undefined;
  const personal = machines.has(client_id) ? claimsOfMachine(claims) : claimsOfUser(claims);
  return personal && { iss, token_use, client_id, exp, iat, nbf, sub, scope, ...personal };
};

type Personal = Pick<
  Claims,
  'aud' | 'username' | 'email' | 'name' | 'cognito:groups' | 'origin_jti'
>;

const claimsOfUser = (claims: Members): Personal | undefined => {
  const { aud, username, email, name, 'cognito:groups': groups, origin_jti } = claims;
  if (!isAudience(aud) || !isName('username', username)) return undefined;
  if (email !== undefined && !isName('email', email)) return undefined;
  if (name !== undefined && !isName('name', name)) return undefined;
  if (groups !== undefined && !areGroups(groups)) return undefined;
  if (origin_jti !== undefined && !(isString(origin_jti) && session.test(origin_jti)))
    return undefined;
  return { aud, username, email, name, 'cognito:groups': groups, origin_jti };
};

const nothingOfUser: Personal = {
  aud: undefined,
  username: undefined,
  email: undefined,
  name: undefined,
  'cognito:groups': undefined,
  origin_jti: undefined,
};

/** A token that names a user or an audience is none of `client_credentials`. */
const claimsOfMachine = (claims: Members): Personal | undefined =>
  Object.keys(nothingOfUser).every((name) => claims[name] === undefined)
    ? nothingOfUser
    : undefined;

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
