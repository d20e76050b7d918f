import type { Authenticate } from '../access-token/verifier.ts';
import { missingScopes } from '../configuration/scopes.ts';
import { ForeignOrigin, InsufficientScope, InvalidToken } from '../errors/errors.ts';
import type { Caller } from '../http/caller.ts';
import { type Definitions, requiredScopes } from './required-scopes.ts';

export interface AuthorizationInput {
  /** Lower-case names. */
  readonly headers: Readonly<Record<string, string>>;
  /** Names of headers that may stand once and are repeated. */
  readonly repeated: readonly string[];
  readonly now: Date;
}

export interface AuthorizationRules {
  readonly origins: readonly string[];
  readonly authenticate: Authenticate;
  readonly definitions: Definitions;
  /** Told of a caller who is known, and may not do this. */
  readonly refused: (caller: Caller, error: InsufficientScope) => void;
}

/**
 * Who may call `/mcp`: the origin first (a foreign page learns nothing about its user's token),
 * then the token, then its scopes. The handler refuses other repeated headers, because
 * its response can say why.
 *
 * @throws ForeignOrigin, MissingToken, InvalidToken, InsufficientScope, TemporarilyUnavailable
 */
export const authorize = async (
  { headers, repeated, now }: AuthorizationInput,
  rules: AuthorizationRules,
): Promise<Caller> => {
  const { origin } = headers;
  // Two of them are joined into one value, which is on no list.
  if (origin !== undefined && !rules.origins.includes(origin))
    throw new ForeignOrigin({ detail: 'not on the list' });
  if (repeated.includes('authorization'))
    throw new InvalidToken({ detail: 'two Authorization headers' });
  const caller = await rules.authenticate(headers['authorization'], now);
  const missing = missingScopes(
    requiredScopes(headers, rules.definitions, caller.groups),
    caller.scopes,
  );
  if (missing.length === 0) return caller;
  const error = new InsufficientScope({
    data: { requiredScopes: missing },
    detail: `lacks ${missing.join(' ')}`,
  });
  rules.refused(caller, error);
  throw error;
};
