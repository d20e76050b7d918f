import { ResponseType } from 'aws-cdk-lib/aws-apigateway';
import { headerTable } from '../../policy/headers.ts';
import { properties, synthesized, text, withDomain } from './synthesized.ts';

const responses = properties(synthesized(), 'AWS::ApiGateway::GatewayResponse');
const named = (type: string) => responses.find(({ ResponseType: each }) => each === type);
const header = (type: string, name: string): unknown => {
  const value = named(type)?.['ResponseParameters'][`gatewayresponse.header.${name}`];
  return value === undefined ? undefined : text(value);
};

/** Every type that API Gateway has, by CDK's own list. */
const everyType = Object.values(ResponseType)
  .filter((value): value is ResponseType => value instanceof ResponseType)
  .map(({ responseType }) => responseType);

describe('the gateway responses', () => {
  test('cover every type that there is', () => {
    expect(everyType.length).toBeGreaterThan(19);
    expect(responses.map(({ ResponseType: type }) => type).sort()).toEqual([...everyType].sort());
  });

  test.each(['production', 'development'] as const)(
    'carry the whole header table in %s (F)',
    (environment) => {
      const all = properties(
        synthesized({ ...withDomain, environment }),
        'AWS::ApiGateway::GatewayResponse',
      );
      for (const { ResponseParameters } of all)
        for (const [name, value] of Object.entries(headerTable(environment)))
          expect(ResponseParameters[`gatewayresponse.header.${name}`]).toBe(`'${value}'`);
    },
  );

  test('answer with JSON that names the request, and nothing of ours', () => {
    for (const { ResponseTemplates, StatusCode } of responses) {
      const body = JSON.parse(ResponseTemplates['application/json']);
      expect(JSON.stringify(body)).toContain('$context.requestId');
      expect(JSON.stringify(body)).not.toMatch(/\$context\.(error|identity|accountId|apiId|path)/);
      expect(Number(StatusCode)).toBeGreaterThanOrEqual(400);
    }
  });

  test('use the shape of the endpoint where only one endpoint can get there (ERR-2)', () => {
    const shape = (type: string) =>
      'jsonrpc' in JSON.parse(named(type)?.['ResponseTemplates']['application/json'])
        ? 'jsonrpc'
        : 'problem';
    for (const type of [
      'UNAUTHORIZED',
      'ACCESS_DENIED',
      'AUTHORIZER_FAILURE',
      'AUTHORIZER_CONFIGURATION_ERROR',
      'INVALID_API_KEY',
      'QUOTA_EXCEEDED',
    ])
      expect([type, shape(type)]).toEqual([type, 'jsonrpc']);
    for (const type of ['THROTTLED', 'WAF_FILTERED', 'MISSING_AUTHENTICATION_TOKEN', 'DEFAULT_5XX'])
      expect([type, shape(type)]).toEqual([type, 'problem']);
  });

  test('are an OAuth error too where an OAuth endpoint can get there, and a page for a browser', () => {
    const open = responses.filter(
      ({ ResponseTemplates }) => !('jsonrpc' in JSON.parse(ResponseTemplates['application/json'])),
    );
    expect(open.length).toBeGreaterThan(10);
    for (const { ResponseTemplates } of open) {
      const { error, error_description, title } = JSON.parse(ResponseTemplates['application/json']);
      expect(error).toMatch(
        /^(invalid_request|access_denied|server_error|temporarily_unavailable)$/,
      );
      expect(error_description).toBe(title);
      expect(ResponseTemplates['text/html']).toContain(`<h1>${title}</h1>`);
      expect(ResponseTemplates['text/html']).toContain('$context.requestId');
      expect(ResponseTemplates['text/html']).not.toMatch(/script|src=|href=|url\(/);
    }
    expect(JSON.parse(named('THROTTLED')?.['ResponseTemplates']['application/json'])).toMatchObject(
      { status: 429, error: 'temporarily_unavailable' },
    );
  });

  test('name a brand and whom to ask on their pages, in text that no template reads as a variable', () => {
    const brand = { name: "R&D's $context.identity.sourceIp", contact: 'help@example.com' };
    const branded = synthesized({ ...withDomain, brand });
    const pages = properties(branded, 'AWS::ApiGateway::GatewayResponse').flatMap(
      ({ ResponseTemplates }) => ResponseTemplates['text/html'] ?? [],
    );
    expect(pages.length).toBeGreaterThan(10);
    for (const page of pages) {
      expect(page).toContain('<p><bdi>R&#38;D&#39;s &#36;context.identity.sourceIp</bdi></p>');
      expect(page).not.toContain('$context.identity');
    }
    const [acl] = properties(branded, 'AWS::WAFv2::WebACL').filter(
      ({ CustomResponseBodies: bodies }) => bodies !== undefined,
    );
    for (const page of [pages[0], acl?.['CustomResponseBodies'].page.Content])
      expect(page).toContain('ask <a href="mailto:help@example.com">help@example.com</a>');
  });

  test('show a person who opens the server’s address the way to the page at the root, and clients the challenge', () => {
    const { ResponseTemplates: templates } = named('UNAUTHORIZED') ?? {};
    expect(Object.keys(templates)).toEqual(['application/json', 'text/html']);
    expect(templates['text/html']).toContain(
      '<a href="https://mcp.example.com/">How to connect yours</a>',
    );
  });

  test.each([
    ['UNAUTHORIZED', '401'],
    ['ACCESS_DENIED', '403'],
    ['WAF_FILTERED', '403'],
    ['THROTTLED', '429'],
    ['QUOTA_EXCEEDED', '429'],
    ['REQUEST_TOO_LARGE', '413'],
    ['AUTHORIZER_FAILURE', '503'],
    ['AUTHORIZER_CONFIGURATION_ERROR', '503'],
    ['INVALID_API_KEY', '500'],
    ['INTEGRATION_TIMEOUT', '504'],
  ])('give %s the status %s (ERR-3)', (type, status) => {
    expect(named(type)?.['StatusCode']).toBe(status);
  });

  test('challenge with the metadata document and the scopes (AUTH-9)', () => {
    expect(header('UNAUTHORIZED', 'www-authenticate')).toBe(
      `'Bearer resource_metadata="https://mcp.example.com/.well-known/oauth-protected-resource/mcp", scope="gatehouse/tools.read gatehouse/tools.call"'`,
    );
    expect(header('ACCESS_DENIED', 'www-authenticate')).toMatch(
      /^'Bearer error="insufficient_scope", resource_metadata="/,
    );
    expect(
      responses.filter(
        ({ ResponseParameters }) => 'gatewayresponse.header.www-authenticate' in ResponseParameters,
      ),
    ).toHaveLength(2);
  });

  test('say when to come back (RATE-9)', () => {
    for (const type of ['THROTTLED', 'QUOTA_EXCEEDED', 'AUTHORIZER_FAILURE'])
      expect(header(type, 'retry-after')).toMatch(/^'\d+'$/);
  });

  test('repeat an origin only where the authorizer has compared it with the list (CORS-6)', () => {
    const mapping = responses.filter(({ ResponseParameters }) =>
      JSON.stringify(ResponseParameters).includes('method.request'),
    );
    expect(mapping.map(({ ResponseType: type }) => type)).toEqual(['UNAUTHORIZED']);
    expect(header('UNAUTHORIZED', 'access-control-allow-origin')).toBe(
      'method.request.header.origin',
    );
    expect(header('UNAUTHORIZED', 'vary')).toBe("'Origin'");
  });
});
