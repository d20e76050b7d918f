import type { DeployedProfile } from '../configuration/json-fields.ts';
import { isLoopback, validateRedirectUri } from './redirect-uri.ts';

export type { DeployedProfile } from '../configuration/json-fields.ts';

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
 * The profile that takes the most of these redirect URIs, the first among equals, with those that
 * it takes. Clients list URIs of other environments, and private-use schemes that any program could
 * claim (RFC 8252 section 7.1), beside the one that they use: these are not registered, and the
 * response says what was (RFC 7591 section 3.2.1).
 */
export const mostTaken = (
  profiles: readonly DeployedProfile[],
  uris: readonly string[],
): { readonly profile: DeployedProfile; readonly redirectUris: string[] } | undefined => {
  const taken = profiles.map((profile) => ({
    profile,
    redirectUris: uris.filter((uri) => allowsRedirect(profile, uri)),
  }));
  const most = Math.max(...taken.map(({ redirectUris }) => redirectUris.length));
  return most > 0 ? taken.find(({ redirectUris }) => redirectUris.length === most) : undefined;
};
