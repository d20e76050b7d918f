import { createHash, randomBytes } from 'node:crypto';
import { sizes } from '../../policy/limits.ts';

/** A code, state or cookie that nobody can guess (OAUTH-10). */
export const newSecret = (): string => randomBytes(sizes.secretBytes).toString('base64url');

/** What is stored instead of the secret: whoever reads the table can use none of them. */
export const hashOf = (...parts: readonly string[]): string =>
  createHash('sha256').update(JSON.stringify(parts)).digest('hex');
