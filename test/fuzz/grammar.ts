import fc from 'fast-check';

/*
 * Sentences of the languages that the parsers read, most of them nearly right: each part is drawn
 * from what is right there and from what has gone wrong somewhere.
 */

const rarely = <T>(good: fc.Arbitrary<T>, bad: fc.Arbitrary<T>): fc.Arbitrary<T> =>
  fc.oneof({ weight: 12, arbitrary: good }, { weight: 1, arbitrary: bad });

const noise = fc.string({ unit: 'binary', maxLength: 12 });

/** The whole, in which some characters are cut out, put in or said twice. */
export const mutated = (sentence: fc.Arbitrary<string>): fc.Arbitrary<string> =>
  fc
    .tuple(sentence, fc.nat(), fc.nat(4), rarely(fc.constant(''), noise), fc.nat(9))
    .map(([text, at, length, inserted, dice]) => {
      if (dice > 0) return text;
      const start = at % (text.length + 1);
      return text.slice(0, start) + inserted + text.slice(start + length);
    });

const scheme = rarely(
  fc.constantFrom('https', 'http'),
  fc.constantFrom('HTTPS', 'javascript', 'cursor', 'file', 'data', ''),
);
const host = rarely(
  fc.constantFrom('claude.ai', 'localhost', '127.0.0.1', '[::1]', 'vscode.dev', 'julius.ai'),
  fc.constantFrom(
    ...['claude.ai.', 'Claude.ai', 'xn--cude-ppa6a.ai', '127.1', '0x7f.1', '[::ffff:127.0.0.1]'],
    ...['claude.ai@evil.example', 'evil.example', 'cl\u0430ude.ai', 'a*b.example', '', '..'],
  ),
);
const port = rarely(
  fc.constantFrom('', '', ':33418', ':1', ':65535'),
  fc.constantFrom(':443', ':80', ':0', ':65536', ':', ':08'),
);
const path = rarely(
  fc.constantFrom('', '/', '/callback', '/api/mcp/auth_callback', '/a/b%20c', '/redirect'),
  fc.constantFrom('//', '/../x', '/%2e%2e/x', '/a%2Fb', '/a\\b', '/%00', '/*', '/\t', '/%'),
);
const query = rarely(fc.constantFrom('', '', '?x=1'), fc.constantFrom('?', '?*', '#x', '?#', '%'));

/** A redirect URI. */
export const redirectUri = mutated(
  fc.tuple(scheme, host, port, path, query).map(([name, ...rest]) => `${name}://${rest.join('')}`),
);

const base64url = (text: string) => Buffer.from(text).toString('base64url');

const headerText = rarely(
  fc
    .record(
      {
        alg: rarely(fc.constant('RS256'), fc.constantFrom('none', 'HS256', 'rs256', '')),
        kid: rarely(fc.constant('key-1'), noise),
        typ: fc.constantFrom('JWT', 'at+jwt', 'application/at+jwt', 'JOSE'),
        crit: fc.constant(['b64']),
        jku: fc.constant('https://evil.example/jwks'),
      },
      { requiredKeys: ['alg', 'kid'] },
    )
    .map((value) => JSON.stringify(value)),
  fc.constantFrom(
    '{"alg":"RS256","alg":"none","kid":"k"}',
    '[]',
    'null',
    '{',
    '',
    '{"\\u0061lg":1}',
  ),
);

/** An access token: three parts of base64url, most of them canonical. */
export const accessToken = mutated(
  fc
    .tuple(
      headerText,
      rarely(
        fc
          .dictionary(fc.string(), fc.jsonValue(), { maxKeys: 4 })
          .map((value) => JSON.stringify(value)),
        fc.constantFrom('[]', '1', '{"a":1,"\\u0061":2}', '\ufeff{}'),
      ),
      fc.uint8Array({ minLength: 1, maxLength: 64 }),
    )
    .map(([head, body, signature]) =>
      [base64url(head), base64url(body), Buffer.from(signature).toString('base64url')].join('.'),
    ),
);

/** The parameters of an authorization request, but for client and redirect URI. */
export const authorizationParameters = fc.record(
  {
    response_type: rarely(fc.constant('code'), fc.constantFrom('token', 'code id_token', '')),
    response_mode: rarely(fc.constant('query'), fc.constantFrom('form_post', 'fragment')),
    code_challenge: rarely(
      fc
        .uint8Array({ minLength: 32, maxLength: 32 })
        .map((bytes) => Buffer.from(bytes).toString('base64url')),
      mutated(fc.constant('a'.repeat(43))),
    ),
    code_challenge_method: rarely(fc.constant('S256'), fc.constantFrom('plain', 's256', '')),
    state: rarely(fc.string({ minLength: 1 }), noise),
    scope: rarely(
      fc.constantFrom('gatehouse/tools.read', ' offline_access', 'openid gatehouse/tools.call'),
      fc.constantFrom('gatehouse/admin', '__proto__', 'gatehouse/tools.read\tx'),
    ),
    prompt: fc.constantFrom('consent', 'none', 'login consent', ' ', 'constructor'),
  },
  { requiredKeys: ['response_type', 'code_challenge', 'code_challenge_method'] },
);

/** The resources that a request names. */
export const resources = (own: string): fc.Arbitrary<string[]> =>
  fc.array(
    mutated(
      rarely(fc.constantFrom(own, `${own}/`, `${own}?x=1`), fc.constant('https://evil.example')),
    ),
    { maxLength: 10 },
  );

const json = fc.jsonValue({ maxDepth: 3 });

/** A client metadata document for a URL. */
export const metadataDocument = (url: string): fc.Arbitrary<unknown> =>
  rarely<unknown>(
    fc.record(
      {
        client_id: rarely(fc.constant(url), fc.constantFrom(`${url}/`, '', 'x')),
        client_name: rarely<unknown>(fc.string({ unit: 'binary', minLength: 1 }), json),
        redirect_uris: rarely<unknown>(
          fc.array(redirectUri, { minLength: 1, maxLength: 11 }),
          json,
        ),
        grant_types: rarely<unknown>(fc.constantFrom(['authorization_code'], null), json),
        response_types: rarely<unknown>(fc.constantFrom(['code', 'token'], null), json),
        token_endpoint_auth_method: rarely<unknown>(fc.constantFrom('none', null), json),
        token_endpoint_auth_methods_supported: rarely<unknown>(fc.constant(['none']), json),
        client_secret: rarely<unknown>(fc.constant(null), json),
        ['__proto__']: json,
      },
      { requiredKeys: ['client_id', 'client_name', 'redirect_uris'] },
    ),
    json,
  );

/** A JSON-RPC message. */
export const rpcMessage: fc.Arbitrary<unknown> = rarely<unknown>(
  fc.record(
    {
      jsonrpc: rarely<unknown>(fc.constant('2.0'), json),
      id: rarely<unknown>(fc.oneof(fc.integer(), fc.string()), json),
      method: rarely<unknown>(fc.constantFrom('ping', 'tools/call', 'notifications/x'), json),
      params: rarely<unknown>(
        fc.record(
          {
            _meta: rarely<unknown>(fc.record({ progressToken: fc.integer() }), json),
            name: json,
            arguments: json,
          },
          { requiredKeys: [] },
        ),
        json,
      ),
    },
    { requiredKeys: ['jsonrpc', 'method'] },
  ),
  json,
);
