import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto';
import * as z from 'zod/mini';

/**
 * OAUTH-13: what a refresh token carries besides Cognito's own, so that it serves only whom it was
 * issued to.
 */
const content = z.object({
  clientId: z.string(),
  resource: z.string(),
  scopes: z.array(z.string()),
  subject: z.string(),
  grant: z.string(),
  generation: z.number(),
  /** Cognito's `origin_jti`. */
  session: z.optional(z.string()),
  /** The first one of a registration that still expires: its use keeps the registration. */
  unused: z.optional(z.boolean()),
  /** Cognito's refresh token. */
  token: z.string(),
});

export type RefreshTokenContent = z.infer<typeof content>;

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

/** `profile.ciphertext`: the profile says whose secret decrypts it, and is authenticated with the rest. */
export const encryptRefreshToken = (
  profile: string,
  secret: string,
  given: RefreshTokenContent,
): string => {
  const nonce = randomBytes(nonceBytes);
  const cipher = createCipheriv('aes-256-gcm', keyOf(secret), nonce).setAAD(Buffer.from(profile));
  const encrypted = Buffer.concat([
    nonce,
    cipher.update(JSON.stringify(given), 'utf8'),
    cipher.final(),
    cipher.getAuthTag(),
  ]);
  return `${profile}.${encrypted.toString('base64url')}`;
};

const open = (
  profile: string,
  secret: string,
  encrypted: Buffer,
): RefreshTokenContent | undefined => {
  const decipher = createDecipheriv(
    'aes-256-gcm',
    keyOf(secret),
    encrypted.subarray(0, nonceBytes),
    {
      authTagLength: tagBytes,
    },
  )
    .setAAD(Buffer.from(profile))
    .setAuthTag(encrypted.subarray(-tagBytes));
  try {
    const text = Buffer.concat([
      decipher.update(encrypted.subarray(nonceBytes, -tagBytes)),
      decipher.final(),
    ]).toString('utf8');
    return content.parse(JSON.parse(text));
  } catch {
    return undefined;
  }
};

/**
 * The profile that an encrypted token claims, to know whose secrets decrypt it. Nothing is proven by it.
 */
export const claimedProfile = (token: string): string => token.split('.', 1)[0] ?? '';

/**
 * @returns undefined for anything that we did not encrypt with one of the secrets: two of them while a
 * profile's secret is being rotated
 */
export const decryptRefreshToken = (
  token: string,
  secrets: readonly string[],
): RefreshTokenContent | undefined => {
  const [profile = '', text = '', ...rest] = token.split('.');
  const encrypted = Buffer.from(text, 'base64url');
  // Base64 has several spellings of the same bytes; we issued one of them.
  if (
    rest.length > 0 ||
    encrypted.length <= nonceBytes + tagBytes ||
    encrypted.toString('base64url') !== text
  )
    return undefined;
  for (const secret of secrets) {
    const opened = open(profile, secret, encrypted);
    if (opened) return opened;
  }
  return undefined;
};
