/** `__Host-`: https only, this host only, set by nobody else (RFC 6265bis section 4.1.3.2). */
const attributes = 'Path=/; Secure; HttpOnly; SameSite=Lax';

/**
 * One cookie a transaction: its name carries the start of a hash, so that two tabs do not disturb
 * each other.
 */
const nameOf = (purpose: 'consent' | 'login' | 'approved', hash: string) =>
  `__Host-gatehouse-${purpose}-${hash.slice(0, 16)}`;

export const setCookie = (
  purpose: Parameters<typeof nameOf>[0],
  hash: string,
  value: string,
  maxAgeSeconds: number,
): string => `${nameOf(purpose, hash)}=${value}; Max-Age=${maxAgeSeconds}; ${attributes}`;

export const readCookie = (
  header: string | undefined,
  purpose: Parameters<typeof nameOf>[0],
  hash: string,
): string | undefined => {
  const prefix = `${nameOf(purpose, hash)}=`;
  return header
    ?.split(';')
    .map((pair) => pair.trim())
    .find((pair) => pair.startsWith(prefix))
    ?.slice(prefix.length);
};
