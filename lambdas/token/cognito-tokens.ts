import * as z from 'zod/mini';
import { parseScopes } from '../configuration/scopes.ts';
import { TemporarilyUnavailable } from '../errors/errors.ts';
import { userHash } from '../logging/user-hash.ts';
import type { HttpResponse, SecuredRequest } from '../middleware/secured.ts';
import type { AppClient } from '../oauth/cognito.ts';
import { encryptRefreshToken, type RefreshTokenContent } from '../oauth/encrypted-refresh-token.ts';

/** What Cognito's token endpoint answers; an ID token, if there is one, stays here. */
export const cognitoTokens = z.object({
  access_token: z.string(),
  token_type: z.string(),
  expires_in: z.number(),
  refresh_token: z.optional(z.string()),
});

const claims = z.object({
  sub: z.string().check(z.minLength(1)),
  scope: z.string().check(z.minLength(1)),
});

/**
 * Read, not verified: it came from Cognito over TLS a moment ago, and `/mcp` verifies it on every
 * use.
 * @throws TemporarilyUnavailable
 */
export const claimsOf = (accessToken: string): z.infer<typeof claims> => {
  try {
    return claims.parse(
      JSON.parse(Buffer.from(accessToken.split('.')[1] ?? '', 'base64url').toString('utf8')),
    );
  } catch (cause) {
    throw new TemporarilyUnavailable({ detail: "Cognito's access token makes no sense", cause });
  }
};

/**
 * The token response (RFC 6749 section 5.1). Cognito leaves `scope` out; clients need it where they
 * were granted less than they asked for. The refresh token leaves us sealed (OAUTH-13); where
 * Cognito does not rotate, the one that was used goes out sealed anew.
 */
export const tokenResponse = async (
  { logger }: SecuredRequest,
  tokens: z.infer<typeof cognitoTokens>,
  { profile, secrets }: AppClient,
  bound: Pick<RefreshTokenContent, 'clientId' | 'resource' | 'scopes'>,
  previous?: string,
): Promise<HttpResponse> => {
  const { sub, scope } = claimsOf(tokens.access_token);
  logger.info('Tokens issued', { user: userHash(sub), clientId: bound.clientId, profile });
  const token = tokens.refresh_token ?? previous;
  const grant = token !== undefined && { ...bound, scopes: [...bound.scopes], token, subject: sub };
  return {
    statusCode: 200,
    headers: { 'content-type': 'application/json', pragma: 'no-cache' },
    body: JSON.stringify({
      access_token: tokens.access_token,
      token_type: 'Bearer',
      expires_in: tokens.expires_in,
      ...(grant && { refresh_token: encryptRefreshToken(profile, (await secrets())[0], grant) }),
      // What the client asked for: `openid` and `email` are between us and Cognito.
      scope: parseScopes(scope)
        .filter((name) => bound.scopes.includes(name))
        .join(' '),
    }),
  };
};
