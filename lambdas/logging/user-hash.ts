import { hash } from 'node:crypto';
import type { UserHash } from './safe-logger.ts';

const isUserHash = (text: string): text is UserHash => /^[0-9a-f]{16}$/.test(text);

// A user's calls come one after the other.
let last: { readonly sub: string; readonly hash: UserHash } | undefined;

/**
 * What stands for a user in log lines (LOG-2): 64 bits of a SHA-256 over the subject. A subject is
 * a random UUID, so the hash cannot be turned back by trying, and an operator who has a subject can
 * find its lines.
 */
export const userHash = (sub: string): UserHash => {
  if (last?.sub === sub) return last.hash;
  const digest = hash('sha256', `gatehouse user ${sub}`, 'hex').slice(0, 16);
  if (!isUserHash(digest)) throw new TypeError('a SHA-256 digest is hexadecimal');
  last = { sub, hash: digest };
  return digest;
};
