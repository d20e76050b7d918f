import { createHash } from 'node:crypto';
import * as z from 'zod/mini';
import { text } from '../http/bounded.ts';

/** RFC 7636 section 4.2: base64url of a SHA-256 digest is always 43 characters. */
export const codeChallenge = text(43).check(z.regex(/^[A-Za-z0-9_-]{43}$/));

/** RFC 7636 section 4.1. */
export const codeVerifier = text(128).check(z.regex(/^[A-Za-z0-9._~-]{43,128}$/));

/** The S256 challenge of a verifier; `plain` does not exist here (OAUTH-2). */
export const challengeOf = (verifier: string): string =>
  createHash('sha256').update(verifier).digest('base64url');
