import type { Browser } from '../browser/browser-walk.ts';

/** What a client is given. */
export interface Setting {
  readonly mcpUrl: string;
  readonly browser: Browser;
  /** One of 127.0.0.0/8: each client is another computer to the rate limits. */
  readonly address: string;
  /** An empty folder for what the client keeps. */
  readonly home: string;
  /** Identifies itself by this document instead of registering. */
  readonly clientMetadataUrl?: string;
  /** Was registered before, by an operator or an earlier run. */
  readonly clientId?: string;
}

/** What a client did; every driver tells the same story. */
export interface Story {
  /** The protocol revision that was negotiated, where the client tells. */
  readonly protocolVersion?: string;
  readonly tools: readonly string[];
  /** What `whoami` answered after the login, and again with a refreshed token. */
  readonly whoami: unknown;
  readonly whoamiAfterRefresh: unknown;
  /** How often a person had to log in: once before the revocation, and whether again after it. */
  readonly loginsBeforeRevocation: number;
  readonly refusedAfterRevocation: boolean;
}

export type Client = (setting: Setting) => Promise<Story>;
