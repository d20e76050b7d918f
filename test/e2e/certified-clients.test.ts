import { randomBytes } from 'node:crypto';
import * as oauth from 'oauth4webapi';
import * as openid from 'openid-client';
import { type Gatehouse, startGatehouse } from '../../local/runtime.ts';
import { Browser } from './browser/browser-walk.ts';
import { fetchFrom } from './browser/request-from.ts';

/**
 * Two clients that the OpenID Foundation has certified go through a whole login: strict judges from
 * outside of the metadata, `iss`, the errors and the refresh.
 */
const redirectUri = 'https://claude.ai/api/mcp/auth_callback';
const scope = 'gatehouse/tools.read gatehouse/tools.call';
const person = { email: 'person@example.com', password: randomBytes(12).toString('base64url') };
/** The `fetch` of one computer: each has limits of its own. */
const fetchAt =
  (address: string) =>
  (url: string, { method, headers, body }: openid.CustomFetchOptions): Promise<Response> =>
    fetchFrom(address)(url, {
      method,
      headers,
      redirect: 'manual',
      ...(body !== undefined && body !== null && { body: String(body) }),
    });

// The local runtime speaks plain http on the loopback interface.
const plainHttp = {
  [oauth.allowInsecureRequests]: true,
  [oauth.customFetch]: fetchAt('127.0.2.1'),
};

let gatehouse: Gatehouse;
beforeAll(async () => {
  gatehouse = await startGatehouse({ users: [person] });
});
afterAll(() => gatehouse?.stop());

/** Where the person's browser ends: the client's redirect URI, with what the server sent there. */
const walk = async (start: URL, decision: 'approve' | 'deny' = 'approve'): Promise<URL> =>
  (await new Browser({ person, decision }).walk(start)).last.url;

const initialize = {
  jsonrpc: '2.0',
  id: 1,
  method: 'initialize',
  params: {
    protocolVersion: '2025-11-25',
    capabilities: {},
    clientInfo: { name: 'certified', version: '1' },
  },
};

const callMcp = (accessToken: string): Promise<Response> =>
  fetch(gatehouse.mcpUrl, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${accessToken}`,
      'content-type': 'application/json',
      accept: 'application/json, text/event-stream',
    },
    body: JSON.stringify(initialize),
  });

describe('oauth4webapi', () => {
  const found = async () => {
    const resource = new URL(gatehouse.mcpUrl);
    const { authorization_servers: [issuer = ''] = [] } =
      await oauth.processResourceDiscoveryResponse(
        resource,
        await oauth.resourceDiscoveryRequest(resource, plainHttp),
      );
    const server = await oauth.processDiscoveryResponse(
      new URL(issuer),
      await oauth.discoveryRequest(new URL(issuer), { algorithm: 'oauth2', ...plainHttp }),
    );
    const client = await oauth.processDynamicClientRegistrationResponse(
      await oauth.dynamicClientRegistrationRequest(
        server,
        { client_name: 'oauth4webapi', redirect_uris: [redirectUri] },
        plainHttp,
      ),
    );
    return { server, client };
  };

  const begin = async (server: oauth.AuthorizationServer, client: oauth.Client) => {
    const verifier = oauth.generateRandomCodeVerifier();
    const state = oauth.generateRandomState();
    const start = new URL(server.authorization_endpoint ?? '');
    start.search = new URLSearchParams({
      response_type: 'code',
      client_id: client.client_id,
      redirect_uri: redirectUri,
      code_challenge: await oauth.calculatePKCECodeChallenge(verifier),
      code_challenge_method: 'S256',
      state,
      scope,
      resource: gatehouse.mcpUrl,
    }).toString();
    return { verifier, state, start };
  };

  test('finds the server, registers, logs in, calls, refreshes and revokes', async () => {
    const { server, client } = await found();
    expect(server.authorization_response_iss_parameter_supported).toBe(true);
    const { verifier, state, start } = await begin(server, client);
    const response = oauth.validateAuthResponse(server, client, await walk(start), state);
    const request = () =>
      oauth.authorizationCodeGrantRequest(
        server,
        client,
        oauth.None(),
        response,
        redirectUri,
        verifier,
        { ...plainHttp, additionalParameters: { resource: gatehouse.mcpUrl } },
      );
    const tokens = await oauth.processAuthorizationCodeResponse(server, client, await request());
    expect(tokens).toMatchObject({ token_type: 'bearer', scope, expires_in: 900 });
    expect((await callMcp(tokens.access_token)).status).toBe(200);

    const refresh = (token = '') =>
      oauth.refreshTokenGrantRequest(server, client, oauth.None(), token, plainHttp);
    const refreshed = await oauth.processRefreshTokenResponse(
      server,
      client,
      await refresh(tokens.refresh_token),
    );
    expect((await callMcp(refreshed.access_token)).status).toBe(200);

    const revoked = refreshed.refresh_token ?? '';
    await oauth.processRevocationResponse(
      await oauth.revocationRequest(server, client, oauth.None(), revoked, plainHttp),
    );
    await expect(
      oauth.processRefreshTokenResponse(server, client, await refresh(revoked)),
    ).rejects.toMatchObject({ error: 'invalid_grant', status: 400 });
    // The code again: a replay, in RFC 6749's words.
    await expect(
      oauth.processAuthorizationCodeResponse(server, client, await request()),
    ).rejects.toMatchObject({ error: 'invalid_grant', status: 400 });
  });

  test('reads a denial and an error at its redirect URI, with `iss`', async () => {
    const { server, client } = await found();
    const denied = await begin(server, client);
    const response = await walk(denied.start, 'deny');
    expect(() => oauth.validateAuthResponse(server, client, response, denied.state)).toThrow(
      expect.objectContaining({ error: 'access_denied' }),
    );
    const foreign = await begin(server, client);
    foreign.start.searchParams.set('resource', 'https://other.example/mcp');
    const refused = await walk(foreign.start);
    expect(refused.searchParams.get('iss')).toBe(server.issuer);
    expect(() => oauth.validateAuthResponse(server, client, refused, foreign.state)).toThrow(
      expect.objectContaining({ error: 'invalid_target' }),
    );
    const elsewhere = { ...server, issuer: 'https://other.example' };
    expect(() => oauth.validateAuthResponse(elsewhere, client, refused, foreign.state)).toThrow(
      'unexpected "iss"',
    );
  });

  test('reads the errors of registration and of a foreign client at /token', async () => {
    const { server } = await found();
    await expect(
      oauth.processDynamicClientRegistrationResponse(
        await oauth.dynamicClientRegistrationRequest(
          server,
          { redirect_uris: ['https://nobody.example/callback'] },
          plainHttp,
        ),
      ),
    ).rejects.toMatchObject({ error: 'invalid_redirect_uri', status: 400 });
    await expect(
      oauth.processRefreshTokenResponse(
        server,
        { client_id: 'claude' },
        await oauth.refreshTokenGrantRequest(
          server,
          { client_id: 'claude' },
          oauth.ClientSecretBasic('made-up'),
          'token',
          plainHttp,
        ),
      ),
    ).rejects.toMatchObject({ error: 'invalid_client', status: 401 });
  });
});

// Each is another computer to the rate limits.
describe.each([
  ['oauth2', '127.0.2.2'],
  ['oidc', '127.0.2.3'],
] as const)('openid-client, by its %s discovery', (algorithm, address) => {
  test('registers, logs in, calls, refreshes and revokes', async () => {
    const config = await openid.dynamicClientRegistration(
      new URL(gatehouse.publicUrl),
      { client_name: 'openid-client', redirect_uris: [redirectUri] },
      openid.None(),
      {
        algorithm,
        execute: [openid.allowInsecureRequests],
        [openid.customFetch]: fetchAt(address),
      },
    );
    const pkceCodeVerifier = openid.randomPKCECodeVerifier();
    const expectedState = openid.randomState();
    const start = openid.buildAuthorizationUrl(config, {
      redirect_uri: redirectUri,
      scope,
      code_challenge: await openid.calculatePKCECodeChallenge(pkceCodeVerifier),
      code_challenge_method: 'S256',
      state: expectedState,
      resource: gatehouse.mcpUrl,
    });
    const tokens = await openid.authorizationCodeGrant(config, await walk(start), {
      pkceCodeVerifier,
      expectedState,
    });
    expect((await callMcp(tokens.access_token)).status).toBe(200);
    const refreshed = await openid.refreshTokenGrant(config, tokens.refresh_token ?? '');
    expect((await callMcp(refreshed.access_token)).status).toBe(200);
    await openid.tokenRevocation(config, refreshed.refresh_token ?? '');
    await expect(
      openid.refreshTokenGrant(config, refreshed.refresh_token ?? ''),
    ).rejects.toMatchObject({ error: 'invalid_grant' });
  });
});
