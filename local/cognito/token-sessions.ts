import { randomBytes, randomUUID } from 'node:crypto';
import type { AppClient } from './app-client.ts';
import { cognitoFigures } from './figures.ts';
import type { TokenOverrides } from './pre-token-generation.ts';
import type { CognitoState } from './state.ts';

/** What one sign-in gave one app client; every token of that sign-in is made of it. */
export interface Session {
  readonly clientId: string;
  readonly sub: string;
  readonly scopes: readonly string[];
  /** Bound at `/oauth2/authorize`; becomes `aud` of every access token, refreshed ones included. */
  readonly resource?: string;
  readonly nonce?: string;
  readonly authTime: number;
  /** Shared by all tokens of the sign-in; revocation goes by it. */
  readonly originJti: string;
  readonly eventId: string;
  readonly overrides: TokenOverrides;
}

export interface AuthorizationCode {
  readonly grant: Session;
  readonly redirectUri: string;
  readonly codeChallenge?: string;
  readonly expiresAt: number;
}

interface RefreshToken {
  readonly grant: Session;
  readonly expiresAt: number;
  /** Set when rotation replaced it. */
  rotatedAt?: number;
}

export interface Grants {
  issueCode(code: Omit<AuthorizationCode, 'expiresAt'>, now: number): string;
  /** Gives a code once: whatever becomes of the request that brought it, it is spent. */
  takeCode(code: string, now: number): AuthorizationCode | undefined;
  issueRefreshToken(grant: Session, expiresAt: number): string;
  /**
   * Rotates where the client rotates. `undefined`: unknown, expired, revoked, replaced, or another
   * client's.
   */
  refresh(
    token: string,
    client: AppClient,
    now: number,
  ): { readonly grant: Session; readonly replacement?: string } | undefined;
  revoke(token: string): void;
  findRefreshToken(token: string): Session | undefined;
  /** Refresh tokens that are still good for something, and what was revoked, for a restart. */
  state(now: number): KeptGrants;
}

type KeptGrants = Pick<CognitoState, 'refreshTokens' | 'revoked'>;

/**
 * Five parts with the lengths of Cognito's encrypted refresh token, because who stores or encrypts one
 * must cope with its size.
 */
const opaqueRefreshToken = (): string => {
  const header = Buffer.from('{"cty":"JWT","enc":"A256GCM","alg":"RSA-OAEP"}').toString(
    'base64url',
  );
  return [
    header,
    ...[256, 12, 1024, 16].map((bytes) => randomBytes(bytes).toString('base64url')),
  ].join('.');
};

const copyOf = (grant: Session): KeptGrants['refreshTokens'][number]['grant'] => ({
  ...grant,
  scopes: [...grant.scopes],
});

export const makeGrants = (kept: KeptGrants = { refreshTokens: [], revoked: [] }): Grants => {
  const codes = new Map<string, AuthorizationCode>();
  const refreshTokens = new Map<string, RefreshToken>(
    kept.refreshTokens.map(({ token, ...rest }) => [token, rest]),
  );
  const revoked = new Set<string>(kept.revoked);

  const issueRefreshToken = (grant: Session, expiresAt: number): string => {
    const token = opaqueRefreshToken();
    refreshTokens.set(token, { grant, expiresAt });
    return token;
  };

  return {
    issueCode: (code, now) => {
      const value = randomUUID();
      codes.set(value, { ...code, expiresAt: now + cognitoFigures.authorizationCodeSeconds });
      return value;
    },
    takeCode: (code, now) => {
      const found = codes.get(code);
      codes.delete(code);
      return found !== undefined && now < found.expiresAt ? found : undefined;
    },
    issueRefreshToken,
    refresh: (token, client, now) => {
      const found = refreshTokens.get(token);
      if (
        !found ||
        found.grant.clientId !== client.clientId ||
        now >= found.expiresAt ||
        revoked.has(found.grant.originJti)
      )
        return undefined;
      if (!client.refreshRotation) return { grant: found.grant };
      if (
        found.rotatedAt !== undefined &&
        now >= found.rotatedAt + client.refreshRotation.graceSeconds
      )
        return undefined;
      found.rotatedAt ??= now;
      // "The new refresh token is valid for the remaining duration of the original."
      return { grant: found.grant, replacement: issueRefreshToken(found.grant, found.expiresAt) };
    },
    state: (now) => ({
      refreshTokens: [...refreshTokens]
        .filter(([, { expiresAt }]) => now < expiresAt)
        .map(([token, rest]) => ({ token, ...rest, grant: copyOf(rest.grant) })),
      revoked: [...revoked],
    }),
    findRefreshToken: (token) => refreshTokens.get(token)?.grant,
    revoke: (token) => {
      const found = refreshTokens.get(token);
      if (found) revoked.add(found.grant.originJti);
    },
  };
};
