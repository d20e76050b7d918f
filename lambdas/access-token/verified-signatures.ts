import { hash } from 'node:crypto';
import { lifetimes } from '../../policy/lifetimes.ts';
import { sizes } from '../../policy/limits.ts';
import type { Claims } from './claims.ts';

/**
 * The claims of tokens whose signature was verified a moment ago, by the token's digest (the token
 * itself is not kept). It saves the RSA operation of a client's next calls; whoever reads an entry
 * checks the claims and the clock again.
 */
export const verifiedSignatures = () => {
  const entries = new Map<string, { readonly claims: Claims; readonly until: number }>();
  return {
    get: (token: string, now: Date): Claims | undefined => {
      const entry = entries.get(digest(token));
      return entry && now.getTime() < entry.until ? entry.claims : undefined;
    },
    add: (token: string, claims: Claims, now: Date): void => {
      // A map keeps the order of insertion: the first is the oldest.
      const [oldest] = entries.keys();
      if (oldest !== undefined && entries.size >= sizes.verifiedSignatures) entries.delete(oldest);
      entries.set(digest(token), {
        claims,
        until: now.getTime() + lifetimes.verifiedSignatureSeconds * 1000,
      });
    },
  };
};

const digest = (token: string): string => hash('sha256', token, 'base64');
