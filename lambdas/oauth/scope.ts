import { ignoredScopes } from '../../policy/scopes.ts';
import { InvalidScope } from '../errors/errors.ts';
import type { DeployedProfile } from './client-profile.ts';

const ignored = new Set<string>(ignoredScopes);

/**
 * What a client is granted: the scopes that it asks for, in the profile's order; all of the profile's when it asks for none
 * (RFC 6749 section 3.3). Claude sends ` offline_access` with a leading space.
 * @throws InvalidScope for a scope outside the profile
 */
export const grantedScopes = (requested: string | undefined, profile: DeployedProfile): readonly string[] => {
  const asked = new Set((requested ?? '').split(' ').filter((scope) => scope !== '' && !ignored.has(scope)));
  if (asked.size === 0) return profile.scopes;
  if ([...asked].some((scope) => !profile.scopes.includes(scope))) throw new InvalidScope();
  return profile.scopes.filter((scope) => asked.has(scope));
};
