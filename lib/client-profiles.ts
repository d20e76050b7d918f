import { type ClientProfile, clientProfiles } from '../policy/clients.ts';
import { machineProfilePrefix } from '../policy/machines.ts';
import { type ReadyProfile, readyProfiles } from '../policy/ready-profiles.ts';
import { type ScopeDefinition, scopes } from '../policy/scopes.ts';
import { ConfigurationError, type ProfileSetting } from './configuration.ts';

/**
 * The profiles that are deployed: policy's, changed by the operator's settings of the same name,
 * ready ones that these name, and those that they add.
 */
export const deployedProfiles = (
  settings: readonly ProfileSetting[],
  ownScopes: Readonly<Record<string, ScopeDefinition>> = {},
): readonly ClientProfile[] => {
  const own = Object.keys(ownScopes);
  const known = new Map<string, ClientProfile>(
    clientProfiles.map((profile): [string, ClientProfile] => [profile.name, profile]),
  );
  for (const { name, enabled, ...given } of settings) {
    if (name.startsWith(machineProfilePrefix))
      throw new ConfigurationError(
        `profiles.${name}: names that begin with "${machineProfilePrefix}" are those of machines`,
      );
    if (!enabled) known.delete(name);
    else known.set(name, { ...(known.get(name) ?? ready(name) ?? blank(name)), ...defined(given) });
  }
  const chosen = new Set(
    settings.filter(({ scopes: given }) => given !== undefined).map(({ name }) => name),
  );
  // A challenge offers every scope to everybody, so that a profile has them unless it says otherwise.
  const profiles = [...known.values()].map((profile) =>
    chosen.has(profile.name) ? profile : { ...profile, scopes: [...profile.scopes, ...own] },
  );
  if (profiles.length === 0)
    throw new ConfigurationError(
      'profiles: every client profile is switched off, so nobody could log in. Leave one on.',
    );
  for (const profile of profiles) check(profile, [...Object.keys(scopes), ...own]);
  return profiles;
};

/** A ready profile of that name: what is known of the client, and the posture of a new profile. */
const ready = (name: string): ClientProfile | undefined => {
  const all: Readonly<Record<string, ReadyProfile>> = readyProfiles;
  const found = Object.hasOwn(all, name) ? all[name] : undefined;
  if (found === undefined) return undefined;
  const { source: _, evidence: __, read: ___, ...known } = found;
  return { ...blank(name), ...known, scopes: ['gatehouse/tools.read', 'gatehouse/tools.call'] };
};

/**
 * A profile of a team's own starts with nothing but the base posture: no redirects, so `check` asks
 * for them.
 */
const blank = (name: string): ClientProfile => ({
  name,
  title: name,
  redirectUris: [],
  redirectHosts: [],
  loopback: false,
  metadataDocumentHosts: [],
  anyDocumentHost: false,
  scopes: ['gatehouse/tools.read'],
  grantsEmail: true,
  accessTokenMinutes: 15,
  refreshTokenDays: 7,
  throttle: { ratePerSecond: 50, burst: 100 },
});

const check = (
  { name, redirectUris, redirectHosts, loopback, anyDocumentHost, scopes: granted }: ClientProfile,
  known: readonly string[],
) => {
  const refuse = (key: string, message: string): never => {
    throw new ConfigurationError(`profiles.${name}.${key}: ${message}`);
  };
  if (redirectUris.length === 0 && redirectHosts.length === 0 && !loopback)
    refuse(
      'redirectUris',
      'no client could ever belong to this profile: give "redirectUris", "redirectHosts" or "loopback": true',
    );
  if (anyDocumentHost && !loopback)
    refuse(
      'anyDocumentHost',
      'documents of any host are taken for loopback redirect URIs alone, so it needs "loopback": true',
    );
  const insecure = redirectUris.find((uri) => new URL(uri).protocol !== 'https:');
  if (insecure !== undefined)
    refuse(
      'redirectUris',
      `${insecure} is not https (loopback clients need "loopback": true instead)`,
    );
  const unknown = granted.find((scope) => !known.includes(scope));
  if (unknown !== undefined)
    refuse('scopes', `${unknown} is not a scope of the deployment (${known.join(', ')})`);
};

type Defined<T> = { [K in keyof T]?: Exclude<T[K], undefined> };

const isDefined = <T extends object>(given: T): given is T & Defined<T> =>
  Object.values(given).every((value) => value !== undefined);

/**
 * Under exactOptionalPropertyTypes an absent key and an undefined one differ, and only absent ones
 * may leave policy's value.
 */
const defined = <T extends object>(given: T): Defined<T> => {
  const kept = { ...given };
  for (const key of Object.keys(kept))
    if (Reflect.get(kept, key) === undefined) Reflect.deleteProperty(kept, key);
  return isDefined(kept) ? kept : {};
};
