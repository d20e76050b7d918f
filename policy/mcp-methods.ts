/**
 * Protocol revisions that are served, newest first. 2026-07-28 is stateless; the others open with
 * `initialize`.
 */
export const protocolVersions = {
  modern: ['2026-07-28'],
  legacy: ['2025-11-25', '2025-06-18', '2025-03-26'],
} as const;

/** IN-1: the methods that are dispatched, by era. Anything else is -32601. */
export const mcpMethods = {
  modern: [
    'server/discover',
    'tools/list',
    'tools/call',
    'prompts/list',
    'prompts/get',
    'resources/list',
    'resources/read',
    'resources/templates/list',
    'completion/complete',
    'subscriptions/listen',
    // Notifications carry no id and are answered 202.
    'notifications/cancelled',
    'notifications/progress',
  ],
  legacy: [
    'initialize',
    'ping',
    'tools/list',
    'tools/call',
    'prompts/list',
    'prompts/get',
    'resources/list',
    'resources/read',
    'resources/templates/list',
    'completion/complete',
  ],
} as const;

/**
 * A notification of the revisions of 2025 is taken whatever it says (202), as they ask no server to
 * know them all; only `notifications/cancelled` does something here.
 */
export const legacyNotifications = 'notifications/';

/**
 * The parameter that `Mcp-Name` mirrors, by method (Streamable HTTP of 2026-07-28, "Standard
 * request headers").
 */
export const namedBy = {
  'tools/call': 'name',
  'prompts/get': 'name',
  'resources/read': 'uri',
} as const;

/**
 * Extensions that are declared where a definition uses them: MCP Apps (SEP-1865), whose key in a
 * definition's `_meta` is `ui`.
 */
export const appsExtension = { id: 'io.modelcontextprotocol/ui', metaKey: 'ui' } as const;

/** How long a client may keep a list or a document (`ttlMs`), and for whom (`cacheScope`). */
export const listCaching = { ttlMs: 300_000, cacheScope: 'private' } as const;
/**
 * The bytes of JSON that one page of a list may have; `defineServer({ listPageBytes })` sets another
 * figure. A list that fits comes whole, because some clients never ask for a second page. This is a
 * tenth of what API Gateway lets through without streaming.
 */
export const listPageBytes = 1_000_000;

/**
 * A tool's signal fires `warningSeconds` before Lambda would stop the function; `answerSeconds`
 * before, the caller is answered without it. Lambda itself would only cut the connection.
 */
export const callDeadlines = { warningSeconds: 8, answerSeconds: 3 } as const;

/**
 * An instance in which a definition has thrown where nobody could catch it ends this long after its
 * response is written, and takes no other request.
 */
export const strayErrors = { graceMilliseconds: 100 } as const;

/**
 * A call that has been quiet this long becomes a stream with a comment in it, and gets another one
 * each time: proxies cut what is silent (`originReadSeconds` in edge). 15 s is what the HTML
 * standard recommends ("Server-sent events", authoring notes).
 */
export const quietCalls = { keepAliveSeconds: 15 } as const;

/** `completion/complete` answers at most this many values (2026-07-28 schema, "CompleteResult"). */
export const completionValues = 100;
