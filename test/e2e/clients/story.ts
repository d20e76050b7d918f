import type { Browser } from '../browser/browser-walk.ts';

/** What a client is given. */
export interface Setting {
  readonly mcpUrl: string;
  readonly browser: Browser;
  /** One of 127.0.0.0/8: each client is another computer to the rate limits. */
  readonly address: string;
  /** An empty folder for what a program keeps. */
  readonly home: string;
  /** Identifies itself by this document instead of registering. */
  readonly clientMetadataUrl?: string;
  /** A person typed this client id in. */
  readonly clientId?: string;
  /** A hosted client's redirect URI; absent: a listener on a port of this computer. */
  readonly redirectUrl?: string;
}

/** What a client did; every driver tells the same story. */
export interface Story {
  /** The protocol revision that was negotiated, where the client tells. */
  readonly protocolVersion?: string;
  /** Listed right after the login. */
  readonly tools: readonly string[];
  /**
   * What the tool `whoami` answered once the access token was spoiled, so that the client had to
   * refresh.
   */
  readonly whoami: unknown;
  /** How often a person had to log in for all that. */
  readonly logins: number;
  /** What the token endpoint answers to the refresh token once it was revoked. */
  readonly afterRevocation: unknown;
}

export type Client = (setting: Setting) => Promise<Story>;
