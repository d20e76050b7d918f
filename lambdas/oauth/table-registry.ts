import type { Table } from '../aws/table.ts';
import { InvalidClient } from '../errors/errors.ts';
import { internet, type Network } from '../http/public-fetch.ts';
import { findClient, keepClient, registerClient } from '../store/clients.ts';
import type { DeployedProfile } from './client-profile.ts';
import type { Client, ClientRegistry } from './client-registry.ts';
import { documentedClients } from './documented-client.ts';
import { isDocumentUrl } from './metadata-document.ts';
import { hashOf } from './secret.ts';

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
    id: profile.name,
    name: profile.title,
    redirectUris: profile.redirectUris,
    anyLoopback: profile.loopback,
    profiles: [profile],
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

  const documented = documentedClients(table, profiles, network);

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
    find: async (clientId, redirectUri, now, options = {}) => {
      const profile = profiles.find(({ name }) => name === clientId);
      if (profile) return preRegistered(profile);
      if (isDocumentUrl(clientId)) return documented(clientId, redirectUri, now, options);
      if (registeredId.test(clientId)) return registered(clientId, now);
      throw new InvalidClient();
    },
    knows: async (clientId, now) =>
      profiles.some(({ name }) => name === clientId) ||
      isDocumentUrl(clientId) ||
      (registeredId.test(clientId) && (await findClient(table, clientId, now)) !== undefined),
    keep: (clientId) => keepClient(table, clientId),
  };
};
