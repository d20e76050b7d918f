import * as z from 'zod';
import { flawOf, isLoopback } from './redirect-uri.ts';

/** One deployed profile, as the functions see it (a part of policy's `ClientProfile`). */
export const clientProfile = z.object({
  name: z.string().regex(/^[a-z][a-z0-9-]*$/),
  title: z.string(),
  redirectUris: z.array(z.string()),
  redirectHosts: z.array(z.string()),
  loopback: z.boolean(),
  metadataDocumentHosts: z.array(z.string()),
  scopes: z.array(z.string()).min(1),
});

export type ClientProfile = z.infer<typeof clientProfile>;

/** Whether a profile takes a redirect URI (OAUTH-6, OAUTH-7). `host` includes the port: another port is another place. */
export const allowsRedirect = (profile: ClientProfile, uri: string): boolean => {
  if (flawOf(uri) !== undefined) return false;
  if (profile.redirectUris.includes(uri)) return true;
  return isLoopback(uri) ? profile.loopback : profile.redirectHosts.includes(new URL(uri).host);
};

/** The profile of a client that registers: the first one that takes all its redirect URIs, never by a name or User-Agent. */
export const profileOf = (profiles: readonly ClientProfile[], uris: readonly string[]): ClientProfile | undefined =>
  profiles.find((profile) => uris.every((uri) => allowsRedirect(profile, uri)));
