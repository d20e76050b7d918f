import { createHash, randomUUID } from 'node:crypto';
import type { AppClient } from './app-client.ts';
import type { Pool } from './pool.ts';
import { applyOverrides, applyScopes, groupsClaim } from './pre-token-generation.ts';
import type { Session } from './token-sessions.ts';
import type { Person } from './users.ts';

/**
 * An access token's claims, in Cognito's order. No `aud` unless a resource was bound at
 * `/oauth2/authorize`.
 */
export const accessTokenClaims = (
  pool: Pool,
  client: AppClient,
  person: Person,
  grant: Session,
): Record<string, unknown> => {
  const now = pool.tokenTime();
  return applyOverrides(
    'access',
    {
      sub: person.sub,
      ...groupsClaim(person, grant.overrides),
      ...(grant.resource !== undefined && { aud: grant.resource }),
      iss: pool.issuer,
      version: 2,
      client_id: client.clientId,
      origin_jti: grant.originJti,
      event_id: grant.eventId,
      token_use: 'access',
      scope: applyScopes(grant.scopes, grant.overrides.access).join(' '),
      auth_time: grant.authTime,
      exp: now + client.accessTokenSeconds,
      iat: now,
      jti: randomUUID(),
      username: person.username,
    },
    grant.overrides.access,
  );
};

/** OIDC Core section 3.1.3.6: half of the access token's hash. */
const accessTokenHash = (accessToken: string): string =>
  createHash('sha256').update(accessToken).digest().subarray(0, 16).toString('base64url');

export const idTokenClaims = (
  pool: Pool,
  client: AppClient,
  person: Person,
  grant: Session,
  accessToken?: string,
): Record<string, unknown> => {
  const now = pool.tokenTime();
  const profile = grant.scopes.includes('email')
    ? { email_verified: person.attributes['email_verified'] === 'true', email: person.email }
    : {};
  return applyOverrides(
    'id',
    {
      ...(accessToken !== undefined && { at_hash: accessTokenHash(accessToken) }),
      sub: person.sub,
      ...groupsClaim(person, grant.overrides),
      ...profile,
      iss: pool.issuer,
      'cognito:username': person.username,
      ...(grant.nonce !== undefined && { nonce: grant.nonce }),
      origin_jti: grant.originJti,
      aud: client.clientId,
      event_id: grant.eventId,
      token_use: 'id',
      auth_time: grant.authTime,
      exp: now + client.idTokenSeconds,
      iat: now,
      jti: randomUUID(),
    },
    grant.overrides.id,
  );
};

/** The token endpoint's answer: `expires_in` but no `scope`; an ID token only for `openid`. */
export const tokenResponse = async (
  pool: Pool,
  client: AppClient,
  person: Person,
  grant: Session,
  refreshToken?: string,
) => {
  const accessToken = await pool.keys.sign(
    'access',
    accessTokenClaims(pool, client, person, grant),
  );
  return {
    ...(grant.scopes.includes('openid') && {
      id_token: await pool.keys.sign('id', idTokenClaims(pool, client, person, grant, accessToken)),
    }),
    access_token: accessToken,
    ...(refreshToken !== undefined && { refresh_token: refreshToken }),
    expires_in: client.accessTokenSeconds,
    token_type: 'Bearer',
  };
};
