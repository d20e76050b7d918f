/**
 * The Cognito resource server's identifier. Short and not a URL: it cannot change without replacing
 * the server and every grant.
 */
export const resourceServer = 'gatehouse';

export interface ScopeDefinition {
  readonly words: string;
  readonly implies: readonly string[];
}

/**
 * What a caller may be granted. `words` stand on the consent page; `implies` lists narrower scopes
 * that come with it (AUTH-8).
 */
export const scopes = {
  'gatehouse/tools.read': {
    words: 'See the available tools, prompts and resources, and use those that only read',
    implies: [],
  },
  'gatehouse/tools.call': {
    words: 'Use tools that act on your behalf',
    implies: ['gatehouse/tools.read'],
  },
} as const satisfies Record<string, ScopeDefinition>;

/** What a configuration may add. AWS takes 100 for a resource server, 50 for an app client. */
export const ownScopes = {
  most: 20,
  nameCharacters: 64,
  name: /^(?=.{1,64}$)[a-z][a-z0-9-]*(?:\.[a-z][a-z0-9-]*)*$/,
  /** Ours and Cognito's. */
  reserved: /^(?:tools|aws|cognito|gatehouse)(?:\.|$)/,
  wordsCharacters: 100,
  words: () => /^(?=\S)(?=.*\S$)[^\p{C}]{1,100}$/u,
} as const;

/** AUTH-10, on the consent page of a client whose profile puts both into its tokens. */
export const emailWords = 'See your name and email address';

/**
 * What every call to `/mcp` needs, whatever it does; a method, tool, prompt or resource may ask for
 * more.
 */
export const baseScope: keyof typeof scopes = 'gatehouse/tools.read';

/**
 * OpenID Connect's own scopes. Clients add them unasked (Claude `offline_access`, mcp-remote
 * `openid email profile`); they mean nothing here and Cognito would refuse some, so they are left
 * out in silence (RFC 6749 section 3.3: the response's `scope` says what was granted). Any other
 * unknown scope is refused.
 */
export const ignoredScopes = [
  'openid',
  'profile',
  'email',
  'phone',
  'address',
  'offline_access',
] as const;
