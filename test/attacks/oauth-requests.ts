/**
 * What an attacker sends to the OAuth endpoints. The handlers' tests and the end-to-end tests both
 * walk these tables: the first with every table access in sight, the second through web ACL, gateway
 * and the deployed bundles.
 */

type Parameters = Readonly<Record<string, string>>;

/** Refused on a page, never by a redirect: nobody knows yet that the redirect URI is the client's. */
export const hostileRedirectUris = (
  registered: string,
): readonly (readonly [name: string, redirectUri: string])[] => [
  ['a path suffix', `${registered}/x`],
  ['a sub-domain', registered.replace('claude.ai', 'evil.claude.ai')],
  ['user information', registered.replace('claude.ai', 'claude.ai@evil.example')],
  ['a fragment', `${registered}#x`],
  ['another port on https', registered.replace('claude.ai', 'claude.ai:8443')],
  ['the default port written out', registered.replace('claude.ai', 'claude.ai:443')],
  ['an encoded slash', registered.replace('mcp/', 'mcp%2F')],
  ['an upper-case host', registered.replace('claude.ai', 'Claude.ai')],
  ['a trailing dot', registered.replace('claude.ai', 'claude.ai.')],
  ['a look-alike in punycode', registered.replace('claude.ai', 'xn--cude-ppa6a.ai')],
  ['a look-alike in Unicode', registered.replace('claude', 'cl\u0430ude')],
  ['plain http', registered.replace('https', 'http')],
  ['a query that was not registered', `${registered}?x=1`],
  ['a scheme that runs script', 'javascript:alert(1)'],
  ['another client’s URI', 'https://claude.com/api/mcp/auth_callback'],
  ['a foreign host', 'https://evil.example/callback'],
];

/** Refused on a page: nobody knows them, or may be asked for them. */
export const unknownClients: readonly string[] = [
  'unknown',
  'client_00',
  `client_${'0'.repeat(64)}`,
  'https://evil.example/client.json',
  'http://claude.ai/x',
  '__proto__',
];

/** Refused on a page when they are sent twice (RFC 6749 section 3.1). */
export const singleParameters: readonly string[] = [
  'client_id',
  'redirect_uri',
  'state',
  'code_challenge',
  'scope',
];

/** Refused to the client, at its redirect URI, with `state` and `iss`. */
export const refusedAuthorizations = (
  issuer: string,
): readonly (readonly [name: string, changed: Parameters, error: string])[] => [
  ['no challenge', { code_challenge: '' }, 'invalid_request'],
  ['no PKCE at all', { code_challenge: '', code_challenge_method: '' }, 'invalid_request'],
  ['no challenge method, which would mean plain', { code_challenge_method: '' }, 'invalid_request'],
  ['plain', { code_challenge_method: 'plain' }, 'invalid_request'],
  ['a challenge that no SHA-256 makes', { code_challenge: 'short' }, 'invalid_request'],
  ['the implicit flow', { response_type: 'token' }, 'unsupported_response_type'],
  ['a hybrid flow', { response_type: 'code id_token' }, 'unsupported_response_type'],
  ['no response type', { response_type: '' }, 'invalid_request'],
  ['a response by form', { response_mode: 'form_post' }, 'invalid_request'],
  ['a foreign resource', { resource: 'https://evil.example/mcp' }, 'invalid_target'],
  ['a resource beside ours', { resource: `${issuer}/mcp-2` }, 'invalid_target'],
  [
    'a resource with user information',
    { resource: `${issuer.replace('//', '//x@')}/mcp` },
    'invalid_target',
  ],
  ['a resource with a fragment', { resource: `${issuer}/mcp#x` }, 'invalid_target'],
  [
    'a scope outside the profile',
    { scope: 'gatehouse/tools.read gatehouse/admin' },
    'invalid_scope',
  ],
  [
    'Cognito’s own administration scope',
    { scope: 'aws.cognito.signin.user.admin' },
    'invalid_scope',
  ],
  ['control characters', { scope: 'gatehouse/tools.read\u0007' }, 'invalid_request'],
];

/**
 * Refused by /token, and the code stays good for the client that it was made for.
 * @param challenge - the code challenge of the login, which everybody could read in its URL
 */
export const refusedRedemptions = (
  challenge: string,
): readonly (readonly [name: string, changed: Parameters, error: string, event: string])[] => [
  ['for another client', { client_id: 'claude' }, 'invalid_grant', 'AuthenticationFailure'],
  [
    'with another redirect URI',
    { redirect_uri: 'https://claude.com/api/mcp/auth_callback' },
    'invalid_grant',
    'AuthenticationFailure',
  ],
  [
    'with a wrong verifier',
    { code_verifier: 'a'.repeat(43) },
    'invalid_grant',
    'AuthenticationFailure',
  ],
  ['without a verifier', { code_verifier: '' }, 'invalid_request', 'InputValidationFailure'],
  [
    'with the challenge as its verifier',
    { code_verifier: challenge },
    'invalid_grant',
    'AuthenticationFailure',
  ],
  [
    'for a foreign resource',
    { resource: 'https://evil.example/mcp' },
    'invalid_target',
    'InputValidationFailure',
  ],
];

/** What becomes of a refresh token of the profile `claude` that somebody spoils. */
export const spoiledRefreshTokens: readonly (readonly [
  name: string,
  spoil: (token: string) => string,
])[] = [
  ['cut', (token) => token.slice(0, -7)],
  ['altered', (token) => token.slice(0, 60) + (token[60] === 'A' ? 'B' : 'A') + token.slice(61)],
  ['moved to another profile', (token) => token.replace(/^claude/, 'loopback')],
];
