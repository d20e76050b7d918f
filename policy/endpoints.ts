/**
 * Every path that answers, one row each. `lib` makes routes, rate rules, web-ACL exceptions and
 * CloudFront behaviours of the rows, handlers read how they answer, `metadata` advertises them, and
 * the crawler test visits them.
 */
export interface Endpoint {
  /** Below the API's root, without a trailing slash. */
  readonly path: string;
  readonly methods: readonly ('GET' | 'HEAD' | 'POST' | 'DELETE')[];
  readonly function: 'metadata' | 'registration' | 'authorization' | 'token' | 'mcp' | 'health';
  /** The bodies that a POST may have; `size` names a row of `sizes` in policy/limits. */
  readonly body: { readonly types: readonly BodyType[]; readonly size: 'bodyBytes' } | 'none';
  /** Parameters that may be sent more than once; any other one is refused then (IN-5). */
  readonly repeatable?: readonly string[];
  /**
   * The shape of an error there (ERR-2): JSON-RPC on `/mcp`, RFC 6749 on the OAuth endpoints, a
   * page where a person is looking, a problem document (RFC 9457) elsewhere.
   */
  readonly errors: 'jsonrpc' | 'oauth' | 'page' | 'problem';
  /** `cross-origin` endpoints answer preflights; pages do not. */
  readonly browsers: 'cross-origin' | 'same-origin';
  /**
   * `access-token`: API Gateway's authorizer and a usage plan stand before it, and each user is
   * counted exactly (RATE-5).
   */
  readonly authentication: 'access-token' | 'none';
  /** The limit of `addressLimits` in policy/limits that counts it, beside those for everything. */
  readonly addressLimit: string | 'none';
  /**
   * The parts of a request in which AWS's managed rules only count, because what they look for is
   * legitimate there: JSON-RPC arguments, client metadata and forms name loopback redirect URIs and
   * whatever a user talks about.
   */
  readonly uninspected: readonly ('body' | 'query' | 'headers')[];
  /** `documents`: CloudFront may keep a response for as long as its own max-age says. */
  readonly cache: 'never' | 'documents';
  readonly developmentOnly?: true;
}

export type BodyType = 'application/json' | 'application/x-www-form-urlencoded';

const mcpPath = '/mcp';
const json = { types: ['application/json'], size: 'bodyBytes' } as const;
const form = { types: ['application/x-www-form-urlencoded'], size: 'bodyBytes' } as const;

/**
 * Where the metadata documents stand (RFC 9728 section 3.1, RFC 8414 section 3.1, OIDC Discovery
 * section 4). Path-inserted forms need the host's root, which a bare stage URL does not own;
 * path-appended ones work everywhere.
 */
export const wellKnown = {
  folder: '/.well-known/',
  protectedResource: '/.well-known/oauth-protected-resource',
  authorizationServer: '/.well-known/oauth-authorization-server',
  openidConfiguration: '/.well-known/openid-configuration',
} as const;

/** RFC 8707 section 2: a client may name several resources. */
const resourceIndicators = ['resource'];

const metadataDocument = {
  methods: ['GET', 'HEAD'],
  function: 'metadata',
  body: 'none',
  errors: 'problem',
  browsers: 'cross-origin',
  authentication: 'none',
  addressLimit: 'metadata',
  uninspected: [],
  cache: 'documents',
} as const;

export const endpoints = {
  // GET, HEAD and DELETE exist to answer 401 and 405: an undefined method on a resource is API
  // Gateway's 403, and some clients look for the challenge by HEAD (Gemini CLI).
  mcp: {
    path: mcpPath,
    methods: ['POST', 'GET', 'HEAD', 'DELETE'],
    function: 'mcp',
    body: json,
    errors: 'jsonrpc',
    browsers: 'cross-origin',
    authentication: 'access-token',
    addressLimit: 'none',
    // `Mcp-Name` and `Mcp-Param-*` repeat what stands in the body.
    uninspected: ['body', 'headers'],
    cache: 'never',
  },
  register: {
    path: '/register',
    methods: ['POST'],
    function: 'registration',
    body: json,
    errors: 'oauth',
    browsers: 'cross-origin',
    authentication: 'none',
    addressLimit: 'registration',
    uninspected: ['body'],
    cache: 'never',
  },
  authorize: {
    path: '/authorize',
    methods: ['GET'],
    function: 'authorization',
    body: 'none',
    repeatable: resourceIndicators,
    errors: 'page',
    browsers: 'same-origin',
    authentication: 'none',
    addressLimit: 'oauth',
    // A redirect URI, `state` and a metadata document's URL stand in the query.
    uninspected: ['query'],
    cache: 'never',
  },
  consent: {
    path: '/consent',
    methods: ['POST'],
    function: 'authorization',
    body: form,
    errors: 'page',
    browsers: 'same-origin',
    authentication: 'none',
    addressLimit: 'oauth',
    uninspected: ['body'],
    cache: 'never',
  },
  callback: {
    path: '/callback',
    methods: ['GET'],
    function: 'authorization',
    body: 'none',
    errors: 'page',
    browsers: 'same-origin',
    authentication: 'none',
    addressLimit: 'oauth',
    uninspected: ['query'],
    cache: 'never',
  },
  token: {
    path: '/token',
    methods: ['POST'],
    function: 'token',
    body: form,
    repeatable: resourceIndicators,
    errors: 'oauth',
    browsers: 'cross-origin',
    authentication: 'none',
    addressLimit: 'oauth',
    uninspected: ['body'],
    cache: 'never',
  },
  revoke: {
    path: '/revoke',
    methods: ['POST'],
    function: 'token',
    body: form,
    errors: 'oauth',
    browsers: 'cross-origin',
    authentication: 'none',
    addressLimit: 'oauth',
    uninspected: ['body'],
    cache: 'never',
  },
  health: {
    path: '/health',
    methods: ['GET', 'HEAD'],
    function: 'health',
    body: 'none',
    errors: 'problem',
    browsers: 'cross-origin',
    authentication: 'none',
    addressLimit: 'health',
    uninspected: [],
    cache: 'never',
  },
  'self-test': {
    path: '/self-test',
    methods: ['GET'],
    function: 'health',
    body: 'none',
    errors: 'problem',
    browsers: 'cross-origin',
    authentication: 'none',
    addressLimit: 'self-test',
    uninspected: [],
    cache: 'never',
    developmentOnly: true,
  },
  'protected-resource': { path: wellKnown.protectedResource, ...metadataDocument },
  'protected-resource-path-inserted': {
    path: `${wellKnown.protectedResource}${mcpPath}`,
    ...metadataDocument,
  },
  'protected-resource-path-appended': {
    path: `${mcpPath}${wellKnown.protectedResource}`,
    ...metadataDocument,
  },
  'authorization-server': { path: wellKnown.authorizationServer, ...metadataDocument },
  'openid-configuration': { path: wellKnown.openidConfiguration, ...metadataDocument },
  // A page for a person who opens the server in a browser.
  connect: { ...metadataDocument, path: '/', cache: 'never' },
  // SEP-2127: `<mcp-url>/server-card` is reserved for it.
  'server-card': { path: `${mcpPath}/server-card`, ...metadataDocument },
} as const satisfies Readonly<Record<string, Endpoint>>;

export type EndpointName = keyof typeof endpoints;

/** The rows, for code that walks the table. */
export const endpointRows: readonly Endpoint[] = Object.values(endpoints);

/** The rows of one function. */
export const endpointsOf = (name: Endpoint['function']): readonly Endpoint[] =>
  endpointRows.filter((endpoint) => endpoint.function === name);

/** The paths of the rows for which `holds` is true. */
export const pathsWhere = (holds: (endpoint: Endpoint) => boolean): readonly string[] =>
  endpointRows.filter(holds).map(({ path }) => path);

/** The metadata documents' paths. */
export const metadataPaths = [
  endpoints['protected-resource'].path,
  endpoints['protected-resource-path-inserted'].path,
  endpoints['protected-resource-path-appended'].path,
  endpoints['authorization-server'].path,
  endpoints['openid-configuration'].path,
] as const;
