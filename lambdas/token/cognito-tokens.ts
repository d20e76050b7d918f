import * as z from 'zod/mini';
import { parseScopes } from '../configuration/scopes.ts';
import { TemporarilyUnavailable } from '../errors/errors.ts';
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
  origin_jti: z.optional(z.string().check(z.regex(/^[\w-]{1,64}$/))),
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

/** RFC 6749 section 5.1. To be copied: the middlewares change the headers of a response. */
export const tokenHeaders = { 'content-type': 'application/json', pragma: 'no-cache' } as const;

/**
 * What every token response says of its access token. `scope` is what the client asked for of what
 * Cognito gave: `openid` and `email` are between us and Cognito.
 */
export const accessTokenMembers = (
  tokens: Pick<z.infer<typeof cognitoTokens>, 'access_token' | 'expires_in'>,
  scope: string,
  asked: readonly string[],
) => ({
  access_token: tokens.access_token,
  token_type: 'Bearer',
  expires_in: tokens.expires_in,
  scope: parseScopes(scope)
    .filter((name) => asked.includes(name))
    .join(' '),
});

/** What a refresh token is bound to, besides what Cognito's tokens say. */
type Bound = Omit<RefreshTokenContent, 'subject' | 'session' | 'token'>;

/**
 * The token response (RFC 6749 section 5.1). Cognito leaves `scope` out; clients need it where they
 * were granted less than they asked for. The refresh token leaves us encrypted (OAUTH-13); where
 * Cognito does not rotate, `previous` goes out again.
 */
export const tokenResponse = async (
  { trail }: SecuredRequest,
  tokens: z.infer<typeof cognitoTokens>,
  { profile, secrets }: AppClient,
  bound: Bound,
  previous?: string,
): Promise<HttpResponse> => {
  const { sub: subject, scope, origin_jti: session } = claimsOf(tokens.access_token);
  trail(bound.generation === 0 ? 'login' : 'refresh', {
    sub: subject,
    clientId: bound.clientId,
    profile,
    scope,
    outcome: 'ok',
  });
  const token = tokens.refresh_token ?? previous;
  const content = token !== undefined && { ...bound, subject, session, token };
  return {
    statusCode: 200,
    headers: { ...tokenHeaders },
    body: JSON.stringify({
      ...accessTokenMembers(tokens, scope, bound.scopes),
      ...(content && {
        refresh_token: encryptRefreshToken(profile, (await secrets())[0], content),
      }),
    }),
  };
};
