import * as z from 'zod/mini';
import { sizes } from '../../policy/limits.ts';
import { list, text } from '../http/bounded.ts';

const words = list(text(sizes.wordCharacters), sizes.listEntries);

const including = (needed: string) =>
  z.optional(words.check(z.refine((given) => given.includes(needed))));

/**
 * Client metadata (RFC 7591 section 2) as a registration and a metadata document alike give it.
 * Members that we have no use for are left out; nothing of them is ever fetched or shown.
 */
export const clientMetadataMembers = {
  client_name: z.optional(text(sizes.clientNameReadCharacters)),
  redirect_uris: list(text(sizes.oauthParameterCharacters), sizes.redirectUrisPerClient).check(
    z.minLength(1),
  ),
  grant_types: including('authorization_code'),
  response_types: including('code'),
} as const;

/** One word of client metadata, and a list of them. */
export const metadataWord = text(sizes.wordCharacters);
export const metadataWords = words;

/** A member that is null counts as left out, as RFC 7592 section 2.2 has it. */
export const withoutNulls = (metadata: unknown): unknown =>
  typeof metadata === 'object' && metadata !== null && !Array.isArray(metadata)
    ? Object.fromEntries(Object.entries(metadata).filter(([, value]) => value !== null))
    : metadata;
