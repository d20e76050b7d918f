import { randomUUID } from 'node:crypto';
import { BlockedGrant, type HttpError, InvalidGrant } from '../errors/errors.ts';
import type { UserHash } from '../logging/safe-logger.ts';
import type { TokenServices } from './services.ts';

/** An id that operators type (`user sign-out <who> <grant>`): no secret, but never the same twice. */
export const newGrantId = (): string => randomUUID();

const daySeconds = 24 * 60 * 60;

/** How long Cognito honours a login of this profile: its rotation does not lengthen that. */
export const refreshTokenSeconds = (
  { CLIENT_PROFILES }: Pick<TokenServices['settings'], 'CLIENT_PROFILES'>,
  profile: string,
): number =>
  (CLIENT_PROFILES.find(({ name }) => name === profile)?.refreshTokenDays ?? 0) * daySeconds;

/** The client hears the same; the log and the events do not. */
export const refusedGrant = (
  state: 'blocked' | 'ended',
  about: { readonly user: UserHash; readonly clientId: string },
): HttpError =>
  state === 'blocked'
    ? new BlockedGrant({ about })
    : new InvalidGrant({ detail: 'the grant has ended', about });
