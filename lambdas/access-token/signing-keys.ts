import { lifetimes } from '../../policy/lifetimes.ts';
import { TemporarilyUnavailable } from '../errors/errors.ts';
import type { SigningKey } from './jwks.ts';

/** Fetches the pool's keys; rejects when they cannot be had. */
export type FetchKeys = () => Promise<ReadonlyMap<string, SigningKey>>;

/**
 * AUTH-2: the pool's signing keys by `kid`. A known key is served from memory, through any outage.
 * An unknown `kid` fetches again, at most once a minute, so that forged tokens cannot make us flood
 * Cognito; keys that grew old are fetched again too. Not aws-jwt-verify's cache: its waiting is a
 * timer, which a frozen Lambda stops, and a failed fetch does not count in it.
 */
export const signingKeys = (fetchKeys: FetchKeys) => {
  let keys: ReadonlyMap<string, SigningKey> = new Map();
  let fetchedAt = Number.NEGATIVE_INFINITY;
  let attemptedAt = Number.NEGATIVE_INFINITY;
  let failed = false;
  let attempt: Promise<void> | undefined;

  const refetch = async (now: number): Promise<void> => {
    attemptedAt = now;
    try {
      keys = await fetchKeys();
      fetchedAt = now;
      failed = false;
    } catch {
      failed = true;
    } finally {
      attempt = undefined;
    }
  };

  /** Fetches where that is wanted and due; callers at the same time share one fetch. */
  const fetchIf = async (isWanted: boolean, now: number): Promise<void> => {
    const wait = keys.size === 0 ? lifetimes.jwksRetrySeconds : lifetimes.jwksRefetchSeconds;
    if (!isWanted || !(attempt || now - attemptedAt >= wait)) return;
    attempt ??= refetch(now);
    await attempt;
  };
  const areOld = (now: number): boolean => now - fetchedAt > lifetimes.jwksFreshSeconds;

  return {
    /** Fetches them where there are none, or old ones, so that no call waits for it. Never rejects. */
    prepare: (date: Date): Promise<void> => {
      const now = date.getTime() / 1000;
      return fetchIf(areOld(now), now);
    },
    /**
     * The key with this id; undefined when the pool has none.
     * @throws TemporarilyUnavailable when that cannot be known, as the keys cannot be had
     */
    get: async (kid: string, date: Date): Promise<SigningKey | undefined> => {
      const now = date.getTime() / 1000;
      await fetchIf(!keys.has(kid) || areOld(now), now);
      const key = keys.get(kid);
      if (!key && failed) {
        throw new TemporarilyUnavailable({
          detail: 'the signing keys cannot be fetched',
          retryAfterSeconds: lifetimes.jwksRetrySeconds,
        });
      }
      return key;
    },
  };
};

export type SigningKeys = ReturnType<typeof signingKeys>;

/** Where the verifier looks keys up. */
export type KeyLookup = Pick<SigningKeys, 'get'>;
