import { randomUUID } from 'node:crypto';
import type { Pool } from './pool.ts';
import type { Session } from './token-sessions.ts';
import { accessTokenClaims, idTokenClaims } from './tokens.ts';

/**
 * What a test wants forged: an otherwise valid token with parts replaced. `undefined` as a value
 * removes the claim or header.
 *
 * `mint({ clientId, email, resource, claims: { iat: yesterday } })`
 */
export interface ForgedToken {
  /** Default `access`. */
  readonly use?: 'access' | 'id';
  /** Default: the first client. */
  readonly clientId?: string;
  /** Whose token; default: the first user. */
  readonly email?: string;
  /** Becomes `aud` of an access token; absent: no `aud`, as from Cognito. */
  readonly resource?: string;
  /** Default: all of the client's. */
  readonly scopes?: readonly string[];
  readonly claims?: Readonly<Record<string, unknown>>;
  /** Only `RS256` can be signed here; other headers may say anything. */
  readonly header?: Readonly<Record<string, unknown>>;
}

/** Signs it with the pool's own key. */
export const mint = async (pool: Pool, forged: ForgedToken): Promise<string> => {
  const client = pool.client(forged.clientId ?? pool.configuration.clients[0]?.clientId ?? '');
  const person =
    forged.email === undefined ? pool.directory.first() : pool.directory.byEmail(forged.email);
  if (!client || !person) throw new Error('There is no such client or user to mint a token for.');
  const grant: Session = {
    clientId: client.clientId,
    sub: person.sub,
    scopes: forged.scopes ?? client.scopes,
    authTime: pool.tokenTime(),
    originJti: randomUUID(),
    eventId: randomUUID(),
    overrides: {},
    ...(forged.resource !== undefined && { resource: forged.resource }),
  };
  const use = forged.use ?? 'access';
  const claims = (use === 'access' ? accessTokenClaims : idTokenClaims)(
    pool,
    client,
    person,
    grant,
  );
  return pool.keys.sign(use, { ...claims, ...forged.claims }, forged.header);
};
