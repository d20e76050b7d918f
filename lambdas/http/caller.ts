/** AUTH-10: who is calling, by a verified access token. */
export interface Caller {
  readonly sub: string;
  readonly username: string;
  /** Verified; absent where the client profile does not grant it. */
  readonly email?: string;
  /**
   * What people call them, where the pool or their company's provider knows it and the client profile
   * grants the address. Their own words: never to be compared.
   */
  readonly name?: string;
  /** What the token was granted, with what those scopes imply (AUTH-8). */
  readonly scopes: readonly string[];
  /** Groups of the user pool that the user was in at the login; absent without any. */
  readonly groups?: readonly string[];
  /** Cognito's `origin_jti`: the login that the token comes of. */
  readonly session?: string;
  /** When the token was issued, in epoch seconds. */
  readonly issuedAt?: number;
  /** Cognito app client. */
  readonly clientId: string;
  /** The machine that calls as itself, with nobody logged in: `sub` is `machine:<name>` then. */
  readonly machine?: string;
  /** Name of the client profile that the app client belongs to. */
  readonly profile: string;
}
