import * as z from 'zod/mini';

/** What a login is bound to from the approval to the tokens (OAUTH-10). */
export const binding = z.object({
  clientId: z.string(),
  redirectUri: z.string(),
  codeChallenge: z.string(),
  resource: z.string(),
  scopes: z.array(z.string()),
  profile: z.string(),
  /** The registration still expires: a login keeps it. */
  unused: z.boolean(),
});

/**
 * `transaction#<hash of the upstream state>`: an approved login, while the person is at Cognito.
 * `browser` is the hash of its cookie.
 */
export const transaction = z.extend(binding, {
  browser: z.string(),
  /** The client's own `state`, to be given back. */
  state: z.optional(z.string()),
});

/**
 * `code#<hash of our code>`: Cognito's code, kept for the client. Once `claimed` it stays until the
 * item expires, so that a replay is seen.
 */
export const authorizationCode = z.extend(binding, { cognitoCode: z.string() });
