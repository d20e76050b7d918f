import { createHash, randomBytes } from 'node:crypto';
import { endpoints } from '../../../policy/endpoints.ts';
import { securityHeaders } from '../../../policy/headers.ts';
import { type Check, expectStatus, expectThat, type Faults, type Target } from '../check.ts';
import { jsonMembers, type Response } from '../send.ts';
import { pagePolicy } from './headers.ts';

/** A loopback redirect URI, as programs on a computer have one. Nobody is sent there. */
const redirectUri = 'http://127.0.0.1:33418/callback';

/** The same registration each time: `/register` gives the same client for the same metadata. */
const register = ({ issuer, send }: Target, ...redirects: string[]): Promise<Response> =>
  send({
    method: 'POST',
    url: `${issuer}${endpoints.register.path}`,
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ client_name: 'gatehouse doctor', redirect_uris: redirects }),
  });

const codeChallenge = createHash('sha256').update(randomBytes(32)).digest('base64url');

const authorize = (
  { issuer, mcpUrl, send }: Target,
  clientId: string,
  changed: Readonly<Record<string, string | undefined>>,
): Promise<Response> => {
  const parameters: Readonly<Record<string, string | undefined>> = {
    client_id: clientId,
    redirect_uri: redirectUri,
    response_type: 'code',
    code_challenge: codeChallenge,
    code_challenge_method: 'S256',
    resource: mcpUrl,
    state: 'doctor',
    ...changed,
  };
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(parameters))
    if (value !== undefined) query.set(name, value);
  return send({ url: `${issuer}${endpoints.authorize.path}?${query}` });
};

/** The error goes back to the client, with its state and our issuer (RFC 9207). */
const errorAtRedirect = (
  target: Target,
  what: string,
  response: Response,
  error: string,
): Faults => {
  const location = response.headers.get('location') ?? '';
  const sent = URL.canParse(location) ? new URL(location).searchParams : new URLSearchParams();
  return [
    ...expectThat(
      location.startsWith(`${redirectUri}?`) && sent.get('error') === error,
      `${what} does not go back to the client as ${error} (${response.status}).`,
    ),
    ...expectThat(!sent.has('code'), `${what} gets a code.`),
    ...expectThat(
      sent.get('state') === 'doctor' && sent.get('iss') === target.issuer,
      `${what}: the error comes without state or iss.`,
    ),
  ];
};

const refusedOnPage = (what: string, response: Response): Faults => [
  ...expectStatus(what, response, 400, 401, 403),
  ...expectThat(!response.headers.has('location'), `${what} is sent on.`),
];

/** What comparisons that are not exact take for a redirect URI of a profile. */
const foreignRedirects = [
  'https://evil.example/callback',
  'https://claude.ai.evil.example/api/mcp/auth_callback',
  'https://claude.ai@evil.example/api/mcp/auth_callback',
  'http://127.0.0.1.evil.example/callback',
  'http://192.168.0.1/callback',
  'javascript:alert(1)',
] as const;

const cookiesOf = ({ headers }: Response): readonly string[] =>
  (headers.get('set-cookie') ?? '').split(/, (?=[^;,=]+=)/).filter((cookie) => cookie !== '');

/** `__Host-` keeps a cookie from the other hosts of a domain, and they from setting it. */
const isBound = (cookie: string): boolean =>
  cookie.startsWith('__Host-') &&
  ['secure', 'httponly', 'samesite'].every((attribute) =>
    cookie
      .toLowerCase()
      .split(/; ?/)
      .some((part) => part === attribute || part.startsWith(`${attribute}=`)),
  );

export const oauth: readonly Check[] = [
  {
    id: 'loopback-login',
    title: 'A program with a loopback redirect URI can register and gets the consent page',
    controls: ['OAUTH-4', 'OAUTH-8'],
    fix: 'A 403 here is usually a managed rule of the web ACL (EC2MetaDataSSRF_…): see the sampled requests.',
    run: async (target) => {
      const registered = await register(target, redirectUri);
      const clientId = String(jsonMembers(registered).get('client_id'));
      const page = await authorize(target, clientId, {});
      return [
        ...expectStatus('Registering a loopback client', registered, 201),
        ...expectStatus('Its authorization request', page, 200),
        ...expectThat(page.body.includes('<form'), 'The consent page has no form.'),
      ];
    },
  },
  {
    id: 'consent-page',
    title: 'The consent page stands in no frame, and its cookies stay with the browser',
    controls: ['OAUTH-8', 'OAUTH-9'],
    fix: 'Something in front changes the headers of pages, or lambdas/authorization does.',
    run: async (target) => {
      const clientId = String(jsonMembers(await register(target, redirectUri)).get('client_id'));
      const page = await authorize(target, clientId, {});
      const cookies = cookiesOf(page);
      return [
        ...expectThat(
          pagePolicy(page.headers.get('content-security-policy') ?? ''),
          `Its content-security-policy is ${page.headers.get('content-security-policy') ?? 'absent'}.`,
        ),
        ...expectThat(
          page.headers.get('x-frame-options') === securityHeaders['x-frame-options'],
          `Its x-frame-options is ${page.headers.get('x-frame-options') ?? 'absent'}.`,
        ),
        ...expectThat(cookies.length > 0, 'It sets no cookie: its form proves nothing.'),
        ...cookies.flatMap((cookie) =>
          expectThat(
            isBound(cookie),
            `The cookie ${cookie.split('=', 1)[0]} is not __Host-, Secure, HttpOnly and SameSite.`,
          ),
        ),
      ];
    },
  },
  {
    id: 'authorization-refusals',
    title: 'PKCE, resource and response type are demanded; an error goes back to the client',
    controls: ['OAUTH-2', 'OAUTH-11', 'OAUTH-12', 'OAUTH-14'],
    fix: 'lambdas/authorization/authorization-request.ts decides this.',
    run: async (target) => {
      const { issuer } = target;
      const clientId = String(jsonMembers(await register(target, redirectUri)).get('client_id'));
      const cases = [
        ['A request without PKCE', { code_challenge: undefined }, 'invalid_request'],
        ['A plain code challenge', { code_challenge_method: 'plain' }, 'invalid_request'],
        ['The implicit flow', { response_type: 'token' }, 'unsupported_response_type'],
        ['A foreign resource', { resource: `${issuer}.example/mcp` }, 'invalid_target'],
      ] as const;
      const faults: string[] = [];
      for (const [what, changed, error] of cases)
        faults.push(
          ...errorAtRedirect(target, what, await authorize(target, clientId, changed), error),
        );
      return faults;
    },
  },
  {
    id: 'redirect-refusals',
    title: 'Nobody is sent to a redirect URI that is not registered',
    controls: ['OAUTH-7', 'OAUTH-9', 'OAUTH-14'],
    fix: 'lambdas/oauth/redirect-uri.ts and the client profiles decide this.',
    run: async (target) => {
      const clientId = String(jsonMembers(await register(target, redirectUri)).get('client_id'));
      const foreign = { redirect_uri: 'https://evil.example/callback' };
      return [
        ...expectStatus(
          `Registering ${foreignRedirects.join(', ')}`,
          await register(target, ...foreignRedirects),
          400,
        ),
        ...refusedOnPage('A foreign redirect URI', await authorize(target, clientId, foreign)),
        ...refusedOnPage('An unknown client', await authorize(target, 'nobody', {})),
        ...refusedOnPage(
          'A callback that no browser of ours began',
          await target.send({ url: `${target.issuer}${endpoints.callback.path}?code=a&state=b` }),
        ),
      ];
    },
  },
  {
    id: 'token-refusals',
    title: '/token gives nothing for an invented code, and says so as OAuth does',
    controls: ['OAUTH-10', 'ERR-2'],
    fix: 'lambdas/token decides this.',
    run: async ({ issuer, mcpUrl, send }) => {
      const response = await send({
        method: 'POST',
        url: `${issuer}${endpoints.token.path}`,
        headers: { 'content-type': 'application/x-www-form-urlencoded' },
        body: new URLSearchParams({
          grant_type: 'authorization_code',
          code: randomBytes(32).toString('base64url'),
          code_verifier: randomBytes(32).toString('base64url'),
          redirect_uri: redirectUri,
          client_id: 'nobody',
          resource: mcpUrl,
        }).toString(),
      });
      const members = jsonMembers(response);
      return [
        ...expectStatus('An invented code', response, 400, 401),
        ...expectThat(!members.has('access_token'), 'An invented code gets a token.'),
        ...expectThat(typeof members.get('error') === 'string', 'The error is no OAuth error.'),
      ];
    },
  },
];
