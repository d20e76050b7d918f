import * as z from 'zod/mini';
import { sizes } from '../../policy/limits.ts';
import { UnsupportedTokenType } from '../errors/errors.ts';
import type { Answer, SecuredRequest } from '../middleware/secured.ts';
import { askCognito } from '../oauth/cognito.ts';
import { parameter, parseParameters } from '../oauth/parameters.ts';
import { claimedProfile, unseal } from '../oauth/sealed-refresh-token.ts';
import type { TokenServices } from './redeem.ts';
import { openFor } from './refresh.ts';

const revocation = z.object({ client_id: parameter, token: z.string().check(z.maxLength(sizes.tokenBytes)) });

const done: Answer = { statusCode: 200, headers: { 'content-type': 'application/json' }, body: '{}' };

/**
 * RFC 7009. Access tokens live on until they expire; saying that they were revoked would be a lie.
 * @throws InvalidRequest, UnsupportedTokenType, InvalidGrant, TemporarilyUnavailable
 */
export const revoke = async (
  request: SecuredRequest,
  form: Readonly<Record<string, string>>,
  { settings, appClientOf }: TokenServices,
): Promise<Answer> => {
  const { client_id, token } = parseParameters(revocation, form);
  const isJwt = token.split('.').length === 3;
  if (isJwt) throw new UnsupportedTokenType();
  // A token that is none of ours needs no revoking (section 2.2); another client's is refused (section 2.1).
  const claimed = await appClientOf(claimedProfile(token));
  if (!claimed || !unseal(token, claimed.secrets)) return done;
  const { appClient, grant } = await openFor(client_id, token, appClientOf);
  await askCognito(new URL('/oauth2/revoke', settings.COGNITO_DOMAIN), appClient, { token: grant.token }, z.unknown());
  request.logger.info('Refresh token revoked', { clientId: client_id, profile: appClient.profile });
  return done;
};
