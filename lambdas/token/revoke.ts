import * as z from 'zod/mini';
import { sizes } from '../../policy/limits.ts';
import { UnsupportedTokenType } from '../errors/errors.ts';
import { text } from '../http/bounded.ts';
import { type AppClient, askCognito } from '../oauth/cognito.ts';
import { parameter, parseParameters } from '../oauth/parameters.ts';
import { openFor } from './refresh.ts';
import type { GrantHandler, TokenServices } from './services.ts';

const revocation = z.object({
  client_id: parameter,
  token: text(sizes.tokenBytes),
});
/** All that Cognito answers to a revocation. */
const nothing = z.strictObject({});

/** Ends a refresh token of Cognito's, and whatever came of it. @throws TemporarilyUnavailable */
export const revokeAtCognito = (
  settings: TokenServices['settings'],
  appClient: AppClient,
  token: string,
) => askCognito(new URL('/oauth2/revoke', settings.COGNITO_DOMAIN), appClient, { token }, nothing);

/**
 * RFC 7009. A refresh token of another client is refused (section 2.1); one that does not open is
 * none of ours and needs no revoking (section 2.2). Access tokens live on until they expire, and
 * saying that they were revoked would be a lie (section 2.2.1).
 * @throws InvalidRequest, UnsupportedTokenType, InvalidGrant, TemporarilyUnavailable
 */
export const revoke: GrantHandler = async (request, form, { settings, appClients }) => {
  const { client_id, token } = parseParameters(revocation, form);
  if (token.split('.').length === 3) throw new UnsupportedTokenType();
  const opened = await openFor(client_id, token, appClients);
  if (opened) {
    await revokeAtCognito(settings, opened.appClient, opened.grant.token);
    request.logger.info('Refresh token revoked', {
      clientId: client_id,
      profile: opened.appClient.profile,
    });
  }
  return { statusCode: 200, headers: { 'content-type': 'application/json' }, body: '{}' };
};
