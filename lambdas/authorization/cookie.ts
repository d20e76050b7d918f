import { sizes } from '../../policy/limits.ts';

/** `__Host-`: https only, this host only, set by nobody else (RFC 6265bis section 4.1.3.2). */
const attributes = 'Path=/; Secure; HttpOnly; SameSite=Lax';

/**
 * What a cookie is for, from the first that a browser may lose to the last: a consent page can be
 * opened again, an approval be given again, but a login under way would have to begin anew.
 */
const purposes = ['consent', 'approved', 'login'] as const;
type Purpose = (typeof purposes)[number];

/**
 * One cookie a transaction: its name carries the start of a hash, so that two tabs do not disturb
 * each other.
 */
const nameOf = (purpose: Purpose, hash: string) =>
  `__Host-gatehouse-${purpose}-${hash.slice(0, 16)}`;

const ownName = /^__Host-gatehouse-(?:consent|approved|login)-[0-9a-f]{16}$/;

export const setCookie = (
  purpose: Purpose,
  hash: string,
  value: string,
  maxAgeSeconds: number,
): string => `${nameOf(purpose, hash)}=${value}; Max-Age=${maxAgeSeconds}; ${attributes}`;

const pairsOf = (header: string | undefined): readonly string[] =>
  header?.split(';').map((pair) => pair.trim()) ?? [];

export const readCookie = (
  header: string | undefined,
  purpose: Purpose,
  hash: string,
): string | undefined => {
  const prefix = `${nameOf(purpose, hash)}=`;
  return pairsOf(header)
    .find((pair) => pair.startsWith(prefix))
    ?.slice(prefix.length);
};

/**
 * One budget for all cookies of the login: these, and deletions of the oldest ones that the browser
 * would then have too many of. Whoever opens our pages again and again must not fill the headers
 * beyond what API Gateway takes. Browsers send the oldest cookie first (RFC 6265 section 5.4).
 */
export const withinBudget = (
  header: string | undefined,
  cookies: readonly string[],
): readonly string[] => {
  const setNow = new Set(cookies.map(nameIn));
  const held = [...new Set(pairsOf(header).map(nameIn))].filter(
    (name) => ownName.test(name) && !setNow.has(name),
  );
  const surplus = held.length + setNow.size - sizes.loginCookies;
  const oldestFirst = purposes.flatMap((purpose) =>
    held.filter((name) => name.startsWith(nameOf(purpose, ''))),
  );
  const dropped = oldestFirst.slice(0, Math.min(Math.max(surplus, 0), sizes.loginCookies));
  return [...cookies, ...dropped.map((name) => `${name}=; Max-Age=0; ${attributes}`)];
};

const nameIn = (pair: string): string => pair.split('=', 1)[0] ?? '';
