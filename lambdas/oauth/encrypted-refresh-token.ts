import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto';
import * as z from 'zod/mini';

/**
 * OAUTH-13: what a refresh token carries besides Cognito's own, so that it serves only whom it was
 * issued to.
 */
const grant = z.object({
  clientId: z.string(),
  resource: z.string(),
  scopes: z.array(z.string()),
  subject: z.string(),
  /** Cognito's refresh token. */
  token: z.string(),
});

export type RefreshTokenContent = z.infer<typeof grant>;

// NIST SP 800-38D: 96-bit nonce, 128-bit tag.
const nonceBytes = 12;
const tagBytes = 16;
const keyBytes = 32;

/**
 * The app client's secret never leaves the token function, and a secret that Cognito forgets takes
 * its refresh tokens with it.
 */
const keyOf = (secret: string) =>
  Buffer.from(hkdfSync('sha256', secret, '', 'gatehouse refresh token', keyBytes));

/** `profile.sealed`: the profile says whose secret opens it, and is authenticated with the rest. */
export const encryptRefreshToken = (
  profile: string,
  secret: string,
  content: RefreshTokenContent,
): string => {
  const nonce = randomBytes(nonceBytes);
  const cipher = createCipheriv('aes-256-gcm', keyOf(secret), nonce).setAAD(Buffer.from(profile));
  const sealed = Buffer.concat([
    nonce,
    cipher.update(JSON.stringify(content), 'utf8'),
    cipher.final(),
    cipher.getAuthTag(),
  ]);
  return `${profile}.${sealed.toString('base64url')}`;
};

const open = (profile: string, secret: string, sealed: Buffer): RefreshTokenContent | undefined => {
  const decipher = createDecipheriv('aes-256-gcm', keyOf(secret), sealed.subarray(0, nonceBytes), {
    authTagLength: tagBytes,
  })
    .setAAD(Buffer.from(profile))
    .setAuthTag(sealed.subarray(-tagBytes));
  try {
    const text = Buffer.concat([
      decipher.update(sealed.subarray(nonceBytes, -tagBytes)),
      decipher.final(),
    ]).toString('utf8');
    return grant.parse(JSON.parse(text));
  } catch {
    return undefined;
  }
};

/**
 * The profile that a sealed token claims, to know whose secrets open it. Nothing is proven by it.
 */
export const claimedProfile = (token: string): string => token.split('.', 1)[0] ?? '';

/**
 * @returns undefined for anything that we did not seal with one of the secrets: two of them while a
 * profile's secret is being rotated
 */
export const decryptRefreshToken = (
  token: string,
  secrets: readonly string[],
): RefreshTokenContent | undefined => {
  const [profile = '', text = '', ...rest] = token.split('.');
  const sealed = Buffer.from(text, 'base64url');
  // Base64 has several spellings of the same bytes; we issued one of them.
  if (
    rest.length > 0 ||
    sealed.length <= nonceBytes + tagBytes ||
    sealed.toString('base64url') !== text
  )
    return undefined;
  for (const secret of secrets) {
    const opened = open(profile, secret, sealed);
    if (opened) return opened;
  }
  return undefined;
};
