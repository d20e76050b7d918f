import { hash } from 'node:crypto';
import { lifetimes } from '../../policy/lifetimes.ts';
import { sizes } from '../../policy/limits.ts';
import type { Caller } from '../http/caller.ts';
import type { Claims } from './claims.ts';

/** A token whose signature is good: what it says, and who that is. */
export interface VerifiedToken {
  readonly claims: Claims;
  readonly caller: Caller;
}

/**
 * Tokens whose signature was verified a moment ago, by the token's digest (the token itself is not
 * kept). It saves the RSA operation of a client's next calls; whoever reads an entry checks the
 * claims and the clock again.
 */
export const verifiedSignatures = () => {
  const entries = new Map<string, { readonly verified: VerifiedToken; readonly until: number }>();
  return {
    get: (token: string, now: Date): VerifiedToken | undefined => {
      const entry = entries.get(digest(token));
      return entry && now.getTime() < entry.until ? entry.verified : undefined;
    },
    add: (token: string, verified: VerifiedToken, now: Date): void => {
      // A map keeps the order of insertion: the first is the oldest.
      const [oldest] = entries.keys();
      if (oldest !== undefined && entries.size >= sizes.verifiedSignatures) entries.delete(oldest);
      entries.set(digest(token), {
        verified,
        until: now.getTime() + lifetimes.verifiedSignatureSeconds * 1000,
      });
    },
  };
};

const digest = (token: string): string => hash('sha256', token, 'base64');
