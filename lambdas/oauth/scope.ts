import { ignoredScopes } from '../../policy/scopes.ts';
import { InvalidScope } from '../errors/errors.ts';

const ignored = new Set<string>(ignoredScopes);

/**
 * What a client is granted out of what it may have: the scopes that it requests, or all of them
 * when it requests for none (RFC 6749 section 3.3). Claude sends ` offline_access` with a leading
 * space.
 * @throws InvalidScope for a scope outside
 */
export const grantedScopes = (
  requested: string | undefined,
  available: readonly string[],
): readonly string[] => {
  const wanted = new Set(
    (requested ?? '').split(' ').filter((scope) => scope !== '' && !ignored.has(scope)),
  );
  if (wanted.size === 0) return available;
  if ([...wanted].some((scope) => !available.includes(scope))) throw new InvalidScope();
  return available.filter((scope) => wanted.has(scope));
};
