import { allowsRedirect, type DeployedProfile } from './client-profile.ts';
import { isLoopback, matchesRegistered } from './redirect-uri.ts';

/** A client that we know, however it made itself known. */
export interface Client {
  readonly id: string;
  /** Chosen by the client, made safe to show. */
  readonly name: string;
  /** The host of its metadata document. */
  readonly documentHost?: string;
  /** It registered itself: its name is its own claim. */
  readonly selfNamed?: boolean;
  readonly redirectUris: readonly string[];
  /**
   * Takes every loopback URI, any path: only the client that stands for the loopback profile
   * itself.
   */
  readonly anyLoopback?: boolean;
  /** Profiles that it may belong to; its redirect URI decides (OAUTH-6). */
  readonly profiles: readonly DeployedProfile[];
  /**
   * Profiles that it may belong to with a loopback redirect URI alone: the host of its metadata
   * document is on no list of theirs.
   */
  readonly loopbackProfiles?: readonly DeployedProfile[];
  /** A registration that never led to a login: it expires unless the login lifts that (OAUTH-4). */
  readonly unused?: boolean;
}

/** What a client registers (RFC 7591 section 2), already checked. */
export interface ClientMetadata {
  readonly name: string;
  readonly redirectUris: readonly string[];
  readonly applicationType: 'native' | 'web';
  readonly profile: string;
}

export interface FindOptions {
  /** Takes a metadata document that was fresh when the consent page was shown. */
  readonly allowStale?: boolean;
}

/**
 * Who may log in. Cognito's own registration can take this over one day; nothing else would change.
 * Each method makes at most two accesses to the table.
 */
export interface ClientRegistry {
  /** The client's id; the same metadata gives the same id. */
  register(metadata: ClientMetadata, now: Date): Promise<string>;
  /**
   * @param redirectUri where the client asks to be answered: a metadata document that could not be
   * used with it is not fetched
   * @throws InvalidClient, TemporarilyUnavailable
   */
  find(clientId: string, redirectUri: string, now: Date, options?: FindOptions): Promise<Client>;
  /**
   * Whether the id is one that may log in here. Of a metadata document only the form of its URL is
   * looked at. One table access at most.
   */
  knows(clientId: string, now: Date): Promise<boolean>;
  /** A login succeeded: the registration stays. */
  keep(clientId: string): Promise<void>;
}

/** The profile under which a client gets a redirect; undefined: it may not have it (OAUTH-7). */
export const profileFor = (client: Client, redirectUri: string): DeployedProfile | undefined => {
  const own =
    (client.anyLoopback && isLoopback(redirectUri)) ||
    client.redirectUris.some((registered) => matchesRegistered(redirectUri, registered));
  if (!own) return undefined;
  const open = isLoopback(redirectUri) ? (client.loopbackProfiles ?? []) : [];
  return [...client.profiles, ...open].find((profile) => allowsRedirect(profile, redirectUri));
};
