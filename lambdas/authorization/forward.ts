import { endpoints } from '../../policy/endpoints.ts';
import { lifetimes } from '../../policy/lifetimes.ts';
import type { Table } from '../aws/table.ts';
import { hashOf, newSecret } from '../oauth/secret.ts';
import { beginTransaction } from '../store/transactions.ts';
import type { AuthorizationRequest } from './authorization-request.ts';
import { setCookie } from './cookie.ts';
import { loginParameters } from './login-hint.ts';
import { withParameters } from './pages.ts';
import type { AuthorizationSettings } from './settings.ts';

/**
 * Forwards an approved request to Cognito: only here the upstream state and its cookie come to be
 * (OAUTH-9), and the table holds nothing but their hashes. PKCE goes through to Cognito, which checks
 * the client's verifier too.
 * @returns Cognito's URL, and the cookie that this browser comes back with
 */
export const forwardToCognito = async (
  request: AuthorizationRequest,
  settings: AuthorizationSettings,
  table: Table,
  now: Date,
): Promise<{ readonly url: string; readonly cookie: string }> => {
  const { client, profile, redirectUri, codeChallenge, resource, scopes, state, loginHint } =
    request;
  const upstream = newSecret();
  const browser = newSecret();
  const hash = hashOf(upstream);
  await beginTransaction(
    table,
    hash,
    {
      clientId: client.id,
      profile: profile.name,
      unused: client.unused === true,
      browser: hashOf(browser),
      redirectUri,
      codeChallenge,
      resource,
      scopes: [...scopes],
      state,
    },
    now,
  );
  const url = withParameters(`${settings.COGNITO_DOMAIN}/oauth2/authorize`, {
    response_type: 'code',
    client_id: settings.COGNITO_CLIENT_ID[profile.name],
    redirect_uri: `${settings.ISSUER_URL}${endpoints.callback.path}`,
    // `email` tells the pre-token-generation trigger that this profile grants the address
    // (AUTH-10); Cognito wants `openid` with it.
    scope: [...scopes, ...(profile.grantsEmail ? ['openid', 'email'] : [])].join(' '),
    state: upstream,
    code_challenge: codeChallenge,
    code_challenge_method: 'S256',
    resource,
    prompt: asksForLogin(request) ? 'login' : undefined,
    ...loginParameters(loginHint, settings.LOGIN_DOMAINS ?? []),
  });
  return { url, cookie: setCookie('login', hash, browser, lifetimes.transactionSeconds) };
};

/** A program on the person's own computer must not ride on a session silently. */
const asksForLogin = ({ profile, prompts }: AuthorizationRequest): boolean =>
  profile.loopback || prompts.some((each) => each !== 'consent');
