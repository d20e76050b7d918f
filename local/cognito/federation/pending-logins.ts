import { randomBytes } from 'node:crypto';
import type { AuthorizationRequest } from '../authorization-request.ts';
import { cognitoFigures } from '../figures.ts';
import type { OidcProvider } from './identity-provider.ts';

/** A login at a provider. */
interface PendingLogin {
  readonly request: AuthorizationRequest;
  readonly provider: OidcProvider;
  /** Epoch seconds. */
  readonly expiresAt: number;
}

export interface PendingLogins {
  begin(pending: Omit<PendingLogin, 'expiresAt'>, now: number): string;
  /** Gives a login once. */
  take(state: string, now: number): PendingLogin | undefined;
}

export const makePendingLogins = (): PendingLogins => {
  const logins = new Map<string, PendingLogin>();
  return {
    begin: (pending, now) => {
      for (const [state, { expiresAt }] of logins) if (expiresAt <= now) logins.delete(state);
      const state = randomBytes(32).toString('base64url');
      logins.set(state, { ...pending, expiresAt: now + cognitoFigures.authorizationCodeSeconds });
      return state;
    },
    take: (state, now) => {
      const found = logins.get(state);
      logins.delete(state);
      return found !== undefined && now < found.expiresAt ? found : undefined;
    },
  };
};
