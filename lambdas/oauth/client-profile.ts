import type { DeployedProfile } from '../configuration/fields.ts';
import { isLoopback, validateRedirectUri } from './redirect-uri.ts';

export type { DeployedProfile } from '../configuration/fields.ts';

/**
 * Whether a profile takes a redirect URI (OAUTH-6, OAUTH-7): another port is another place, and
 * where any path will do, no query will.
 */
export const allowsRedirect = (profile: DeployedProfile, uri: string): boolean => {
  if (validateRedirectUri(uri) !== undefined) return false;
  if (profile.redirectUris.includes(uri)) return true;
  return isLoopback(uri)
    ? profile.loopback
    : profile.redirectHosts.includes(new URL(uri).host) && !uri.includes('?');
};

/**
 * The profile of a client that registers: the first one that takes all its redirect URIs, never by
 * a name or User-Agent.
 */
export const profileOf = (
  profiles: readonly DeployedProfile[],
  uris: readonly string[],
): DeployedProfile | undefined =>
  profiles.find((profile) => uris.every((uri) => allowsRedirect(profile, uri)));
