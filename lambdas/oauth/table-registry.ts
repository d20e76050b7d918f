import { knownDocuments } from '../../policy/clients.ts';
import { lifetimes } from '../../policy/lifetimes.ts';
import { epochSeconds, type Table } from '../aws/table.ts';
import { InvalidClient } from '../errors/errors.ts';
import { internet, type Network, PublicFetchFailed } from '../http/public-fetch.ts';
import { findClient, keepClient, registerClient } from '../store/clients.ts';
import { findDocument, keepDocument } from '../store/documents.ts';
import type { DeployedProfile } from './client-profile.ts';
import type { Client, ClientRegistry } from './client-registry.ts';
import { fetchMetadataDocument, isDocumentUrl } from './metadata-document.ts';
import { hashOf } from './secret.ts';

/** Whoever publishes the document took it back; anything else may be an outage (RFC 5861). */
const isGone = (error: unknown): boolean =>
  error instanceof InvalidClient &&
  error.cause instanceof PublicFetchFailed &&
  (error.cause.status === 404 || error.cause.status === 410);

const known = new Map<string, { readonly name: string; readonly redirectUris: readonly string[] }>(
  Object.entries(knownDocuments),
);
const freshFrom = (now: Date) => epochSeconds(now) + lifetimes.metadataDocumentMinimumSeconds;

const registeredId = /^client_[0-9a-f]{64}$/;

/**
 * Clients of three kinds: registered ones, those that a metadata document describes (the table
 * caches it), and one pre-registered client a profile, whose id is the profile's name, for programs
 * in which a person types a client id.
 */
export const tableRegistry = (
  table: Table,
  profiles: readonly DeployedProfile[],
  network: Network = internet,
): ClientRegistry => {
  const preRegistered = (profile: DeployedProfile): Client => ({
    ...{
      id: profile.name,
      name: profile.title,
      redirectUris: profile.redirectUris,
      anyLoopback: profile.loopback,
      profiles: [profile],
    },
  });

  const registered = async (id: string, now: Date): Promise<Client> => {
    const found = await findClient(table, id, now);
    if (!found)
      throw new InvalidClient({
        fix: 'Its registration may have expired: remove this server from the app, add it again and connect.',
      });
    const { name, redirectUris, profile, expiresAt } = found;
    const own = profiles.filter((candidate) => candidate.name === profile);
    return {
      id,
      name,
      redirectUris,
      profiles: own,
      selfNamed: true,
      unused: expiresAt !== undefined,
    };
  };

  const documented = async (id: string, now: Date, allowStale: boolean): Promise<Client> => {
    const { hostname } = new URL(id);
    const own = profiles.filter((profile) => profile.metadataDocumentHosts.includes(hostname));
    if (own.length === 0)
      throw new InvalidClient({ detail: 'no profile takes metadata documents of this host' });
    const hash = hashOf(id);
    const client = { id, documentHost: hostname, profiles: own };
    const cached = await findDocument(table, hash);
    const grace = allowStale ? lifetimes.transactionSeconds : 0;
    if (cached && cached.freshUntil + grace > epochSeconds(now)) return { ...cached, ...client };
    if (allowStale) throw new InvalidClient({ message: 'This page has expired.' });
    const current = await fetchMetadataDocument(id, now, network).catch(async (error: unknown) => {
      if (isGone(error)) {
        // Nor does its copy come back with the next outage.
        if (cached) await keepDocument(table, hash, { ...cached, expiresAt: epochSeconds(now) });
        throw error;
      }
      const last = cached && cached.expiresAt > epochSeconds(now) ? cached : known.get(id);
      if (
        last === undefined ||
        !(error instanceof InvalidClient && error.cause instanceof PublicFetchFailed)
      )
        throw error;
      return {
        expiresAt: freshFrom(now) + lifetimes.transactionSeconds,
        ...last,
        freshUntil: freshFrom(now),
      };
    });
    await keepDocument(table, hash, current);
    return { ...current, ...client, justFetched: true };
  };

  return {
    register: async ({ name, redirectUris, applicationType, profile }, now) => {
      const id = `client_${hashOf(name, applicationType, profile, ...redirectUris)}`;
      await registerClient(
        table,
        id,
        { name, redirectUris: [...redirectUris], applicationType, profile },
        now,
      );
      return id;
    },
    find: async (clientId, now, { allowStale = false } = {}) => {
      const profile = profiles.find(({ name }) => name === clientId);
      if (profile) return preRegistered(profile);
      if (isDocumentUrl(clientId)) return documented(clientId, now, allowStale);
      if (registeredId.test(clientId)) return registered(clientId, now);
      throw new InvalidClient();
    },
    keep: (clientId) => keepClient(table, clientId),
  };
};
