import { randomInt } from 'node:crypto';

const alphabet = 'abcdefghijklmnopqrstuvwxyz0123456789';
/** As long as the secrets that Cognito generates. */
const secretLength = 51;

/**
 * An app client secret of AWS's shape, new each time: it lives as long as this process and is
 * written nowhere.
 */
export const appClientSecret = (): string =>
  Array.from({ length: secretLength }, () => alphabet.charAt(randomInt(alphabet.length))).join('');
