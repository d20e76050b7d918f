/**
 * What a test wants forged: an otherwise valid token with parts replaced. `undefined` as a value removes the claim or header.
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
