import { createHash, randomBytes } from 'node:crypto';

/** Maps bytes onto an alphabet. The bias of the remainder is harmless: identifiers are not secrets, and secrets are long. */
const letters = (bytes: Buffer, alphabet: string, length: number): string =>
  Array.from({ length }, (_, index) => alphabet.charAt((bytes[index % bytes.length] ?? 0) % alphabet.length)).join('');

const lowerCase = 'abcdefghijklmnopqrstuvwxyz0123456789';
const mixedCase = `${lowerCase}ABCDEFGHIJKLMNOPQRSTUVWXYZ`;
const digest = (name: string) => createHash('sha512').update(name).digest();

/** A pool id of AWS's shape, the same for the same name: tokens and cookies of yesterday meet the pool that they knew. */
export const userPoolId = (region: string, name: string): string => `${region}_${letters(digest(name), mixedCase, 9)}`;

/** An app client id of AWS's shape, the same for the same name. */
export const appClientId = (name: string): string => letters(digest(name), lowerCase, 26);

/** An app client secret, new each time. */
export const appClientSecret = (): string => letters(randomBytes(64), lowerCase, 51);
