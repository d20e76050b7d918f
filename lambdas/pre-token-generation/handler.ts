import * as z from 'zod/mini';

/**
 * The pre-token-generation trigger, version 2.
 * https://docs.aws.amazon.com/cognito/latest/developerguide/user-pool-lambda-pre-token-generation.html
 */
const tokenRequest = z.object({
  request: z.object({
    userAttributes: z.object({ email: z.string(), email_verified: z.optional(z.string()) }),
    scopes: z.array(z.string()),
  }),
});

/**
 * Puts `email` into the access token (AUTH-10) when the scope `email` was granted. The function
 * `authorization` requests that scope where the client profile grants the address, and the app
 * client of any other profile does not have it. (The app client's id cannot decide: the pool needs
 * the trigger and the app clients need the pool, so naming them here would be a circular reference.)
 *
 * An address that was not verified is not a fact about its user and stays out. Whatever this cannot
 * read passes through unchanged: a login must not fail for want of an address.
 */
export const handler = async (event: unknown): Promise<unknown> => {
  const { data } = tokenRequest.safeParse(event);
  if (typeof event !== 'object' || event === null || !data?.request.scopes.includes('email'))
    return event;
  const { email, email_verified: verified } = data.request.userAttributes;
  if (verified !== 'true') return event;
  return {
    ...event,
    response: {
      claimsAndScopeOverrideDetails: {
        accessTokenGeneration: { claimsToAddOrOverride: { email } },
      },
    },
  };
};
