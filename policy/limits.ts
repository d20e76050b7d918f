/** Rates and sizes. Units are in the names; a figure stands here and nowhere else (RATE-1 to 8). */
export interface AddressLimit {
  readonly id: string;
  readonly name: string;
  /** Requests that one client address may make in `perSeconds`. */
  readonly requests: number;
  readonly perSeconds: number;
  /**
   * `its-endpoints`: the rows of policy/endpoints that name this limit. `without-user-limit`:
   * everything but what counts each user exactly (RATE-5).
   */
  readonly counts: 'everything' | 'without-user-limit' | 'its-endpoints';
  /** Counts every path apart (the key is address and path) instead of all of them together. */
  readonly eachPath?: true;
  /** The rule exists on non-production stages only. */
  readonly developmentOnly?: true;
}

/**
 * Limits by client address, enforced by the web ACL. AWS WAF takes windows of 60, 120, 300 and 600
 * s and counts of at least 10.
 */
export const addressLimits = [
  {
    id: 'RATE-1',
    name: 'everything-per-minute',
    requests: 100,
    perSeconds: 60,
    counts: 'everything',
  },
  // 1,000 an hour is 166 in WAF's longest window. Not on /mcp: the exact per-user hour stands
  // there.
  {
    id: 'RATE-1',
    name: 'everything-per-hour',
    requests: 166,
    perSeconds: 600,
    counts: 'without-user-limit',
  },
  {
    id: 'RATE-2',
    name: 'oauth',
    requests: 10,
    perSeconds: 60,
    counts: 'its-endpoints',
    eachPath: true,
  },
  // 5 a minute: WAF's floor is 10, so the window is twice as long.
  {
    id: 'RATE-3',
    name: 'registration',
    requests: 10,
    perSeconds: 120,
    counts: 'its-endpoints',
  },
  { id: 'RATE-4', name: 'metadata', requests: 20, perSeconds: 60, counts: 'its-endpoints' },
  { id: 'RATE-6', name: 'health', requests: 100, perSeconds: 60, counts: 'its-endpoints' },
  {
    id: 'RATE-7',
    name: 'self-test',
    requests: 10,
    perSeconds: 120,
    counts: 'its-endpoints',
    developmentOnly: true,
  },
] as const satisfies readonly AddressLimit[];

/**
 * The login pages themselves, by client address: a page, its style sheet and a form or two for each
 * login.
 */
export const userPoolAddressLimit = { requests: 200, perSeconds: 300 } as const;

/**
 * The window in which an address is counted that many people share: known egress of the client
 * profiles, and `trustedNetworks` of the configuration.
 */
export const sharedNetworkWindowSeconds = 60;

/** What one address of a trusted network may do, unless the configuration says otherwise. */
export const trustedNetworkRequestsPerMinute = 1000;

/** What AWS WAF can express (developer guide, "Rate-based rule caveats"; quotas page). */
export const wafQuotas = {
  rateRulesPerAcl: 10,
  smallestRate: 10,
  windowsSeconds: [60, 120, 300, 600],
  customHeadersPerResponse: 10,
  customHeadersPerAcl: 100,
  customHeaderValueCharacters: 255,
  regexCharacters: 512,
  addressesPerSet: 10_000,
} as const;

/** AWS's quota (Tagging AWS resources, "Tag naming limits and requirements"). */
export const tagsPerResource = 50;

/** What AWS Lambda takes (quotas page). */
export const lambdaQuotas = { environmentBytes: 4096 } as const;

/** The most calls of one user in a minute and an hour; what is left out is not bounded by it. */
export interface CallLimit {
  readonly perMinute?: number | undefined;
  readonly perHour?: number | undefined;
}

/** RATE-5: exact, per user; a batch of n counts n. */
export const userLimits = { perMinute: 30, perHour: 1000 } as const;

/** What a configuration may choose: more in a window than this bounds nothing. */
export const mostUserCalls = { perMinute: 100_000, perHour: 1_000_000 } as const;

/** The limits in force in a deployment. */
export interface UserLimits {
  readonly perMinute: number;
  readonly perHour: number;
  /** In place of these for each member of a group; of several groups the largest. */
  readonly groups: Readonly<Record<string, CallLimit>>;
  /** Beside these, for the calls of one tool. */
  readonly tools: Readonly<Record<string, CallLimit>>;
}

/** Requests a second, and how many may come at once. */
export interface Throttle {
  readonly ratePerSecond: number;
  readonly burst: number;
}

/**
 * RATE-8: stage-wide method throttles, all clients together (requests a second, burst). A key
 * beside `default` is an endpoint's name.
 */
export const methodThrottles = {
  default: { ratePerSecond: 100, burst: 200 },
  mcp: { ratePerSecond: 500, burst: 1000 },
  register: { ratePerSecond: 5, burst: 10 },
} as const satisfies Readonly<Record<string, Throttle>>;

/** A throttle for each key of the policy's, whatever its figures. */
export type MethodThrottles = Readonly<Record<keyof typeof methodThrottles, Throttle>>;

/**
 * OAUTH-5: how many metadata documents of unlisted hosts are fetched for strangers, all of them
 * together. Copies that are kept cost nothing; RATE-2 bounds each address.
 */
export const documentFetches = { most: 120, perSeconds: 60 } as const;

/**
 * RATE-8: into how many shares a profile's users are divided, each with a usage-plan key and the
 * profile's whole rate, so that one user's flood is felt by one share. A share is two resources of
 * the template, which has 500 (AWS's quota), so many profiles have fewer shares each. The key of
 * the hash is made of `idsInShareKey` ids of ten letters and digits, 51 bits each.
 */
export const usagePlanShares = {
  perProfile: 16,
  /** In a stack of an app's own, whose other resources need room. */
  perProfileInApp: 4,
  inAllProfiles: 96,
  idsInShareKey: 4,
} as const;

/** C. Input validation, AUTH-1, OAUTH-5. */
export const sizes = {
  bodyBytes: 256 * 1024,
  /**
   * What the web ACL inspects of a body; regional ACLs on API Gateway allow 16, 32, 48 and 64 KB.
   */
  inspectedBodyKilobytes: 64,
  jsonDepth: 32,
  batchMessages: 20,
  tokenBytes: 10_240,
  /** Cognito's quota of groups that a user may be in. */
  groupsPerUser: 100,
  /** Pages of lists that one instance keeps written, for callers of different groups. */
  rememberedLists: 200,
  displayedCharacters: 1000,
  /** One OAuth parameter; a redirect URI, `state`, and a metadata-document URL fit. */
  oauthParameterCharacters: 2048,
  redirectUrisPerClient: 10,
  /** Entries of any other list that a stranger sends: grant types, methods, subscriptions. */
  listEntries: 100,
  /** One entry of these, or a word such as an authentication method. */
  wordCharacters: 256,
  /** A URI that an MCP client names; parsers of URIs take more than their length. */
  uriCharacters: 8192,
  /** How much of a redirect URI an error page names. */
  shownUriCharacters: 120,
  /** RFC 8707: how many resources one request may name. */
  resourceIndicators: 8,
  /**
   * A `Location` header: API Gateway takes 10,240 bytes of headers together, and the table of
   * security headers needs some.
   */
  locationCharacters: 8192,
  /** What a client calls itself, on the consent page. */
  clientNameCharacters: 80,
  /** UTF-16 code units of a name that are read at all, hidden ones included. */
  clientNameReadCharacters: 1024,
  /** Cookies of logins and approvals that a browser holds at most; each has some 90 bytes. */
  loginCookies: 24,
  /** OAUTH-10: random codes, states and cookies (256 bits). */
  secretBytes: 32,
  metadataDocumentBytes: 5 * 1024,
  /** The longest response that is read from an AWS service; a DynamoDB item is at most 400 KB. */
  serviceAnswerBytes: 512 * 1024,
  /** Verified signatures that one instance remembers. */
  verifiedSignatures: 1000,
  /** Attributes of a user's item that may lie there past their time before they are swept. */
  staleAttributes: 16,
  /** Logins of one user that stay; the least recently used one ends with the next. */
  grantsPerUser: 32,
  /** Of a client's id, in the list of a user's grants. */
  grantClientCharacters: 256,
  /** Refreshes within one grace of which the replaced tokens are still told from stolen ones. */
  rememberedGenerations: 16,
  /** A pool publishes two keys, some 1 KB together. */
  jwksBytes: 16 * 1024,
} as const;

/** How long a request may wait for something. */
export const timeouts = {
  gatewaySeconds: 29,
  /** `/mcp` streams its response, so API Gateway lets it run up to 15 minutes. */
  streamSeconds: 900,
  authorizerSeconds: 10,
  cognitoSeconds: 5,
  auditTrailSeconds: 30,
  secretsManagerSeconds: 5,
  tableSeconds: 2,
  jwksSeconds: 3,
  metadataDocumentSeconds: 3,
  /**
   * A function that is still at work this long before Lambda stops it answers for itself, with the
   * headers and shape of its errors.
   */
  earlyMilliseconds: 500,
} as const;
