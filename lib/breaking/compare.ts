import { type BreakingChange, breakingChanges } from '../../policy/deployment.ts';
import type { Promises } from './promises.ts';

/** A change that cuts somebody off. */
export interface Breach {
  readonly kind: BreakingChange;
  /** What changes, from what to what, and for whom. */
  readonly reason: string;
}

/** What of a deployment's promises a newer template breaks; additions break none. */
export const breaches = (before: Promises, now: Promises): readonly Breach[] => [
  ...replaced('url', before.url, now.url),
  ...replaced('issuer', before.issuer, now.issuer),
  ...replaced('userPool', before.userPool, now.userPool),
  // Another pool has other attributes: that is said already.
  ...(before.userPool === now.userPool
    ? members('userAttributes', before.userAttributes, now.userAttributes)
    : []),
  ...replaced('loginDomain', before.loginDomain, now.loginDomain),
  ...replaced('resourceServer', before.resourceServer, now.resourceServer),
  ...members('scopes', byThemselves(before.scopes), byThemselves(now.scopes)),
  ...members('clients', before.clients, now.clients),
  ...members('providers', byThemselves(before.providers), byThemselves(now.providers)),
  ...replaced('table', before.table, now.table),
];

const replaced = (kind: BreakingChange, before: string, now: string): readonly Breach[] =>
  before === now
    ? []
    : [{ kind, reason: `${kind}: ${before} becomes ${now}: ${breakingChanges[kind]}.` }];

const members = (
  kind: BreakingChange,
  before: Readonly<Record<string, string>>,
  now: Readonly<Record<string, string>>,
): readonly Breach[] =>
  Object.entries(before)
    .filter(([name, value]) => now[name] !== value)
    .map(([name, value]) => {
      const change = now[name] === undefined ? 'is gone' : `was ${value} and is ${now[name]}`;
      return { kind, reason: `${kind}: ${name} ${change}: ${breakingChanges[kind]}.` };
    });

const byThemselves = (names: readonly string[]): Readonly<Record<string, string>> =>
  Object.fromEntries(names.map((name) => [name, name]));
