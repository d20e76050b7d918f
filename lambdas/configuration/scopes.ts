import { type ScopeDefinition, scopes } from '../../policy/scopes.ts';

/** Those that a configuration adds, in JSON. The bundler puts them here; else there are none. */
declare const OWN_SCOPES: string | undefined;
const ownScopes: Readonly<Record<string, ScopeDefinition>> =
  typeof OWN_SCOPES === 'string' ? JSON.parse(OWN_SCOPES) : {};

/** Every scope of the deployment: the policy's, in its order, and those of the configuration. */
export const deployedScopes: Readonly<Record<string, ScopeDefinition>> = {
  ...scopes,
  ...ownScopes,
};

// RFC 6749 section 3.3: %x21, %x23-5B, %x5D-7E. The comma is left out: it separates here.
const scopeToken = /^[!#-+\-.-[\]-~]+$/;

/**
 * CONF-3: scopes from comma- or space-separated text, each once, in order. Text that is no scope
 * (quotes, backslashes, control characters) is left out: it can only ever grant less.
 */
export const parseScopes = (text: string): string[] => [
  ...new Set(text.split(/[\s,]+/).filter((token) => scopeToken.test(token))),
];

/**
 * AUTH-8: what was granted together with all that it implies. Names that the deployment does not
 * know stay as they are.
 */
export const withImplied = (granted: readonly string[], known = deployedScopes): string[] => {
  const all = new Set(granted);
  // A set grows while it is walked, so implications of implications are met too.
  for (const name of all)
    if (Object.hasOwn(known, name))
      for (const implied of known[name]?.implies ?? []) all.add(implied);
  return [...all];
};

/** The scopes out of `required` that `held` (implications included) lacks. */
export const missingScopes = (required: readonly string[], held: readonly string[]): string[] =>
  required.filter((scope) => !held.includes(scope));
