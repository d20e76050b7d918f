import { InvalidTarget } from '../errors/errors.ts';

/**
 * OAUTH-12 (RFC 8707): the canonical resource when a client names ours, or names none. Real clients
 * add a trailing slash, a query or the server's root; that is still this server, as it serves one
 * resource. The canonical value goes to Cognito, never the client's.
 * @throws InvalidTarget
 */
export const canonicalResource = (
  requested: string | undefined,
  resource: string,
  issuer: string,
): string => {
  if (requested === undefined) return resource;
  const url = URL.parse(requested);
  if (url === null || requested.includes('#') || url.username !== '' || url.password !== '')
    throw new InvalidTarget();
  const place = `${url.origin}${url.pathname}`.replace(/\/$/, '');
  if (place !== resource && place !== issuer) throw new InvalidTarget();
  return resource;
};
