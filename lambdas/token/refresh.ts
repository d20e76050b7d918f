import * as z from 'zod/mini';
import { sizes } from '../../policy/limits.ts';
import { InvalidGrant, RefreshTokenReuse } from '../errors/errors.ts';
import { text } from '../http/bounded.ts';
import { userHash } from '../logging/user-hash.ts';
import type { SecuredRequest } from '../middleware/secured.ts';
import { type AppClient, askCognito } from '../oauth/cognito.ts';
import {
  claimedProfile,
  decryptRefreshToken,
  type RefreshTokenContent,
} from '../oauth/encrypted-refresh-token.ts';
import { parameter, parseParameters, valuesOf } from '../oauth/parameters.ts';
import { canonicalResource } from '../oauth/resource-indicator.ts';
import { grantedScopes } from '../oauth/scope.ts';
import { advanceGrant, endGrant, type GrantState, readGrant } from '../store/grants.ts';
import { claimsOf, cognitoTokens, tokenResponse } from './cognito-tokens.ts';
import { refusedGrant } from './grant.ts';
import { revokeQuietly } from './revoke-at-cognito.ts';
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
 * @returns undefined for a token that we did not encrypt
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
 * `grant_type=refresh_token`. Two table accesses: the grant is read before Cognito rotates
 * anything, so that an outage of the table costs nobody a login, and moved on afterwards, so that
 * what Cognito gave is handed out only if nothing ended the grant meanwhile. The first refresh of a
 * new registration keeps the registration instead of reading first.
 * @throws InvalidRequest, InvalidGrant, InvalidScope, InvalidTarget, BlockedGrant,
 * RefreshTokenReuse, TemporarilyUnavailable
 */
export const refresh: GrantHandler = async (request, form, services) => {
  const { settings, table, appClients } = services;
  const requested = parseParameters(refreshment, form);
  const opened = await openFor(requested.client_id, requested.refresh_token, appClients);
  if (!opened) throw new InvalidGrant({ detail: 'not a refresh token of ours' });
  const { appClient, grant: content } = opened;
  const resource = canonicalResource(
    valuesOf(request.body, 'resource'),
    settings.RESOURCE_URL,
    settings.ISSUER_URL,
  );
  if (content.resource !== resource)
    throw new InvalidGrant({ detail: 'a refresh token for another resource' });
  // No more than was granted (RFC 6749 section 6). Cognito cannot narrow on refresh: the response's
  // `scope` says so.
  grantedScopes(requested.scope, content.scopes);
  const { subject, grant: id, generation } = content;
  const presented: Presented = { request, services, appClient, content };
  const read = () => readGrant(table, subject, id, generation, request.now);
  const before = content.unused ? undefined : await usable(presented, await read());
  const refreshForm = { grant_type: 'refresh_token', refresh_token: content.token };
  const url = new URL('/oauth2/token', settings.COGNITO_DOMAIN);
  const tokens = await askCognito(url, appClient, refreshForm, cognitoTokens);
  if (!tokens) {
    // Cognito forgets a token that was replaced; the grant knows whether it was.
    if (before === undefined) await usable(presented, await read());
    throw new InvalidGrant({
      detail: 'the refresh token was rotated, revoked, or has expired',
      about: aboutOf(content),
    });
  }
  const { origin_jti: session } = claimsOf(tokens.access_token);
  const replaced = before?.grant.replaced ?? [];
  const advance = { id, generation, replaced, session };
  const after = await usable(
    presented,
    await advanceGrant(table, subject, advance, request.now),
    tokens.refresh_token,
  );
  if (content.unused) await keepRegistration(presented);
  const { clientId, scopes } = content;
  const bound = { clientId, resource, scopes, grant: id, generation: after.generation };
  return tokenResponse(request, tokens, appClient, bound, content.token);
};

/** A refresh token that was decrypted, and where it was presented. */
interface Presented {
  readonly request: SecuredRequest;
  readonly services: TokenServices;
  readonly appClient: AppClient;
  readonly content: RefreshTokenContent;
}

type Usable = Extract<GrantState, { readonly state: 'current' | 'sibling' }>;

/**
 * The grant, if the token may still be used. One that came back after the grace ends its grant: the
 * thief and the victim are asked to log in, and only one of them can (RFC 9700 section 4.14.2).
 * `issued` is what Cognito gave for it meanwhile.
 * @throws InvalidGrant, BlockedGrant, RefreshTokenReuse
 */
const usable = async (
  { request, services, appClient, content }: Presented,
  state: GrantState,
  issued?: string,
): Promise<Usable> => {
  if (state.state === 'current' || state.state === 'sibling') return state;
  const { settings, table } = services;
  const about = aboutOf(content);
  const who = { sub: content.subject, clientId: content.clientId, profile: appClient.profile };
  if (state.state !== 'reused') {
    await revokeQuietly(request, settings, appClient, issued);
    const refused = refusedGrant(state.state, about);
    request.trail('refresh', { ...who, outcome: 'refused', code: refused.code });
    throw refused;
  }
  const { session } = state.grant;
  const ended = await endGrant(table, content.subject, content.grant, session, request.now);
  await revokeQuietly(request, settings, appClient, issued ?? content.token);
  // Of several that come at the same moment one ended it, and one is counted.
  if (!ended) throw refusedGrant('ended', about);
  const reuse = new RefreshTokenReuse({ detail: 'the refresh token was used before', about });
  request.trail('revocation', { ...who, code: reuse.code });
  throw reuse;
};

/** The person is logged in whatever becomes of it. */
const keepRegistration = async ({ request, services, content }: Presented): Promise<void> => {
  const { clientId } = content;
  await services.registry.keep(clientId).catch((cause: unknown) => {
    request.logger.warning('A registration could not be kept', { clientId, cause });
  });
};
