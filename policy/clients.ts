/**
 * A client profile: which clients it takes (by their redirect URIs alone, OAUTH-6), and what they
 * get. Each profile is one confidential Cognito app client and one usage plan, however many clients
 * register under it.
 */
export interface ClientProfile {
  /** Lower-case letters, digits and dashes: names the app client and the usage plan. */
  readonly name: string;
  /** For people: pages, dashboards. */
  readonly title: string;
  /** Redirect URIs taken exactly as they stand. */
  readonly redirectUris: readonly string[];
  /**
   * https hosts on which a client may register any path; matched exactly afterwards. Without a
   * query: a page that redirects to wherever its query says would hand the code to whoever
   * registered it.
   */
  readonly redirectHosts: readonly string[];
  /**
   * Takes `http://localhost`, `http://127.0.0.1` and `http://[::1]` with any port (RFC 8252 section
   * 7.3).
   */
  readonly loopback: boolean;
  /** https hosts whose client metadata documents are fetched. */
  readonly metadataDocumentHosts: readonly string[];
  /**
   * Takes client metadata documents of every public https host, for loopback redirect URIs alone:
   * such a client is asked about each time, is never remembered and signs in anew. Only where some
   * profile does this are documents advertised: a client that sees them advertised does not try the
   * registration that would work.
   */
  readonly anyDocumentHost: boolean;
  /** What its clients may be granted, in the terms of policy/scopes. */
  readonly scopes: readonly string[];
  /** Puts `email` and `name` into the access token (AUTH-10). */
  readonly grantsEmail: boolean;
  readonly accessTokenMinutes: number;
  readonly refreshTokenDays: number;
  /**
   * RATE-8: what each share of the profile's users may do (`usagePlanShares`). A quota is divided
   * by the shares and locks out every user of one at once, so it is off unless given.
   */
  readonly throttle: { readonly ratePerSecond: number; readonly burst: number };
  readonly quota?: { readonly requests: number; readonly period: 'DAY' | 'WEEK' | 'MONTH' };
  /**
   * Published ranges (CIDR) behind which thousands of its users share a few addresses, with the
   * ceiling of one such address.
   */
  readonly egress?: { readonly ranges: readonly string[]; readonly requestsPerMinute: number };
}

export const clientProfiles = [
  {
    name: 'claude',
    title: 'Claude',
    redirectUris: [
      'https://claude.ai/api/mcp/auth_callback',
      'https://claude.com/api/mcp/auth_callback',
    ],
    redirectHosts: [],
    loopback: false,
    metadataDocumentHosts: ['claude.ai', 'claude.com'],
    anyDocumentHost: false,
    scopes: ['gatehouse/tools.read', 'gatehouse/tools.call'],
    grantsEmail: true,
    accessTokenMinutes: 15,
    refreshTokenDays: 30,
    throttle: { ratePerSecond: 50, burst: 100 },
    // https://docs.claude.com/en/api/ip-addresses
    egress: { ranges: ['160.79.104.0/21'], requestsPerMinute: 3000 },
  },
  {
    name: 'julius',
    title: 'Julius',
    redirectUris: [],
    // Julius publishes no redirect URI: any path on its hosts, exact after registration.
    redirectHosts: ['julius.ai', 'app.julius.ai', 'api.julius.ai'],
    loopback: false,
    metadataDocumentHosts: ['julius.ai', 'app.julius.ai', 'api.julius.ai'],
    anyDocumentHost: false,
    scopes: ['gatehouse/tools.read', 'gatehouse/tools.call'],
    grantsEmail: true,
    accessTokenMinutes: 15,
    refreshTokenDays: 30,
    throttle: { ratePerSecond: 50, burst: 100 },
  },
  {
    name: 'loopback',
    title: 'A program on your own computer',
    // VS Code registers both of these beside its loopback URIs.
    redirectUris: ['https://vscode.dev/redirect', 'https://insiders.vscode.dev/redirect'],
    redirectHosts: [],
    loopback: true,
    metadataDocumentHosts: ['claude.ai', 'claude.com', 'vscode.dev'],
    anyDocumentHost: true,
    scopes: ['gatehouse/tools.read', 'gatehouse/tools.call'],
    grantsEmail: true,
    accessTokenMinutes: 15,
    refreshTokenDays: 7,
    throttle: { ratePerSecond: 50, burst: 100 },
  },
] as const satisfies readonly ClientProfile[];

/**
 * What documents said that Claude cannot log in without. Used only while the host does not give
 * them out: claude.ai answers some data centers with a bot challenge (openstatus #2733) and was
 * down for all of them once (July 2026). Checked against public copies on 2026-11-24.
 */
export const knownDocuments = {
  'https://claude.ai/oauth/mcp-oauth-client-metadata': {
    name: 'Claude',
    redirectUris: ['https://claude.ai/api/mcp/auth_callback'],
  },
  'https://claude.ai/oauth/claude-code-client-metadata': {
    name: 'Claude Code',
    redirectUris: ['http://localhost/callback', 'http://127.0.0.1/callback'],
  },
} as const satisfies Record<
  string,
  { readonly name: string; readonly redirectUris: readonly string[] }
>;

/** What everybody may know of a profile: what its users are held to. */
export const publicProfileFields = [
  'title',
  'loopback',
  'scopes',
  'accessTokenMinutes',
  'refreshTokenDays',
  'throttle',
] as const satisfies readonly (keyof ClientProfile)[];
