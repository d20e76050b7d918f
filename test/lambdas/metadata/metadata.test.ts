import { publicIdentity } from '../../../lambdas/mcp/manifest/public-identity.ts';
import { metadata } from '../../../lambdas/metadata/metadata.ts';
import type { MetadataSettings } from '../../../lambdas/metadata/settings.ts';
import { clientProfiles } from '../../../policy/clients.ts';
import { metadataPaths } from '../../../policy/endpoints.ts';
import { serverCardFaults } from '../../lib/published-schemas.ts';
import { settings as http, stack } from '../middleware/stack.ts';

const settings = (issuer: string, more: Partial<MetadataSettings> = {}): MetadataSettings => ({
  ...http,
  ALLOWED_ORIGINS: [...http.ALLOWED_ORIGINS],
  TRUSTED_PROXY_HEADER: undefined,
  LOG_SENSITIVE_DATA: false,
  ISSUER_URL: issuer,
  RESOURCE_URL: `${issuer}/mcp`,
  CLIENT_PROFILES: [...clientProfiles],
  BRAND: null,
  COGNITO_USER_POOL_ID: 'us-east-1_AbCdEfGhI',
  COGNITO_REGION: 'us-east-1',
  ...more,
});

const identity = publicIdentity({
  name: 'orders & more',
  title: 'Orders',
  version: '1.0.0',
  description: '😀'.repeat(150),
  websiteUrl: 'https://example.com/orders',
  icons: [{ src: 'data:image/png;base64,AAAA', mimeType: 'image/png', sizes: ['any'] }],
  instructions: 'not for everybody',
});

const get = (
  issuer: string,
  path: string,
  headers: Record<string, string> = {},
  more: Partial<MetadataSettings> = {},
) => stack({}, metadata(settings(issuer, more), identity))({ method: 'GET', path, headers });

describe.each([
  'https://mcp.example.com',
  'https://abcdef1234.execute-api.us-east-1.amazonaws.com/prod',
  'http://localhost:3000/local',
])('at %s', (issuer) => {
  it('every document answers, cacheable, and names the same issuer and resource byte for byte', async () => {
    for (const path of metadataPaths) {
      const { status, headers, json } = await get(issuer, path);
      expect([path, status, headers['cache-control'], headers['content-type']]).toEqual([
        path,
        200,
        'public, max-age=300',
        'application/json',
      ]);
      if (path.includes('protected-resource'))
        expect(json).toMatchObject({ resource: `${issuer}/mcp`, authorization_servers: [issuer] });
      else expect(json).toMatchObject({ issuer, token_endpoint: `${issuer}/token` });
    }
  });

  it('never Cognito’s issuer', async () => {
    for (const path of metadataPaths) {
      const { body } = await get(issuer, path);
      expect(body.replace('/.well-known/jwks.json"', '')).not.toContain('us-east-1_AbCdEfGhI"');
    }
  });
});

it('the authorization server’s document says what the authorization server does, whole', async () => {
  const { json } = await get('https://mcp.example.com', '/.well-known/oauth-authorization-server');
  expect(json).toEqual({
    issuer: 'https://mcp.example.com',
    authorization_endpoint: 'https://mcp.example.com/authorize',
    token_endpoint: 'https://mcp.example.com/token',
    registration_endpoint: 'https://mcp.example.com/register',
    revocation_endpoint: 'https://mcp.example.com/revoke',
    jwks_uri:
      'https://cognito-idp.us-east-1.amazonaws.com/us-east-1_AbCdEfGhI/.well-known/jwks.json',
    scopes_supported: ['gatehouse/tools.read', 'gatehouse/tools.call'],
    response_types_supported: ['code'],
    response_modes_supported: ['query'],
    grant_types_supported: ['authorization_code', 'refresh_token'],
    token_endpoint_auth_methods_supported: ['none'],
    revocation_endpoint_auth_methods_supported: ['none'],
    code_challenge_methods_supported: ['S256'],
    authorization_response_iss_parameter_supported: true,
    client_id_metadata_document_supported: true,
    protected_resources: ['https://mcp.example.com/mcp'],
  });
});

it('advertises neither metadata documents nor scopes that no deployed profile has', async () => {
  const [claude] = clientProfiles;
  const narrow = {
    CLIENT_PROFILES: [{ ...claude, scopes: ['gatehouse/tools.read'] }],
  };
  const { json } = await get(
    'https://mcp.example.com',
    '/.well-known/openid-configuration',
    {},
    narrow,
  );
  expect(json).toMatchObject({
    client_id_metadata_document_supported: false,
    scopes_supported: ['gatehouse/tools.read'],
    subject_types_supported: ['public'],
  });
  expect(JSON.stringify(json)).not.toContain('offline_access');
});

it('answers 304 to whoever has the document', async () => {
  const path = '/.well-known/oauth-authorization-server';
  const { headers } = await get('https://mcp.example.com', path);
  const etag = headers['etag'] ?? '';
  for (const tag of [etag, `W/${etag}`, `"x", ${etag}`, '*'])
    expect(await get('https://mcp.example.com', path, { 'If-None-Match': tag })).toMatchObject({
      status: 304,
      body: '',
    });
  expect(await get('https://mcp.example.com', path, { 'If-None-Match': '"x"' })).toMatchObject({
    status: 200,
  });
});

it('knows no other document, and no other method', async () => {
  expect(await get('https://mcp.example.com', '/.well-known/security.txt')).toMatchObject({
    status: 404,
    json: { code: 'not_found' },
  });
  const call = stack({}, metadata(settings('https://mcp.example.com'), identity));
  expect(await call({ method: 'DELETE', path: '/.well-known/openid-configuration' })).toMatchObject(
    {
      status: 405,
      headers: { allow: 'GET, HEAD, OPTIONS' },
    },
  );
});

describe('the server card', () => {
  const card = async (issuer: string) => {
    const { status, headers, body } = await get(issuer, '/mcp/server-card');
    expect([status, headers['content-type'], headers['cache-control']]).toEqual([
      200,
      'application/mcp-server-card+json',
      'public, max-age=300',
    ]);
    return JSON.parse(body);
  };

  it('says who the server is and how it is reached, and nothing of its tools', async () => {
    expect(await card('https://mcp.example.com')).toEqual({
      $schema: 'https://static.modelcontextprotocol.io/schemas/v2/server-card.schema.json',
      name: 'com.example.mcp/orders-more',
      title: 'Orders',
      description: `${'😀'.repeat(99)}…`,
      version: '1.0.0',
      websiteUrl: 'https://example.com/orders',
      icons: [{ src: 'data:image/png;base64,AAAA', mimeType: 'image/png', sizes: ['any'] }],
      remotes: [
        {
          type: 'streamable-http',
          url: 'https://mcp.example.com/mcp',
          supportedProtocolVersions: ['2026-07-28', '2025-11-25', '2025-06-18', '2025-03-26'],
        },
      ],
    });
  });

  it.each(['http://localhost:3000/local', 'https://abc.execute-api.eu-west-1.amazonaws.com/prod'])(
    'is one that its published schema takes, at %s',
    async (issuer) => {
      const document = await card(issuer);
      expect(serverCardFaults(document)).toEqual([]);
      expect(document.remotes[0].url).toBe(`${issuer}/mcp`);
      expect(serverCardFaults({ ...document, name: 'orders', tools: [] })).toEqual([
        ' must NOT have additional properties',
        expect.stringMatching(/^\/name must match pattern/),
      ]);
    },
  );
});

describe('the page at the root', () => {
  const page = async (more: Partial<MetadataSettings> = {}) => {
    const { status, headers, body } = await get('https://mcp.example.com', '/', {}, more);
    expect([status, headers['content-type']]).toEqual([200, 'text/html; charset=utf-8']);
    return { headers, body };
  };

  it('says what this is and how each deployed client is connected, with a policy of its own', async () => {
    const { headers, body } = await page();
    expect(body).toContain('<h1>Connect Orders</h1>');
    expect(body).toContain('<code>https://mcp.example.com/mcp</code>');
    for (const client of ['Claude (web, desktop, mobile)', 'Julius', 'Claude Code', 'Codex'])
      expect(body).toContain(`<h2>${client}</h2>`);
    expect(body).toContain('claude mcp add --transport http orders https://mcp.example.com/mcp');
    expect(body).not.toContain('ChatGPT');
    expect(headers['content-security-policy']).toMatch(/^default-src 'none'; style-src 'nonce-/);
    expect(headers['cache-control']).toContain('no-store');
    expect(body).not.toMatch(/<script|us-east-1|AbCdEfGhI/);
    // Each response has a nonce of its own.
    expect((await page()).headers['content-security-policy']).not.toBe(
      headers['content-security-policy'],
    );
  });

  it('shows a ready profile with its maker’s words, and any other with general ones', async () => {
    const [claude] = clientProfiles;
    const { body } = await page({
      CLIENT_PROFILES: [
        { ...claude, name: 'chatgpt', title: 'ChatGPT' },
        { ...claude, name: 'partner', title: 'Partner <b>' },
      ],
    });
    expect(body).toContain('switch on developer mode');
    expect(body).toContain('<h2>Partner &#60;b&#62;</h2>\n<p>Add a remote MCP server');
    expect(body).not.toContain('Claude');
  });

  it('carries a brand, whose name is a name that every shell takes', async () => {
    const { body } = await page({
      BRAND: { name: "R&D's $(orders)", contact: 'help@example.com' },
    });
    expect(body).toContain('<h1>Connect R&#38;D&#39;s $(orders)</h1>');
    expect(body).toContain('claude mcp add --transport http r-d-s-orders https://');
    expect(body).toContain('href="mailto:help@example.com"');
  });

  it.each([
    ['Café Müller', 'cafe-muller'],
    ['3M Orders', 'm-orders'],
    ['شركة الأوامر (2)', 'gatehouse'],
    ['$(rm -rf /)', 'rm-rf'],
    ['-', 'gatehouse'],
    ['Orders of the Example Company', 'orders-of-the-example-co'],
    ['Orders of our best seller Co', 'orders-of-our-best-selle'],
    ['Orders of the wholesale - Co', 'orders-of-the-wholesale'],
  ])('files the server of %s under %s', async (name, short) => {
    const { body } = await page({ BRAND: { name } });
    expect(body).toContain(`claude mcp add --transport http ${short} https://`);
  });

  it('is what the configuration files of editors take', async () => {
    const { body } = await page();
    const texts = [...body.matchAll(/<code>([^<]*)<\/code>/g)].map(([, text = '']) =>
      text.replace(/&#(\d+);/g, (_, code) => String.fromCodePoint(Number(code))),
    );
    expect(texts.filter((text) => text.startsWith('{')).map((text) => JSON.parse(text))).toEqual([
      { mcpServers: { orders: { url: 'https://mcp.example.com/mcp' } } },
      { servers: { orders: { type: 'http', url: 'https://mcp.example.com/mcp' } } },
    ]);
  });
});

describe('the authorization server', () => {
  const documentWith = async (more: Partial<MetadataSettings>) =>
    (await get('https://mcp.example.com', '/.well-known/oauth-authorization-server', {}, more))
      .json;

  it('says nothing of machines where there are none', async () => {
    for (const more of [{}, { MACHINES: [] }])
      expect(await documentWith(more)).toMatchObject({
        grant_types_supported: ['authorization_code', 'refresh_token'],
        token_endpoint_auth_methods_supported: ['none'],
      });
  });

  it('says how a machine authenticates where there is one', async () => {
    const machine = { name: 'nightly', scopes: ['gatehouse/tools.read'], groups: [] };
    const document = await documentWith({ MACHINES: [machine] });
    expect(document).toMatchObject({
      grant_types_supported: ['authorization_code', 'refresh_token', 'client_credentials'],
      token_endpoint_auth_methods_supported: ['none', 'client_secret_basic', 'client_secret_post'],
    });
    expect(JSON.stringify(document)).not.toContain('nightly');
  });
});
