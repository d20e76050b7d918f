import * as z from 'zod/mini';
import { sizes } from '../../policy/limits.ts';
import { InvalidGrant } from '../errors/errors.ts';
import { text } from '../http/bounded.ts';
import { userHash } from '../logging/user-hash.ts';
import { askCognito } from '../oauth/cognito.ts';
import {
  claimedProfile,
  decryptRefreshToken,
  type RefreshTokenContent,
} from '../oauth/encrypted-refresh-token.ts';
import { parameter, parseParameters, valuesOf } from '../oauth/parameters.ts';
import { canonicalResource } from '../oauth/resource-indicator.ts';
import { grantedScopes } from '../oauth/scope.ts';
import { refuseBlocked } from './blocked-user.ts';
import { cognitoTokens, tokenResponse } from './cognito-tokens.ts';
import type { GrantHandler, TokenServices } from './services.ts';

const refreshment = z.object({
  client_id: parameter,
  refresh_token: text(sizes.tokenBytes),
  scope: z.optional(parameter),
});

const aboutOf = ({ subject, clientId }: RefreshTokenContent, askedBy = clientId) => ({
  user: userHash(subject),
  clientId: askedBy,
});

/**
 * What a refresh token of ours holds, for the client that it was issued to and no other one of the
 * same profile (OAUTH-13).
 * @returns undefined for a token that we did not seal
 * @throws InvalidGrant
 */
export const openFor = async (
  clientId: string,
  token: string,
  appClients: TokenServices['appClients'],
) => {
  const appClient = appClients.get(claimedProfile(token));
  const grant =
    appClient &&
    (decryptRefreshToken(token, await appClient.secrets()) ??
      decryptRefreshToken(token, await appClient.secrets(true)));
  if (grant && grant.clientId !== clientId)
    throw new InvalidGrant({
      detail: 'a refresh token of another client',
      about: aboutOf(grant, clientId),
    });
  return grant && { appClient, grant };
};

/**
 * `grant_type=refresh_token`, one table access.
 * @throws InvalidRequest, InvalidGrant, InvalidScope, InvalidTarget, BlockedGrant,
 * TemporarilyUnavailable
 */
export const refresh: GrantHandler = async (request, form, { settings, table, appClients }) => {
  const asked = parseParameters(refreshment, form);
  const opened = await openFor(asked.client_id, asked.refresh_token, appClients);
  if (!opened) throw new InvalidGrant({ detail: 'not a refresh token of ours' });
  const { appClient, grant } = opened;
  const resource = canonicalResource(
    valuesOf(request.body, 'resource'),
    settings.RESOURCE_URL,
    settings.ISSUER_URL,
  );
  if (grant.resource !== resource)
    throw new InvalidGrant({ detail: 'a refresh token for another resource' });
  // No more than was granted (RFC 6749 section 6). Cognito cannot narrow on refresh: the answer's
  // `scope` says so.
  grantedScopes(asked.scope, grant.scopes);
  await refuseBlocked(table, grant, request.now);
  const exchange = { grant_type: 'refresh_token', refresh_token: grant.token };
  const tokens = await askCognito(
    new URL('/oauth2/token', settings.COGNITO_DOMAIN),
    appClient,
    exchange,
    cognitoTokens,
  );
  if (!tokens)
    throw new InvalidGrant({
      detail: 'the refresh token was rotated, revoked, or has expired',
      about: aboutOf(grant),
    });
  return tokenResponse(request, tokens, appClient, grant, grant.token);
};
