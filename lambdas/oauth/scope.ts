import { ignoredScopes } from '../../policy/scopes.ts';
import { InvalidScope } from '../errors/errors.ts';

const ignored = new Set<string>(ignoredScopes);

/**
 * What a client is granted out of what it may have: the scopes that it asks for, or all of them
 * when it asks for none (RFC 6749 section 3.3). Claude sends ` offline_access` with a leading
 * space.
 * @throws InvalidScope for a scope outside
 */
export const grantedScopes = (
  requested: string | undefined,
  available: readonly string[],
): readonly string[] => {
  const asked = new Set(
    (requested ?? '').split(' ').filter((scope) => scope !== '' && !ignored.has(scope)),
  );
  if (asked.size === 0) return available;
  if ([...asked].some((scope) => !available.includes(scope))) throw new InvalidScope();
  return available.filter((scope) => asked.has(scope));
};
