import * as z from 'zod/mini';
import { lifetimes } from '../../policy/lifetimes.ts';
import { ConditionFailed, type Table } from '../aws/table.ts';
import { InvalidClient } from '../errors/errors.ts';
import { internet, type Network } from '../http/public-fetch.ts';
import type { DeployedProfile } from './client-profile.ts';
import type { Client, ClientRegistry } from './client-registry.ts';
import { fetchMetadataDocument, isDocumentUrl } from './metadata-document.ts';
import { hashOf } from './secret.ts';
import { seconds } from './time.ts';

const registration = z.object({
  name: z.string(),
  redirectUris: z.array(z.string()),
  profile: z.string(),
  expiresAt: z.optional(z.number()),
});

const document = z.object({ name: z.string(), redirectUris: z.array(z.string()), freshUntil: z.number(), expiresAt: z.number() });

const unlessConditionFailed = (error: unknown): void => {
  if (!(error instanceof ConditionFailed)) throw error;
};

const registeredId = /^client_[0-9a-f]{64}$/;

/**
 * Clients of three kinds: registered ones (`client#` items), those that a metadata document describes (`document#` items are the cache),
 * and one pre-registered client a profile, whose id is the profile's name, for programs in which a person types a client id.
 */
export const tableRegistry = (table: Table, profiles: readonly DeployedProfile[], network: Network = internet): ClientRegistry => {
  const preRegistered = ({ name, title, redirectUris, loopback }: DeployedProfile): Client => ({
    id: name,
    name: title,
    redirectUris,
    anyLoopback: loopback,
    profiles: profiles.filter((profile) => profile.name === name),
  });

  const registered = async (id: string, now: Date): Promise<Client> => {
    // Consistent: programs come here a moment after they registered.
    const item = registration.safeParse(await table.get(`client#${id}`, { consistent: true }));
    if (!item.success || (item.data.expiresAt ?? Number.POSITIVE_INFINITY) <= seconds(now))
      throw new InvalidClient({ fix: 'Its registration may have expired: remove this server from the app, add it again and connect.' });
    const { name, redirectUris, profile, expiresAt } = item.data;
    const own = profiles.filter((candidate) => candidate.name === profile);
    return { id, name, redirectUris, profiles: own, unused: expiresAt !== undefined };
  };

  const documented = async (id: string, now: Date, lately: boolean): Promise<Client> => {
    const { hostname } = new URL(id);
    const own = profiles.filter((profile) => profile.metadataDocumentHosts.includes(hostname));
    if (own.length === 0) throw new InvalidClient({ detail: 'no profile takes metadata documents of this host' });
    const pk = `document#${hashOf(id)}`;
    const client = { id, documentHost: hostname, profiles: own };
    const cached = document.safeParse(await table.get(pk, { consistent: false }));
    if (cached.success && (lately ? cached.data.expiresAt : cached.data.freshUntil) > seconds(now)) return { ...cached.data, ...client };
    if (lately) throw new InvalidClient({ message: 'This page has expired.' });
    const fetched = await fetchMetadataDocument(id, now, network);
    await table.put({ pk, ...fetched, expiresAt: fetched.freshUntil + lifetimes.transactionSeconds });
    return { ...fetched, ...client, changed: true };
  };

  return {
    register: async ({ name, redirectUris, applicationType, profile }, now) => {
      const id = `client_${hashOf(name, applicationType, profile, ...redirectUris)}`;
      const item = { pk: `client#${id}`, name, redirectUris, applicationType, profile };
      const expiresAt = seconds(now) + lifetimes.unusedRegistrationSeconds;
      // A registration that a login kept has no expiry and must not get one back.
      const condition = 'attribute_not_exists(pk) OR attribute_exists(expiresAt)';
      await table.put({ ...item, expiresAt }, { condition }).catch(unlessConditionFailed);
      return id;
    },
    find: async (clientId, now, { lately = false } = {}) => {
      const profile = profiles.find(({ name }) => name === clientId);
      if (profile) return preRegistered(profile);
      if (isDocumentUrl(clientId)) return documented(clientId, now, lately);
      if (registeredId.test(clientId)) return registered(clientId, now);
      throw new InvalidClient();
    },
    keep: async (clientId) => {
      const update = { pk: `client#${clientId}`, update: 'REMOVE expiresAt', condition: 'attribute_exists(pk)' };
      await table.update(update).catch(unlessConditionFailed);
    },
  };
};
