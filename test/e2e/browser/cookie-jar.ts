interface Cookie {
  readonly name: string;
  readonly value: string;
  readonly path: string;
  readonly secure: boolean;
  readonly sameSite: 'strict' | 'lax' | 'none';
  readonly expiresAt: number;
}

/**
 * Browsers treat these as trustworthy, so `Secure` cookies live there over plain http (Chromium,
 * Firefox).
 */
const isTrustworthy = (url: URL): boolean =>
  url.protocol === 'https:' || ['localhost', '127.0.0.1', '[::1]'].includes(url.hostname);

const readSetCookie = (header: string, url: URL, now: number): Cookie | undefined => {
  const [pair = '', ...parts] = header.split(';').map((part) => part.trim());
  const equals = pair.indexOf('=');
  if (equals < 1) return undefined;
  const attributes = new Map(
    parts.map((part) => {
      const [name = '', value = ''] = part.split(/=(.*)/s);
      return [name.toLowerCase(), value] as const;
    }),
  );
  const name = pair.slice(0, equals);
  const secure = attributes.has('secure');
  const path = attributes.get('path') ?? (url.pathname.replace(/\/[^/]*$/, '') || '/');
  // RFC 6265bis section 4.1.3: a cookie that breaks its prefix's promise is dropped.
  if (name.startsWith('__Host-') && (!secure || path !== '/' || attributes.has('domain')))
    return undefined;
  if (name.startsWith('__Secure-') && !secure) return undefined;
  if (secure && !isTrustworthy(url)) return undefined;
  const maxAge = attributes.get('max-age');
  const expires = attributes.get('expires');
  const sameSite = attributes.get('samesite')?.toLowerCase();
  return {
    name,
    value: pair.slice(equals + 1),
    path,
    secure,
    sameSite: sameSite === 'strict' || sameSite === 'none' ? sameSite : 'lax',
    expiresAt: expiryOf(maxAge, expires, now),
  };
};

/** `Max-Age` goes before `Expires` (RFC 6265 section 5.3). */
const expiryOf = (maxAge: string | undefined, expires: string | undefined, now: number): number => {
  if (maxAge !== undefined) return now + Number(maxAge) * 1000;
  return expires === undefined ? Number.POSITIVE_INFINITY : Date.parse(expires);
};

const pathMatches = (cookiePath: string, path: string): boolean =>
  path === cookiePath ||
  (path.startsWith(cookiePath) && (cookiePath.endsWith('/') || path[cookiePath.length] === '/'));

/** One browser's cookies: by host name, whatever the port (RFC 6265 section 8.5). */
export class CookieJar {
  readonly #hosts = new Map<string, Map<string, Cookie>>();

  store(url: URL, headers: readonly string[], now = Date.now()): void {
    const cookies = this.#hosts.get(url.hostname) ?? new Map<string, Cookie>();
    this.#hosts.set(url.hostname, cookies);
    for (const header of headers) {
      const cookie = readSetCookie(header, url, now);
      if (!cookie) continue;
      const key = `${cookie.name} ${cookie.path}`;
      if (cookie.expiresAt <= now) cookies.delete(key);
      else cookies.set(key, cookie);
    }
  }

  /**
   * The `Cookie` header of a top-level navigation; `crossSite` when another site's page caused it.
   */
  header(url: URL, method: string, crossSite: boolean, now = Date.now()): string {
    return [...(this.#hosts.get(url.hostname)?.values() ?? [])]
      .filter(({ expiresAt }) => now < expiresAt)
      .filter(({ path }) => pathMatches(path, url.pathname))
      .filter(({ secure }) => !secure || isTrustworthy(url))
      .filter(
        ({ sameSite }) =>
          !crossSite || sameSite === 'none' || (sameSite === 'lax' && method === 'GET'),
      )
      .sort((left, right) => right.path.length - left.path.length)
      .map(({ name, value }) => `${name}=${value}`)
      .join('; ');
  }

  /** Names of the cookies that a host has set, for assertions. */
  names(hostname: string): readonly string[] {
    return [...(this.#hosts.get(hostname)?.values() ?? [])].map(({ name }) => name);
  }
}
