import { verifyJwtSync } from 'aws-jwt-verify/jwt-verifier';
import { issuerOfPool, jwksUrlOf } from '../configuration/cognito-url.ts';
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
import { fetchJwks, type SigningKey } from './jwks.ts';
import { type SigningKeys, signingKeys } from './signing-keys.ts';
import { decodeJwt } from './token-format.ts';
import { verifiedSignatures } from './verified-signatures.ts';

/**
 * Verifies the bearer token of a request and says who calls.
 * @throws MissingToken, InvalidToken, TemporarilyUnavailable
 */
export type Authenticate = (authorization: string | undefined, now: Date) => Promise<Caller>;

/** The variables that verifying takes: `tokenFields` in lambdas/configuration. */
export interface TokenSettings {
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
});

/**
 * Verifies access tokens of the deployment's pool (AUTH-1 to AUTH-7), fetching its keys when they
 * are needed.
 */
export const accessTokenVerifier = (settings: TokenSettings): Authenticate => {
  const expected = expectationOf(settings);
  const jwksUrl = jwksUrlOf(expected.issuer);
  return verifierOf(
    expected,
    signingKeys(() => fetchJwks(jwksUrl)),
  );
};

/** The same over keys from anywhere: the pure part, which tests drive. */
export const verifierOf = (expected: Expectation, keys: SigningKeys): Authenticate => {
  const verified = verifiedSignatures();
  return async (authorization, now) => {
    const token = bearerToken(authorization);
    const known = verified.get(token, now);
    const claims = known ?? (await verify(token, expected, keys, now));
    const fault = validateClaims(claims, expected, now);
    if (fault) throw new InvalidToken({ detail: fault });
    if (!known) verified.add(token, claims, now);
    return callerFromClaims(claims, expected);
  };
};

const verify = async (
  token: string,
  expected: Expectation,
  keys: SigningKeys,
  now: Date,
): Promise<Claims> => {
  const apart = decodeJwt(token);
  if ('fault' in apart) throw new InvalidToken({ detail: apart.fault });
  const claims = parseClaims(apart.payload);
  if (!claims) throw new InvalidToken({ detail: 'a claim is missing or malformed' });
  // Before the keys: a token that fails anyway must not make us fetch.
  const fault = validateClaims(claims, expected, now);
  if (fault) throw new InvalidToken({ detail: fault });
  const key = await keys.get(apart.kid, now);
  if (!key) throw new InvalidToken({ detail: 'a key that the pool does not have' });
  if (!isSigned(token, key, expected.issuer))
    throw new InvalidToken({ detail: 'a signature that does not fit' });
  return claims;
};

/**
 * The signature and the issuer, by aws-jwt-verify. Time is ours (`faultOf`): it is passed in, and
 * knows rules that the library does not.
 */
const isSigned = (token: string, { jwk, key }: SigningKey, issuer: string): boolean => {
  try {
    verifyJwtSync(
      token,
      jwk,
      { issuer, audience: null, graceSeconds: Number.MAX_SAFE_INTEGER },
      () => key,
    );
    return true;
  } catch {
    return false;
  }
};
