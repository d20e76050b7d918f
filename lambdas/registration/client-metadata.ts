import * as z from 'zod/mini';
import { InvalidClientMetadata, InvalidRedirectUri } from '../errors/errors.ts';
import { type DeployedProfile, mostTaken } from '../oauth/client-profile.ts';
import type { ClientMetadata } from '../oauth/client-registry.ts';
import { displayName } from '../oauth/display-name.ts';
import { isLoopback, validateRedirectUri } from '../oauth/redirect-uri.ts';
import { clientMetadataMembers, withoutNulls } from '../oauth/registered-metadata.ts';

const request = z.object({
  ...clientMetadataMembers,
  // OpenID Connect Registration section 2; MCP of 2026-07-28 has clients say it.
  application_type: z.optional(z.enum(['native', 'web'])),
});

/** For whoever asks the log which client wants a profile. */
const hostsOf = (uris: readonly string[]): string =>
  [...new Set(uris.map((uri) => URL.parse(uri)?.host || '(none)'))].join(' ');

/**
 * What a client registers, out of the body of its request.
 * @throws InvalidRedirectUri, InvalidClientMetadata (RFC 7591 section 3.2.2)
 */
export const clientMetadata = (
  body: unknown,
  profiles: readonly DeployedProfile[],
): ClientMetadata => {
  const parsed = request.safeParse(withoutNulls(body));
  if (!parsed.success) {
    const field = String(parsed.error.issues[0]?.path[0] ?? 'the body');
    const MetadataError = field === 'redirect_uris' ? InvalidRedirectUri : InvalidClientMetadata;
    throw new MetadataError({ message: `${field} is missing or malformed.` });
  }
  const { client_name, application_type, redirect_uris } = parsed.data;
  const uris = [...new Set(redirect_uris)].sort();
  const taken = mostTaken(profiles, uris);
  if (!taken) {
    const flaw = uris.map(validateRedirectUri).find((found) => found !== undefined);
    throw new InvalidRedirectUri({
      message: flaw ? `A redirect URI ${flaw}.` : 'No client profile takes these redirect URIs.',
      fix: 'Register https URIs of a host that the operator has allowed, without a query, or http URIs of localhost, 127.0.0.1 or [::1].',
      about: { host: hostsOf(uris) },
    });
  }
  const { profile, redirectUris } = taken;
  return {
    name: displayName(client_name ?? '') || profile.title,
    redirectUris,
    applicationType: application_type ?? (redirectUris.some(isLoopback) ? 'native' : 'web'),
    profile: profile.name,
  };
};
