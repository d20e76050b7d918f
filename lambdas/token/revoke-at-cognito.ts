import * as z from 'zod/mini';
import type { SecuredRequest } from '../middleware/secured.ts';
import { type AppClient, askCognito } from '../oauth/cognito.ts';
import type { TokenServices } from './services.ts';

/** All that Cognito answers to a revocation. */
const nothing = z.strictObject({});

type Settings = Pick<TokenServices['settings'], 'COGNITO_DOMAIN'>;

/** Ends a refresh token of Cognito's, and whatever came of it. @throws TemporarilyUnavailable */
export const revokeAtCognito = (settings: Settings, appClient: AppClient, token: string) =>
  askCognito(new URL('/oauth2/revoke', settings.COGNITO_DOMAIN), appClient, { token }, nothing);

/** The same where the request is refused anyway, and the grant is what refuses it. */
export const revokeQuietly = async (
  { logger }: Pick<SecuredRequest, 'logger'>,
  settings: Settings,
  appClient: AppClient,
  token: string | undefined,
): Promise<void> => {
  if (token === undefined) return;
  await revokeAtCognito(settings, appClient, token).catch((cause: unknown) =>
    logger.warning('Tokens that nobody got could not be revoked', { cause }),
  );
};
