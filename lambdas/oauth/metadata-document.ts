import * as z from 'zod/mini';
import { lifetimes } from '../../policy/lifetimes.ts';
import { sizes, timeouts } from '../../policy/limits.ts';
import { epochSeconds } from '../aws/table.ts';
import { InvalidClient } from '../errors/errors.ts';
import { text } from '../http/bounded.ts';
import { freshSeconds } from '../http/freshness.ts';
import { type Network, PublicFetchFailed, publicFetch } from '../http/public-fetch.ts';
import { displayName } from './display-name.ts';
import { validateRedirectUri } from './redirect-uri.ts';
import {
  clientMetadataMembers,
  metadataWord,
  metadataWords,
  withoutNulls,
} from './registered-metadata.ts';

export interface MetadataDocument {
  readonly name: string;
  readonly redirectUris: readonly string[];
  /**
   * Epoch seconds until which HTTP lets us use it unasked, and until which it may stand in for one
   * that cannot be fetched.
   */
  readonly freshUntil: number;
  readonly expiresAt: number;
}

const content = z.object({
  ...clientMetadataMembers,
  client_id: text(sizes.oauthParameterCharacters),
  client_name: text(sizes.clientNameReadCharacters).check(z.minLength(1)),
  token_endpoint_auth_method: z.optional(metadataWord),
  token_endpoint_auth_methods_supported: z.optional(metadataWords),
  // A document is public: a secret in it is none (draft-ietf-oauth-client-id-metadata-document
  // section 4.1).
  client_secret: z.optional(z.undefined()),
});

const limits = {
  timeoutMs: timeouts.metadataDocumentSeconds * 1000,
  maximumBytes: sizes.metadataDocumentBytes,
};
const bounds = {
  least: lifetimes.metadataDocumentMinimumSeconds,
  most: lifetimes.metadataDocumentMaximumSeconds,
};

/**
 * Whether a client id is a metadata document's URL as the draft allows them, canonical, so that one
 * client has one id.
 */
export const isDocumentUrl = (clientId: string): boolean => {
  const url = URL.parse(clientId);
  return (
    url?.protocol === 'https:' &&
    url.pathname !== '/' &&
    url.port === '' &&
    validateRedirectUri(clientId) === undefined
  );
};

/**
 * Fetches a client's metadata document (OAUTH-5).
 * @throws InvalidClient
 */
export const fetchMetadataDocument = async (
  clientId: string,
  now: Date,
  network: Network,
): Promise<MetadataDocument> => {
  const refuse = (detail: string, cause?: unknown): never => {
    throw new InvalidClient({
      message: 'The client metadata document cannot be used.',
      detail,
      cause,
    });
  };
  const response = await publicFetch(new URL(clientId), limits, network).catch((error: unknown) => {
    if (!(error instanceof PublicFetchFailed)) throw error;
    return refuse(error.message, error);
  });
  const { data } = content.safeParse(withoutNulls(response.json));
  if (!data) return refuse('the content is not a client metadata document');
  // A client that can do more says so (OpenID Connect RP Metadata Choices; ChatGPT) and falls back
  // to what we advertise.
  const methods = data.token_endpoint_auth_methods_supported ?? [
    data.token_endpoint_auth_method ?? 'none',
  ];
  if (!methods.includes('none')) return refuse('the client cannot be a public one');
  if (data.client_id !== clientId) return refuse('client_id is not the URL of the document');
  const freshUntil = epochSeconds(now) + freshSeconds(response.headers, bounds);
  const redirectUris = data.redirect_uris.filter((uri) => validateRedirectUri(uri) === undefined);
  const name = displayName(data.client_name) || new URL(clientId).hostname;
  return {
    name,
    redirectUris,
    freshUntil,
    expiresAt: freshUntil + lifetimes.metadataDocumentGraceSeconds,
  };
};
