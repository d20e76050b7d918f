import * as z from 'zod/mini';
import { sizes } from '../../policy/limits.ts';
import { InvalidClientMetadata, InvalidRedirectUri } from '../errors/errors.ts';
import { type DeployedProfile, profileOf } from '../oauth/client-profile.ts';
import type { ClientMetadata } from '../oauth/client-registry.ts';
import { displayName } from '../oauth/display-name.ts';
import { isLoopback, validateRedirectUri } from '../oauth/redirect-uri.ts';

const listing = (needed: string) =>
  z.optional(
    z
      .array(z.string())
      .check(z.refine((given) => given.includes(needed), `must include ${needed}`)),
  );

/**
 * RFC 7591 section 2. What we have no use for is left out, as section 3.2.1 allows; nothing of it
 * is ever fetched or shown.
 */
const request = z.object({
  redirect_uris: z
    .array(z.string())
    .check(z.minLength(1), z.maxLength(sizes.redirectUrisPerClient)),
  client_name: z.optional(z.string()),
  // OpenID Connect Registration section 2; MCP of 2026-07-28 has clients say it.
  application_type: z.optional(z.enum(['native', 'web'])),
  grant_types: listing('authorization_code'),
  response_types: listing('code'),
});

/**
 * RFC 8252 section 7.1: any program can claim such a scheme, so we never answer there. Cursor lists
 * one beside its loopback URI.
 */
const isPrivateUse = (uri: string): boolean => {
  const url = URL.parse(uri);
  return (
    url !== null &&
    !['http:', 'https:', 'javascript:', 'data:', 'file:', 'blob:', 'vbscript:'].includes(
      url.protocol,
    )
  );
};

/**
 * What a client registers, out of the body of its request.
 * @throws InvalidRedirectUri, InvalidClientMetadata (RFC 7591 section 3.2.2)
 */
export const clientMetadata = (
  body: unknown,
  profiles: readonly DeployedProfile[],
): ClientMetadata => {
  const parsed = request.safeParse(body);
  if (!parsed.success) {
    const field = String(parsed.error.issues[0]?.path[0] ?? 'the body');
    const Refusal = field === 'redirect_uris' ? InvalidRedirectUri : InvalidClientMetadata;
    throw new Refusal({ message: `${field} is missing or malformed.` });
  }
  const { client_name, application_type, redirect_uris } = parsed.data;
  const redirectUris = [...new Set(redirect_uris.filter((uri) => !isPrivateUse(uri)))].sort();
  for (const uri of redirectUris) {
    const flaw = validateRedirectUri(uri);
    if (flaw) throw new InvalidRedirectUri({ message: `A redirect URI ${flaw}.` });
  }
  const profile = redirectUris.length > 0 && profileOf(profiles, redirectUris);
  if (!profile)
    throw new InvalidRedirectUri({
      message: 'No client profile takes these redirect URIs.',
      fix: 'Register https URIs of a host that the operator has allowed, without a query, or http URIs of localhost, 127.0.0.1 or [::1].',
    });
  const isLocal = redirectUris.some(isLoopback);
  if (application_type === 'web' && isLocal)
    throw new InvalidRedirectUri({
      message: 'A web application has no loopback redirect URI; register application_type native.',
    });
  return {
    name: displayName(client_name ?? '') || profile.title,
    redirectUris,
    applicationType: application_type ?? (isLocal ? 'native' : 'web'),
    profile: profile.name,
  };
};
