import { sizes } from '../../policy/limits.ts';

const loopbackHosts = new Set(['localhost', '127.0.0.1', '[::1]']);

/**
 * What is wrong with a redirect URI whoever asks (OAUTH-7), in words for the developer who
 * registers it; undefined: nothing.
 */
export const validateRedirectUri = (uri: string): string | undefined => {
  if (uri.length > sizes.oauthParameterCharacters) return 'is too long';
  const url = URL.parse(uri);
  if (url === null) return 'is not an absolute URI';
  if (url.protocol !== 'https:' && !(url.protocol === 'http:' && loopbackHosts.has(url.hostname)))
    return 'is neither https nor http on a loopback host';
  if (uri.includes('#')) return 'has a fragment';
  if (/^https?:\/\/[^/?]*@/.test(uri)) return 'has user information';
  if (uri.includes('*')) return 'has a wildcard';
  if (url.hostname.endsWith('.')) return 'has a host with a trailing dot';
  if (/(^|\.)xn--/.test(url.hostname))
    return 'has an internationalised host, which can look like another';
  if (/%(2f|5c)|\/\//i.test(url.pathname) || /%([01][0-9a-f]|7f)/i.test(uri))
    return 'has an odd slash or control character';
  // The parser lower-cases hosts, resolves dot segments, drops tabs, default ports and backslashes,
  // expands `127.1`: whatever it had to change could mean one place to us and another to the
  // browser.
  if (url.href !== uri && url.href !== `${uri}/`) return 'is not in canonical form';
  return undefined;
};

export const isLoopback = (uri: string): boolean => {
  const url = URL.parse(uri);
  return url?.protocol === 'http:' && loopbackHosts.has(url.hostname);
};

const withoutPort = (uri: string): string | undefined => {
  const url = URL.parse(uri);
  if (url === null) return undefined;
  url.port = '';
  return url.href;
};

/**
 * Whether a requested redirect URI is a registered one: the same string, but for the port of a
 * loopback URI, which a native client learns when it starts to listen (RFC 8252 section 7.3).
 * `localhost` and `127.0.0.1` are different hosts.
 */
export const matchesRegistered = (requested: string, registered: string): boolean =>
  validateRedirectUri(requested) === undefined &&
  (requested === registered ||
    (isLoopback(requested) && withoutPort(requested) === withoutPort(registered)));
