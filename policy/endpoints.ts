/**
 * Every path that answers. `lib` makes routes of them, `metadata` advertises them, the crawler test
 * visits them.
 *
 * `errors` is the shape that a refusal takes there (ERR-2): JSON-RPC on `/mcp`, RFC 6749 on the
 * OAuth endpoints, a page where a person is looking, a problem document (RFC 9457) elsewhere.
 * `browsers: 'cross-origin'` endpoints answer preflights; pages do not.
 */
export interface Endpoint {
  readonly path: string;
  readonly methods: readonly ('GET' | 'POST' | 'DELETE')[];
  readonly function: 'metadata' | 'registration' | 'authorization' | 'token' | 'mcp' | 'health';
  readonly errors: 'jsonrpc' | 'oauth' | 'page' | 'problem';
  readonly browsers: 'cross-origin' | 'same-origin';
  readonly developmentOnly?: true;
}

export const endpoints = [
  // GET and DELETE exist to answer 405: an undefined method on a resource is API Gateway's 403.
  {
    path: '/mcp',
    methods: ['POST', 'GET', 'DELETE'],
    function: 'mcp',
    errors: 'jsonrpc',
    browsers: 'cross-origin',
  },
  {
    path: '/register',
    methods: ['POST'],
    function: 'registration',
    errors: 'oauth',
    browsers: 'cross-origin',
  },
  {
    path: '/authorize',
    methods: ['GET'],
    function: 'authorization',
    errors: 'page',
    browsers: 'same-origin',
  },
  {
    path: '/consent',
    methods: ['POST'],
    function: 'authorization',
    errors: 'page',
    browsers: 'same-origin',
  },
  {
    path: '/callback',
    methods: ['GET'],
    function: 'authorization',
    errors: 'page',
    browsers: 'same-origin',
  },
  {
    path: '/token',
    methods: ['POST'],
    function: 'token',
    errors: 'oauth',
    browsers: 'cross-origin',
  },
  {
    path: '/revoke',
    methods: ['POST'],
    function: 'token',
    errors: 'oauth',
    browsers: 'cross-origin',
  },
  {
    path: '/health',
    methods: ['GET'],
    function: 'health',
    errors: 'problem',
    browsers: 'cross-origin',
  },
  {
    path: '/self-test',
    methods: ['GET'],
    function: 'health',
    errors: 'problem',
    browsers: 'cross-origin',
    developmentOnly: true,
  },
] as const satisfies readonly Endpoint[];

/**
 * Where the metadata documents stand (RFC 9728 section 3.1, RFC 8414 section 3.1, OIDC Discovery
 * section 4), all `GET` by the `metadata` function. `{resource}` is the resource's path (`/mcp`),
 * `{issuer}` the issuer's (empty, or `/{stage}`). Path-inserted forms need the host's root, which a
 * bare stage URL does not own; path-appended ones work everywhere.
 */
export const wellKnown = {
  protectedResource: '/.well-known/oauth-protected-resource',
  authorizationServer: '/.well-known/oauth-authorization-server',
  openidConfiguration: '/.well-known/openid-configuration',
} as const;

/**
 * Where those documents answer below the API's root; which of them the host's root owns depends on
 * the URL mode.
 */
export const metadataPaths = [
  wellKnown.protectedResource,
  `${wellKnown.protectedResource}/mcp`,
  `/mcp${wellKnown.protectedResource}`,
  wellKnown.authorizationServer,
  wellKnown.openidConfiguration,
] as const;
