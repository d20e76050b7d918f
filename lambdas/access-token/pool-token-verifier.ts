import type { JwksCache } from 'aws-jwt-verify/jwk';
import { JwtVerifierBase, type VerifyProperties } from 'aws-jwt-verify/jwt-verifier';
import { lifetimes } from '../../policy/lifetimes.ts';
import { jwksUrlOf } from '../configuration/cognito-url.ts';
import { HttpError, InvalidToken } from '../errors/errors.ts';
import type { Claims, Expectation } from './claims.ts';
import type { KeyLookup } from './signing-keys.ts';
import type { UnverifiedToken } from './token-format.ts';

/**
 * The library's key cache over the pool's keys. Its own (SimpleJwksCache) waits by a timer, which a
 * frozen Lambda stops, and counts no failed fetch.
 */
const cacheOf = (keys: KeyLookup): JwksCache => {
  const unsupported = (): never => {
    throw new TypeError('keys come from the pool, one by one');
  };
  return {
    getJwk: async (_address, { header }) => {
      const key = await keys.get(header.kid ?? '', new Date(Date.now()));
      if (!key) throw new InvalidToken({ detail: 'a key that the pool does not have' });
      return key.jwk;
    },
    getCachedJwk: unsupported,
    addJwks: unsupported,
    getJwks: unsupported,
  };
};

interface Options extends Record<string | number, unknown>, VerifyProperties {
  readonly issuer: string;
  readonly jwksUri: string;
  /** None of a machine's token, whose app client says enough. */
  readonly audience: string | null;
}

/**
 * aws-jwt-verify over the keys of one pool: signature (RS256, by the key that `kid` names), `iss`,
 * `aud`, `exp` and `nbf`. What the library does not know is checked before it is asked: the strict
 * format, the exact audience, the age of at most a day (`validateClaims`).
 */
export class PoolTokenVerifier extends JwtVerifierBase<Options, Options, false> {
  readonly #options: Options;
  readonly #machines: Expectation['machines'];

  constructor({ issuer, audience, machines }: Expectation, keys: KeyLookup) {
    const options = {
      issuer,
      audience,
      jwksUri: jwksUrlOf(issuer).href,
      graceSeconds: lifetimes.clockSkewSeconds,
    };
    super(options, cacheOf(keys));
    this.#options = options;
    this.#machines = machines;
  }

  /**
   * Verifies a token that `decodeJwt` has decoded and whose claims were parsed.
   * @throws InvalidToken, TemporarilyUnavailable when the keys cannot be had
   */
  async verifyDecoded({ kid, parts }: UnverifiedToken, claims: Claims): Promise<void> {
    const [headerB64, payloadB64, signatureB64] = parts;
    const { iss, aud, exp, iat, nbf, sub, client_id } = claims;
    const payload = {
      iss,
      exp,
      iat,
      sub,
      ...(aud !== undefined && { aud }),
      ...(nbf !== undefined && { nbf }),
    };
    const options = this.#machines.has(client_id)
      ? { ...this.#options, audience: null }
      : this.#options;
    const decoded = {
      header: { alg: 'RS256', kid },
      headerB64,
      payload,
      payloadB64,
      signatureB64,
    };
    try {
      await this.verifyDecomposedJwt(decoded, options.jwksUri, options);
    } catch (cause) {
      if (cause instanceof HttpError) throw cause;
      throw new InvalidToken({ detail: 'a signature that does not fit' });
    }
  }
}
