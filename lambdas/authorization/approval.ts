import { lifetimes } from '../../policy/lifetimes.ts';
import type { Table } from '../aws/table.ts';
import { hashOf, newSecret } from '../oauth/secret.ts';
import type { OAuthSettings } from '../oauth/settings.ts';
import { beginTransaction } from '../store/transactions.ts';
import type { AuthorizationRequest } from './authorization-request.ts';
import { readCookie, setCookie } from './cookie.ts';
import { withParameters } from './pages.ts';

/**
 * OAUTH-8: an approval is remembered for exactly this client, redirect URI and set of scopes (the
 * address counts as one).
 */
const approvalHash = ({ client, profile, redirectUri, scopes }: AuthorizationRequest) =>
  hashOf(client.id, redirectUri, String(profile.grantsEmail === true), ...scopes);

/** Never for a program on the person's own computer: another one could ride on it silently. */
export const isRemembered = (asked: AuthorizationRequest, cookies: string | undefined): boolean => {
  const hash = approvalHash(asked);
  return (
    !asked.profile.loopback &&
    !asked.client.justFetched &&
    asked.prompts.length === 0 &&
    readCookie(cookies, 'approved', hash) === hash
  );
};

/**
 * The person has approved, now or before in this browser: only here the upstream state and its
 * cookie come to be (OAUTH-9), and the table holds nothing but their hashes. PKCE goes through to
 * Cognito, which checks the client's verifier too.
 */
export const approve = async (
  asked: AuthorizationRequest,
  settings: OAuthSettings,
  table: Table,
  now: Date,
) => {
  const { client, profile, redirectUri, codeChallenge, resource, scopes, state } = asked;
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
  const remembered = approvalHash(asked);
  return {
    url: withParameters(`${settings.COGNITO_DOMAIN}/oauth2/authorize`, {
      response_type: 'code',
      client_id: settings.COGNITO_CLIENT_ID[profile.name],
      redirect_uri: `${settings.ISSUER_URL}/callback`,
      // `email` tells the pre-token-generation trigger that this profile grants the address
      // (AUTH-10); Cognito wants `openid` with it.
      scope: [...scopes, ...(profile.grantsEmail ? ['openid', 'email'] : [])].join(' '),
      state: upstream,
      code_challenge: codeChallenge,
      code_challenge_method: 'S256',
      resource,
      prompt:
        profile.loopback || asked.prompts.some((each) => each !== 'consent') ? 'login' : undefined,
    }),
    cookies: [
      setCookie('login', hash, browser, lifetimes.transactionSeconds),
      ...(profile.loopback
        ? []
        : [setCookie('approved', remembered, remembered, lifetimes.rememberedConsentSeconds)]),
    ],
  };
};
