import { createHmac } from 'node:crypto';

/**
 * Which of `count` shares of a profile's users a subject is in (RATE-8): always the same one, and
 * without the deployment's key nobody can tell which, or pick a subject for one.
 *
 * @returns 0 to `count` - 1
 */
export const shareOf = (sub: string, key: string, count: number): number =>
  createHmac('sha256', key).update(sub).digest().readUInt32BE() % count;
