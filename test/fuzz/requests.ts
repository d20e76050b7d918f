import fc from 'fast-check';
import { mcpMethods } from '../../policy/mcp-methods.ts';
import { policyEndpoints } from '../e2e/runtime/routes.ts';
import { issuer } from './deployment.ts';

/** What API Gateway would make an event of. */
export interface FuzzedRequest {
  readonly route: number;
  readonly method: string;
  readonly headers: readonly (readonly [string, string])[];
  readonly query: readonly (readonly [string, string])[];
  readonly body: string | null;
  readonly base64: boolean;
}

/** Text that has broken parsers before, among any text at all. */
const nasty = fc.constantFrom(
  ...[
    '',
    ' ',
    '\u0000',
    '\r\nset-cookie: a=b',
    '\u202e',
    '\u001b[2J',
    '__proto__',
    'constructor',
    'toString',
    '%',
    '%00',
    '%zz',
    '../..',
  ],
  ...[
    '\ud800',
    '{}',
    '[]',
    'null',
    '-1',
    '1e999',
    '<script>',
    "'",
    '"',
    '\\',
    `${'$'}{jndi:ldap://x}`,
    'a'.repeat(3000),
    'https://evil.example/',
  ],
);
const text = fc.oneof(
  { weight: 2, arbitrary: fc.string({ unit: 'binary', maxLength: 20 }) },
  { weight: 1, arbitrary: nasty },
);

const parameterNames = fc.oneof(
  {
    weight: 9,
    arbitrary: fc.constantFrom(
      ...[
        'client_id',
        'redirect_uri',
        'response_type',
        'code_challenge',
        'code_challenge_method',
        'state',
        'scope',
        'resource',
        'prompt',
        'code',
        'error',
      ],
      ...[
        'grant_type',
        'code_verifier',
        'refresh_token',
        'token',
        'client_secret',
        'access_token',
        'csrf',
        'decision',
        'response_mode',
      ],
    ),
  },
  { weight: 1, arbitrary: text },
);
const parameterValues = fc.oneof(
  { weight: 3, arbitrary: text },
  {
    weight: 2,
    arbitrary: fc.constantFrom(
      ...[
        'claude',
        'loopback',
        'julius',
        `client_${'0'.repeat(64)}`,
        'https://claude.ai/client.json',
        'code',
        'S256',
        'plain',
        'authorization_code',
      ],
      ...[
        'refresh_token',
        'https://claude.ai/api/mcp/auth_callback',
        'http://localhost:1/callback',
        'a'.repeat(43),
        'gatehouse/tools.read',
      ],
      ...[`${issuer}/mcp`, 'approve', 'deny', 'consent', 'claude.AAAA', 'query'],
    ),
  },
);
const parameters = fc.array(fc.tuple(parameterNames, parameterValues), { maxLength: 8 });

const value = fc.letrec((tie) => ({
  any: fc.oneof(
    { maxDepth: 3, depthIdentifier: 'json' },
    text,
    fc.constantFrom<unknown>(
      null,
      true,
      0,
      -1,
      1.5,
      2 ** 53,
      'add',
      'echo',
      'failing',
      'told',
      'thrown',
      'test://note',
      'test://book/1/0',
      '2026-07-28',
      '2.0',
    ),
    fc.array(tie('any'), { maxLength: 3 }),
    fc.dictionary(
      fc.oneof(
        fc.constantFrom(
          'name',
          'uri',
          'arguments',
          '_meta',
          'ref',
          'cursor',
          'a',
          'b',
          'text',
          'how',
          '__proto__',
        ),
        text,
      ),
      tie('any'),
      { maxKeys: 4 },
    ),
  ),
})).any;

const methods = fc.oneof(
  { weight: 5, arbitrary: fc.constantFrom<string>(...mcpMethods.modern, ...mcpMethods.legacy) },
  { weight: 1, arbitrary: text },
);
const envelope = fc.constantFrom<object>(
  {},
  {
    'io.modelcontextprotocol/protocolVersion': '2026-07-28',
    'io.modelcontextprotocol/clientInfo': { name: 'fuzz', version: '1' },
    'io.modelcontextprotocol/clientCapabilities': {},
  },
  { progressToken: 1 },
);
const message = fc
  .record(
    {
      jsonrpc: fc.constantFrom('2.0', '1.0'),
      id: fc.oneof(fc.integer(), text),
      method: methods,
      params: fc.oneof(
        fc.dictionary(
          fc.constantFrom('name', 'uri', 'arguments', 'cursor', 'ref', 'protocolVersion'),
          value,
        ),
        value,
      ),
      meta: envelope,
    },
    { requiredKeys: ['method', 'meta'] },
  )
  .map(({ meta, params, ...rest }) => ({
    ...rest,
    params:
      typeof params === 'object' && params !== null && !Array.isArray(params)
        ? { ...params, _meta: meta }
        : params,
  }));

const clientMetadata = fc.record(
  {
    client_name: value,
    redirect_uris: fc.oneof(fc.array(parameterValues, { maxLength: 12 }), value),
    grant_types: value,
    response_types: value,
    token_endpoint_auth_method: fc.oneof(fc.constant('none'), value),
    application_type: value,
    scope: value,
  },
  { requiredKeys: [] },
);

/** A right request of each endpoint, for the changes to start from. */
const rightParameters: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  '/authorize': {
    client_id: 'loopback',
    redirect_uri: 'http://localhost:1/callback',
    response_type: 'code',
    code_challenge_method: 'S256',
    code_challenge: 'a'.repeat(43),
    state: 'state',
    scope: 'gatehouse/tools.read',
    resource: `${issuer}/mcp`,
  },
  '/consent': {
    csrf: 'a'.repeat(43),
    decision: 'approve',
    client_id: 'loopback',
    redirect_uri: 'http://localhost:1/callback',
  },
  '/callback': { state: 'a'.repeat(43), code: 'code' },
  '/token': {
    grant_type: 'authorization_code',
    client_id: 'claude',
    code: 'a'.repeat(43),
    code_verifier: 'a'.repeat(43),
    redirect_uri: 'https://claude.ai/api/mcp/auth_callback',
  },
  '/revoke': { client_id: 'claude', token: 'claude.AAAA' },
};

/** Some of the right parameters, in any order with wrong ones: repeated, replaced, left out. */
const changedParameters = (path: string): fc.Arbitrary<readonly (readonly [string, string])[]> => {
  const right = Object.entries(rightParameters[path] ?? {});
  const fewChanges = fc
    .tuple(fc.array(parameters, { maxLength: 1 }), fc.option(fc.nat(10), { freq: 2 }))
    .map(([more, without]) => [...right.filter((_, index) => index !== without), ...more.flat()]);
  return fc.oneof(
    { weight: 3, arbitrary: fewChanges },
    { weight: 1, arbitrary: parameters },
    { weight: 1, arbitrary: fc.constant(right) },
  );
};

const asForm = (pairs: readonly (readonly [string, string])[]): string =>
  new URLSearchParams(pairs.map(([name, each]): [string, string] => [name, each])).toString();

const rightMetadata = {
  client_name: 'A client',
  redirect_uris: ['http://localhost:1/callback'],
  token_endpoint_auth_method: 'none',
};

const rightBody = (path: string): fc.Arbitrary<string> => {
  if (path === '/mcp')
    return fc.oneof(
      { weight: 4, arbitrary: message.map((json) => JSON.stringify(json)) },
      {
        weight: 1,
        arbitrary: fc.array(message, { maxLength: 25 }).map((json) => JSON.stringify(json)),
      },
    );
  if (path === '/register')
    return fc.oneof(
      clientMetadata.map((json) => JSON.stringify({ ...rightMetadata, ...json })),
      fc.constant(JSON.stringify(rightMetadata)),
    );
  return changedParameters(path).map(asForm);
};

const bodyOf = (path: string): fc.Arbitrary<string | null> =>
  fc.oneof(
    { weight: 8, arbitrary: rightBody(path) },
    { weight: 1, arbitrary: text },
    { weight: 1, arbitrary: fc.json({ maxDepth: 40 }) },
    { weight: 1, arbitrary: fc.constant(null) },
  );

const headerNames = fc.oneof(
  {
    weight: 9,
    arbitrary: fc.constantFrom(
      ...[
        'accept',
        'cookie',
        'mcp-protocol-version',
        'mcp-method',
        'mcp-name',
        'mcp-param-region',
        'if-none-match',
        'traceparent',
        'last-event-id',
      ],
      ...[
        'X-Forwarded-For',
        'Host',
        'MCP-Method',
        'Origin',
        'Content-Type',
        'content-length',
        'x-api-key',
      ],
    ),
  },
  { weight: 1, arbitrary: fc.stringMatching(/^[A-Za-z][A-Za-z0-9-]{0,12}$/) },
);
const headerValues = fc.oneof(
  { weight: 2, arbitrary: text },
  {
    weight: 3,
    arbitrary: fc.constantFrom<string>(
      '2026-07-28',
      '2025-11-25',
      '2025-03-26',
      'application/json, text/event-stream',
      '*/*',
      '*',
      'add',
      '=?base64?YWRk?=',
      'https://claude.ai',
      ...mcpMethods.modern,
    ),
  },
);

/**
 * Requests that are mostly nearly right: a wholly random one ends at the first check, and the tenth
 * check is never seen.
 * @param tokens - good ones and bad ones
 */
export const fuzzedRequest = (tokens: readonly string[]): fc.Arbitrary<FuzzedRequest> => {
  const mostly = <Value>(right: fc.Arbitrary<Value>, wrong: fc.Arbitrary<Value>) =>
    fc.oneof({ weight: 9, arbitrary: right }, { weight: 1, arbitrary: wrong });
  const some = (value: fc.Arbitrary<string>) =>
    fc.oneof<fc.WeightedArbitrary<string | undefined>[]>(
      { weight: 1, arbitrary: value },
      { weight: 2, arbitrary: fc.constant(undefined) },
    );
  const ofRoute = (route: number): fc.Arbitrary<FuzzedRequest> => {
    const { path = '/', methods: own = ['GET'] } = policyEndpoints[route] ?? {};
    const isJson = path === '/mcp' || path === '/register';
    return fc
      .record({
        method: mostly(
          fc.constantFrom<string>(...own),
          fc.constantFrom('GET', 'POST', 'DELETE', 'OPTIONS'),
        ),
        origin: some(
          mostly(fc.constant('https://claude.ai'), fc.constantFrom('https://evil.example', 'null')),
        ),
        authorization:
          path === '/mcp'
            ? mostly(fc.constantFrom(...tokens.map((token) => `Bearer ${token}`)), text)
            : some(text),
        type: mostly(
          fc.constant(isJson ? 'application/json' : 'application/x-www-form-urlencoded'),
          fc.oneof(text, fc.constant('text/plain')),
        ),
        more: fc.array(fc.tuple(headerNames, headerValues), { maxLength: 3 }),
        query:
          own[0] === 'GET'
            ? changedParameters(path)
            : fc.array(fc.tuple(parameterNames, parameterValues), { maxLength: 1 }),
        body: bodyOf(path),
        base64: fc.boolean(),
      })
      .map(({ origin, authorization, type, more, ...request }) => ({
        ...request,
        route,
        headers: [
          ...Object.entries({ origin, authorization, 'content-type': type }).flatMap(
            ([name, each]) => (each === undefined ? [] : [[name, each] as const]),
          ),
          ...more,
        ],
      }));
  };
  // The endpoints that read most are asked most.
  const weightOf = (path: string): number => {
    if (path === '/mcp') return 8;
    return path in rightParameters || path === '/register' ? 3 : 1;
  };
  return fc.oneof(
    ...policyEndpoints.map(({ path }, route) => ({
      weight: weightOf(path),
      arbitrary: ofRoute(route),
    })),
  );
};
