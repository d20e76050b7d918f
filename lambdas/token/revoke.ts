import * as z from 'zod/mini';
import { sizes } from '../../policy/limits.ts';
import { InvalidToken } from '../errors/errors.ts';
import { text } from '../http/bounded.ts';
import type { SecuredRequest } from '../middleware/secured.ts';
import { parameter, parseParameters } from '../oauth/parameters.ts';
import { endGrant, findGrantOf } from '../store/grants.ts';
import { openFor } from './refresh.ts';
import { revokeQuietly } from './revoke-at-cognito.ts';
import type { GrantHandler, TokenServices } from './services.ts';

const revocation = z.object({
  client_id: parameter,
  token: text(sizes.tokenBytes),
});

/**
 * RFC 7009. Whichever of its tokens is sent, the grant ends with all of them. A refresh token of
 * another client is refused (section 2.1); a token that is none of ours, or works no more, needs no
 * revoking (section 2.2). At most two table accesses.
 * @throws InvalidRequest, InvalidGrant, TemporarilyUnavailable
 */
export const revoke: GrantHandler = async (request, form, services) => {
  const { client_id: clientId, token } = parseParameters(revocation, form);
  const isJwt = token.split('.').length === 3;
  if (isJwt) await revokeByAccessToken(request, services, clientId, token);
  else await revokeByRefreshToken(request, services, clientId, token);
  return { statusCode: 200, headers: { 'content-type': 'application/json' }, body: '{}' };
};

const revokeByRefreshToken = async (
  request: SecuredRequest,
  { settings, table, appClients }: TokenServices,
  clientId: string,
  token: string,
): Promise<void> => {
  const opened = await openFor(clientId, token, appClients);
  if (!opened) return;
  const { appClient, grant: content } = opened;
  const { subject, grant, session } = content;
  await endGrant(table, subject, grant, session, request.now);
  // Without its grant it is worth nothing already.
  await revokeQuietly(request, settings, appClient, content.token);
  request.trail('revocation', { sub: subject, clientId, profile: appClient.profile });
};

/** An access token says which login it comes of, and is no proof of anything until it is verified. */
const revokeByAccessToken = async (
  request: SecuredRequest,
  { table, authenticate }: TokenServices,
  clientId: string,
  token: string,
): Promise<void> => {
  const caller = await authenticate(`Bearer ${token}`, request.now).catch((error: unknown) => {
    if (error instanceof InvalidToken) return undefined;
    throw error;
  });
  if (caller?.session === undefined) return;
  const { sub, session, profile } = caller;
  const found = await findGrantOf(table, sub, session, request.now);
  if (!found || found.clientId !== clientId.slice(0, sizes.grantClientCharacters)) return;
  await endGrant(table, sub, found.id, session, request.now);
  request.trail('revocation', { sub, clientId, profile });
};
