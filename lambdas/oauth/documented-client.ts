import { knownDocuments } from '../../policy/clients.ts';
import { lifetimes } from '../../policy/lifetimes.ts';
import { documentFetches } from '../../policy/limits.ts';
import { epochSeconds, type Table } from '../aws/table.ts';
import { InvalidClient, TemporarilyUnavailable } from '../errors/errors.ts';
import { type Network, PublicFetchFailed } from '../http/public-fetch.ts';
import { countDocumentFetch } from '../store/document-fetches.ts';
import { type CachedDocument, findDocument, keepDocument } from '../store/documents.ts';
import type { DeployedProfile } from './client-profile.ts';
import type { Client, FindOptions } from './client-registry.ts';
import { fetchMetadataDocument, type MetadataDocument } from './metadata-document.ts';
import { isLoopback } from './redirect-uri.ts';
import { hashOf } from './secret.ts';

type Copy = Pick<MetadataDocument, 'name' | 'redirectUris'> & { readonly expiresAt?: number };

const builtIn = new Map<string, Copy>(Object.entries(knownDocuments));

/**
 * Clients that a metadata document describes (OAUTH-5). Their id is its URL. Two table accesses, and
 * one more where a document of an unlisted host is fetched.
 */
export const documentedClients =
  (table: Table, profiles: readonly DeployedProfile[], network: Network) =>
  async (
    id: string,
    redirectUri: string,
    now: Date,
    { allowStale = false }: FindOptions,
  ): Promise<Client> => {
    const client = clientOf(id, redirectUri, profiles);
    const hash = hashOf(id);
    const cached = await findDocument(table, hash);
    const grace = allowStale ? lifetimes.transactionSeconds : 0;
    if (cached && isUsable(cached, epochSeconds(now) - grace)) return { ...client, ...cached };
    if (allowStale) throw new InvalidClient({ message: 'This page has expired.' });
    if (cached?.failure && cached.freshUntil > epochSeconds(now))
      throw new InvalidClient({
        message: unusable,
        detail: 'the document could not be used a moment ago',
      });
    if (client.profiles.length === 0 && !(await countDocumentFetch(table, now)))
      return { ...client, ...copyDespiteLimit(cached, now) };
    const current = await fetchMetadataDocument(id, now, network).catch((error: unknown) => {
      const failure = failureOf(error, isGone(cached, now));
      return standIn(id, cached, failure.reason, now) ?? keepFailure(table, hash, failure, now);
    });
    await keepDocument(table, hash, current);
    return { ...client, ...current };
  };

const unusable = 'The client metadata document cannot be used.';

/** The client, but for what its document says. */
const clientOf = (
  id: string,
  redirectUri: string,
  profiles: readonly DeployedProfile[],
): Client => {
  const { hostname } = new URL(id);
  const listed = profiles.filter((profile) => profile.metadataDocumentHosts.includes(hostname));
  const open = isLoopback(redirectUri) ? profiles.filter((profile) => profile.anyDocumentHost) : [];
  if (listed.length === 0 && open.length === 0)
    throw new InvalidClient({
      detail: 'no profile takes metadata documents of this host with this redirect URI',
    });
  return {
    id,
    name: hostname,
    redirectUris: [],
    documentHost: hostname,
    profiles: listed,
    loopbackProfiles: open,
  };
};

const isUsable = ({ failure, freshUntil }: CachedDocument, seconds: number): boolean =>
  failure === undefined && freshUntil > seconds;

const lastCopy = (cached: CachedDocument | undefined, now: Date): CachedDocument | undefined =>
  cached && cached.failure === undefined && cached.expiresAt > epochSeconds(now)
    ? cached
    : undefined;

const copyDespiteLimit = (cached: CachedDocument | undefined, now: Date): CachedDocument => {
  const copy = lastCopy(cached, now);
  if (copy === undefined)
    throw new TemporarilyUnavailable({
      detail: 'too many metadata documents of unlisted hosts were fetched in this minute',
      retryAfterSeconds: documentFetches.perSeconds,
    });
  return copy;
};

interface Failure {
  readonly error: InvalidClient;
  /** `outage`: no response, or 5xx. `gone`: 404 and 410, now or before. `refused`: any other. */
  readonly reason: 'outage' | 'refused' | 'gone' | 'malformed';
}

/** @throws whatever is no failure of the document's host */
const failureOf = (error: unknown, wasGone: boolean): Failure => {
  if (!(error instanceof InvalidClient)) throw error;
  if (!(error.cause instanceof PublicFetchFailed)) return { error, reason: 'malformed' };
  const { status } = error.cause;
  if (wasGone || status === 404 || status === 410) return { error, reason: 'gone' };
  return { error, reason: status === undefined || status >= 500 ? 'outage' : 'refused' };
};

/**
 * In an outage the last good copy stands in (RFC 5861), or what the policy knows of the document;
 * the latter also where the host refuses us, since some put a bot challenge before data centers. A
 * document that is gone, or was within the grace, has no copy at all.
 */
const standIn = (
  id: string,
  cached: CachedDocument | undefined,
  reason: Failure['reason'],
  now: Date,
): MetadataDocument | undefined => {
  if (reason === 'gone' || reason === 'malformed') return undefined;
  const copy = (reason === 'outage' ? lastCopy(cached, now) : undefined) ?? builtIn.get(id);
  if (copy === undefined) return undefined;
  const freshUntil = epochSeconds(now) + lifetimes.metadataDocumentFailureSeconds;
  return { expiresAt: freshUntil + lifetimes.transactionSeconds, ...copy, freshUntil };
};

const isGone = (cached: CachedDocument | undefined, now: Date): boolean =>
  cached?.failure === 'gone' && cached.expiresAt > epochSeconds(now);

/**
 * Remembers a failure for a minute, so that twenty strangers cause one fetch; and for as long as a
 * copy would stand in, that the document is gone.
 */
const keepFailure = async (
  table: Table,
  hash: string,
  { error, reason }: Failure,
  now: Date,
): Promise<never> => {
  const freshUntil = epochSeconds(now) + lifetimes.metadataDocumentFailureSeconds;
  await keepDocument(table, hash, {
    name: '',
    redirectUris: [],
    failure: reason === 'gone' ? 'gone' : 'unusable',
    freshUntil,
    expiresAt: reason === 'gone' ? freshUntil + lifetimes.metadataDocumentGraceSeconds : freshUntil,
  });
  throw error;
};
