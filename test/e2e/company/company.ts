import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { text } from 'node:stream/consumers';
import Provider from 'oidc-provider';

/** Somebody of the company, by the `sub` that they have there; what its tokens say of them. */
export type Staff = Readonly<Record<string, Readonly<Record<string, unknown>>>>;

export interface Company {
  /** `http://localhost:<port>` */
  readonly issuer: string;
  readonly clientId: string;
  readonly clientSecret: string;
  /** Takes logins for this application from now on. */
  register(redirectUri: string): void;
  /** Parameters of each authorization request that came. */
  readonly requests: URLSearchParams[];
  stop(): Promise<void>;
}

const signIn = (uid: string) => `<!doctype html><title>Example Company</title>
<form method="post" action="/interaction/${uid}">
<label for="login">User name</label><input id="login" name="login" type="text">
<button type="submit">Sign in</button>
</form>`;

/**
 * The company's own provider: the certified `oidc-provider`, with a page where people type their
 * name, and a grant that nobody is requests about.
 */
export const startCompany = async (staff: Staff): Promise<Company> => {
  const clientId = 'gatehouse-at-the-company';
  const clientSecret = randomBytes(24).toString('hex');
  const requests: URLSearchParams[] = [];
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const issuer = `http://localhost:${typeof address === 'object' ? address?.port : ''}`;

  const providerFor = (redirectUri: string): Provider => {
    const made: Provider = new Provider(issuer, {
      clients: [
        {
          client_id: clientId,
          client_secret: clientSecret,
          redirect_uris: [redirectUri],
          token_endpoint_auth_method: 'client_secret_post',
        },
      ],
      claims: {
        openid: ['sub'],
        email: ['email', 'email_verified'],
        profile: ['name'],
        groups: ['groups'],
      },
      scopes: ['openid', 'email', 'profile', 'groups'],
      cookies: { keys: [randomBytes(16).toString('hex')] },
      features: { devInteractions: { enabled: false } },
      findAccount: (_context: unknown, accountId: string) => ({
        accountId,
        claims: () => ({ sub: accountId, ...staff[accountId] }),
      }),
      interactions: {
        url: (_context: unknown, { uid }: { readonly uid: string }) => `/interaction/${uid}`,
      },
      jwks: {
        keys: [
          {
            ...generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey.export({
              format: 'jwk',
            }),
            use: 'sig',
            kid: 'company',
          },
        ],
      },
      ttl: { AccessToken: 60, Grant: 60, IdToken: 60, Interaction: 60, Session: 60 },
      // The company has decided for its people.
      loadExistingGrant: async (context: {
        readonly oidc: {
          readonly client: { readonly clientId: string };
          readonly session: { readonly accountId: string };
        };
      }) => {
        const { client, session } = context.oidc;
        const grant = new made.Grant({
          accountId: session.accountId,
          clientId: client.clientId,
        });
        grant.addOIDCScope('openid email profile groups');
        await grant.save();
        return grant;
      },
    });
    return made;
  };

  let provider: Provider | undefined;
  const respond = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const url = new URL(request.url ?? '/', issuer);
    if (provider === undefined) return void response.writeHead(503).end();
    if (url.pathname === '/auth') requests.push(url.searchParams);
    const [, uid] = /^\/interaction\/([\w-]+)$/.exec(url.pathname) ?? [];
    if (uid === undefined) return provider.callback()(request, response);
    if (request.method !== 'POST')
      return void response.writeHead(200, { 'content-type': 'text/html' }).end(signIn(uid));
    const login = new URLSearchParams(await text(request)).get('login') ?? '';
    // Their name there is what stands before the @.
    const accountId = login.split('@')[0] ?? '';
    const result = Object.hasOwn(staff, accountId)
      ? { login: { accountId } }
      : { error: 'access_denied', error_description: 'Nobody of that name works here.' };
    await provider.interactionFinished(request, response, result, {
      mergeWithLastSubmission: false,
    });
  };
  server.on('request', (request, response) => {
    respond(request, response).catch(() => response.destroy());
  });
  return {
    issuer,
    clientId,
    clientSecret,
    requests,
    register: (redirectUri) => {
      provider = providerFor(redirectUri);
    },
    stop: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
};
