import * as z from 'zod/mini';
import { groupName } from '../../policy/groups.ts';
import { personShapes } from '../../policy/identity.ts';
import { lifetimes } from '../../policy/lifetimes.ts';
import { sizes } from '../../policy/limits.ts';
import { parseScopes, withImplied } from '../configuration/scopes.ts';
import type { Caller } from '../http/caller.ts';

// Whole seconds that a number holds exactly: `1e999` parses to Infinity, `1e300` compares as
// anything.
const seconds = z.int().check(z.gte(0));

/**
 * The claims of a Cognito access token that we read ("Understanding the access token", Cognito
 * developer guide).
 */
const accessClaims = z.object({
  iss: z.string(),
  token_use: z.string(),
  client_id: z.string(),
  // RFC 7519 section 4.1.3 allows one audience as an array, too.
  aud: z.union([z.string(), z.array(z.string())]),
  exp: seconds,
  iat: seconds,
  nbf: z.optional(seconds),
  // AUTH-7. Cognito's subjects are UUIDs; what is stored, hashed and shown needs no other
  // characters.
  sub: z.string().check(z.regex(/^[A-Za-z0-9][A-Za-z0-9_-]{0,127}$/)),
  username: z.string().check(z.regex(/^[^\p{C}\s]{1,128}$/u)),
  email: z.optional(z.string().check(z.regex(personShapes.email))),
  name: z.optional(z.string().check(z.regex(personShapes.name))),
  scope: z.string(),
  /** Groups of the pool, and those that the trigger adds (lambdas/pre-token-generation). */
  'cognito:groups': z.optional(
    z.array(z.string().check(z.regex(groupName))).check(z.maxLength(sizes.groupsPerUser)),
  ),
  /** The login that the token comes of; there where the app client can revoke tokens. */
  origin_jti: z.optional(z.string().check(z.regex(/^[\w-]{1,64}$/))),
});
export type Claims = z.infer<typeof accessClaims>;

/** What a good token says about where it comes from and where it goes. */
export interface Expectation {
  readonly issuer: string;
  /** The resource URL (AUTH-6). */
  readonly audience: string;
  /** App client id to client profile. */
  readonly profiles: ReadonlyMap<string, string>;
}

/** The claims of a token's payload, or undefined when one is missing or malformed. */
export const parseClaims = (payload: object): Claims | undefined =>
  accessClaims.safeParse(payload).data;

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
  const audience = typeof claims.aud === 'string' ? [claims.aud] : claims.aud;
  const rules: readonly (readonly [good: boolean, fault: string])[] = [
    // AUTH-4, AUTH-5.
    [claims.iss === expected.issuer, 'another issuer'],
    [claims.token_use === 'access', 'not an access token'],
    [expected.profiles.has(claims.client_id), 'an app client that is not deployed'],
    [audience.length === 1 && audience[0] === expected.audience, 'another audience'],
    [time < claims.exp, 'expired'],
    [claims.iat <= latest, 'issued in the future'],
    [time - claims.iat <= lifetimes.tokenAgeSeconds, 'issued too long ago'],
    [(claims.nbf ?? 0) <= latest, 'not valid yet'],
  ];
  return rules.find(([good]) => !good)?.[1];
};

/** AUTH-10: who calls, by claims that were checked. */
export const callerFromClaims = (claims: Claims, expected: Expectation): Caller => ({
  sub: claims.sub,
  username: claims.username,
  ...(claims.email !== undefined && { email: claims.email }),
  ...(claims.name !== undefined && { name: claims.name }),
  scopes: withImplied(parseScopes(claims.scope)),
  ...(claims['cognito:groups'] && { groups: [...new Set(claims['cognito:groups'])] }),
  ...(claims.origin_jti !== undefined && { session: claims.origin_jti }),
  issuedAt: claims.iat,
  clientId: claims.client_id,
  profile: expected.profiles.get(claims.client_id) ?? '',
});
