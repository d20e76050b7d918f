import { sizes } from '../../policy/limits.ts';
import { InvalidTarget } from '../errors/errors.ts';
import { parameter } from './parameters.ts';

/**
 * OAUTH-12 (RFC 8707): the canonical resource when a client names ours, or names none. A client may
 * name several (section 2; some send the same one twice): each must be ours. The canonical value
 * goes to Cognito, never the client's.
 * @throws InvalidTarget
 */
export const canonicalResource = (
  requested: readonly string[],
  resource: string,
  issuer: string,
): string => {
  if (requested.length > sizes.resourceIndicators) throw new InvalidTarget();
  if (!requested.every((each) => isOurs(each, resource, issuer))) throw new InvalidTarget();
  return resource;
};

/**
 * Real clients add a trailing slash, a query or the server's root; that is still this server, as it
 * serves one resource.
 */
const isOurs = (requested: string, resource: string, issuer: string): boolean => {
  if (!parameter.safeParse(requested).success || requested.includes('#')) return false;
  const url = URL.parse(requested);
  if (url === null || url.username !== '' || url.password !== '') return false;
  const withoutQuery = `${url.origin}${url.pathname}`.replace(/\/$/, '');
  return withoutQuery === resource || withoutQuery === issuer;
};
