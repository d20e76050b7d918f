import { issuerOfPool, jwksUrlOf } from '../configuration/cognito-url.ts';
import { type MachineSettings, machinesOf } from '../configuration/machines.ts';
import { InvalidToken } from '../errors/errors.ts';
import type { Caller } from '../http/caller.ts';
import { bearerToken } from './bearer.ts';
import {
  type Claims,
  callerFromClaims,
  type Expectation,
  parseClaims,
  validateClaims,
} from './claims.ts';
import { fetchJwks } from './jwks.ts';
import { PoolTokenVerifier } from './pool-token-verifier.ts';
import { type KeyLookup, type SigningKeys, signingKeys } from './signing-keys.ts';
import { decodeJwt } from './token-format.ts';
import { verifiedSignatures } from './verified-signatures.ts';

/**
 * Verifies the bearer token of a request and says who calls.
 * @throws MissingToken, InvalidToken, TemporarilyUnavailable
 */
export type Authenticate = (authorization: string | undefined, now: Date) => Promise<Caller>;

/** The variables that verifying takes: `tokenFields` in lambdas/configuration. */
export interface TokenSettings extends MachineSettings {
  readonly COGNITO_USER_POOL_ID: string;
  readonly COGNITO_REGION: string;
  readonly COGNITO_CLIENT_ID: Readonly<Record<string, string>>;
  readonly RESOURCE_URL: string;
}

export const expectationOf = (settings: TokenSettings): Expectation => ({
  issuer: issuerOfPool(settings.COGNITO_REGION, settings.COGNITO_USER_POOL_ID),
  audience: settings.RESOURCE_URL,
  profiles: new Map(
    Object.entries(settings.COGNITO_CLIENT_ID).map(([profile, clientId]) => [clientId, profile]),
  ),
  machines: machinesOf(settings),
});

/** The keys of the deployment's pool, fetched when they are needed. */
export const keysOfPool = (settings: TokenSettings): SigningKeys => {
  const jwksUrl = jwksUrlOf(issuerOfPool(settings.COGNITO_REGION, settings.COGNITO_USER_POOL_ID));
  return signingKeys(() => fetchJwks(jwksUrl));
};

/** Verifies access tokens of the deployment's pool (AUTH-1 to AUTH-7). */
export const accessTokenVerifier = (
  settings: TokenSettings,
  keys: KeyLookup = keysOfPool(settings),
): Authenticate => verifierOf(expectationOf(settings), keys);

/** The same over keys from anywhere: the pure part, which tests drive. */
export const verifierOf = (expected: Expectation, keys: KeyLookup): Authenticate => {
  const verified = verifiedSignatures();
  const library = new PoolTokenVerifier(expected, keys);
  return async (authorization, now) => {
    const token = bearerToken(authorization);
    const known = verified.get(token, now);
    const claims = known?.claims ?? (await verify(token, expected, library, now));
    const fault = validateClaims(claims, expected, now);
    if (fault) throw new InvalidToken({ detail: fault });
    if (known) return known.caller;
    const caller = shared(callerFromClaims(claims, expected));
    verified.add(token, { claims, caller }, now);
    return caller;
  };
};

/** All calls with a token are handed the same caller: no tool changes who the next call is of. */
const shared = (caller: Caller): Caller => {
  Object.freeze(caller.scopes);
  Object.freeze(caller.groups);
  return Object.freeze(caller);
};

const verify = async (
  token: string,
  expected: Expectation,
  library: PoolTokenVerifier,
  now: Date,
): Promise<Claims> => {
  const decoded = decodeJwt(token);
  if ('fault' in decoded) throw new InvalidToken({ detail: decoded.fault });
  const claims = parseClaims(decoded.payload, expected);
  if (!claims) throw new InvalidToken({ detail: 'a claim is missing or malformed' });
  // Before the keys: a token that fails anyway must not make us fetch.
  const fault = validateClaims(claims, expected, now);
  if (fault) throw new InvalidToken({ detail: fault });
  await library.verifyDecoded(decoded, claims);
  return claims;
};
