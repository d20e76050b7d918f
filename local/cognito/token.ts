import { createHash, randomUUID } from 'node:crypto';
import { jsonResponse, type LoopbackRequest, type LoopbackResponse } from '../loopback/request.ts';
import type { AppClient } from './app-client.ts';
import { grantedScopes, readParameters } from './authorization-request.ts';
import { authenticateClient } from './client-authentication.ts';
import { runTrigger } from './grant-code.ts';
import type { Pool } from './pool.ts';
import type { Session } from './token-sessions.ts';
import { tokenResponse } from './tokens.ts';

type Form = Readonly<Record<string, string>>;

/** Cognito's errors are 400, `invalid_client` included, and mostly without a description. */
export const oauthError = (error: string, description?: string, status = 400): LoopbackResponse =>
  jsonResponse(status, {
    error,
    ...(description !== undefined && { error_description: description }),
  });

/** The body of a form POST; `undefined` for another content type or a repeated parameter. */
export const readForm = ({ headers, body }: LoopbackRequest): Form | undefined =>
  headers['content-type']?.split(';')[0]?.trim().toLowerCase() ===
  'application/x-www-form-urlencoded'
    ? readParameters(new URLSearchParams(body))
    : undefined;

const isVerified = (challenge: string | undefined, verifier: string | undefined): boolean =>
  challenge === undefined ||
  (verifier !== undefined &&
    createHash('sha256').update(verifier).digest('base64url') === challenge);

const issueTokens = async (
  pool: Pool,
  client: AppClient,
  grant: Session,
  refreshToken?: string,
): Promise<LoopbackResponse> => {
  const person = pool.directory.bySub(grant.sub);
  return person
    ? jsonResponse(200, await tokenResponse(pool, client, person, grant, refreshToken))
    : oauthError('invalid_grant');
};

const redeemCode = async (pool: Pool, client: AppClient, form: Form): Promise<LoopbackResponse> => {
  const { code, redirect_uri: redirectUri, code_verifier: verifier } = form;
  if (code === undefined || redirectUri === undefined) return oauthError('invalid_request');
  // An unregistered URI is refused like an unregistered client (forum reports; the guide does not
  // say).
  if (!client.callbackUrls.includes(redirectUri)) return oauthError('unauthorized_client');
  const found = pool.grants.takeCode(code, pool.now());
  if (!found || found.grant.clientId !== client.clientId || found.redirectUri !== redirectUri)
    return oauthError('invalid_grant');
  if (!isVerified(found.codeChallenge, verifier)) return oauthError('invalid_grant');
  const refreshToken = pool.grants.issueRefreshToken(
    found.grant,
    pool.now() + client.refreshTokenSeconds,
  );
  return issueTokens(pool, client, found.grant, refreshToken);
};

/** Takes no `scope` and no `resource`: what was granted and bound at the sign-in stays. */
const refresh = async (pool: Pool, client: AppClient, form: Form): Promise<LoopbackResponse> => {
  const { refresh_token: token } = form;
  if (token === undefined) return oauthError('invalid_request');
  const found = pool.grants.refresh(token, client, pool.now());
  const person = found && pool.directory.bySub(found.grant.sub);
  if (!found || !person) return oauthError('invalid_grant');
  try {
    const overrides = await runTrigger(
      pool,
      'TokenGeneration_RefreshTokens',
      client,
      person,
      found.grant.scopes,
    );
    return await issueTokens(pool, client, { ...found.grant, overrides }, found.replacement);
  } catch (error) {
    return oauthError('invalid_grant', error instanceof Error ? error.message : undefined);
  }
};

/**
 * A token of the client itself: no user, no audience, no refresh token, and no trigger of version 2.
 * https://docs.aws.amazon.com/cognito/latest/developerguide/token-endpoint.html
 */
const clientCredentials = async (
  pool: Pool,
  client: AppClient,
  { scope }: Form,
): Promise<LoopbackResponse> => {
  if (!client.flows.includes('client_credentials')) return oauthError('unauthorized_client');
  const scopes = grantedScopes(client, scope);
  if (!scopes) return oauthError('invalid_scope');
  const now = pool.tokenTime();
  const accessToken = await pool.keys.sign('access', {
    sub: client.clientId,
    token_use: 'access',
    scope: scopes.join(' '),
    auth_time: now,
    iss: pool.issuer,
    exp: now + client.accessTokenSeconds,
    iat: now,
    version: 2,
    jti: randomUUID(),
    client_id: client.clientId,
  });
  return jsonResponse(200, {
    access_token: accessToken,
    expires_in: client.accessTokenSeconds,
    token_type: 'Bearer',
  });
};

/**
 * `POST /oauth2/token`.
 * https://docs.aws.amazon.com/cognito/latest/developerguide/token-endpoint.html
 */
export const token = async (pool: Pool, request: LoopbackRequest): Promise<LoopbackResponse> => {
  const form = readForm(request);
  if (!form) return oauthError('invalid_request');
  const client = authenticateClient(pool, request, form);
  if (!client) return oauthError('invalid_client');
  switch (form['grant_type']) {
    case undefined:
      return oauthError('invalid_request');
    case 'authorization_code':
      if (!client.flows.includes('code')) return oauthError('unauthorized_client');
      return redeemCode(pool, client, form);
    case 'refresh_token':
      return refresh(pool, client, form);
    case 'client_credentials':
      return clientCredentials(pool, client, form);
    default:
      return oauthError('unsupported_grant_type');
  }
};
