import * as z from 'zod/mini';
import { fields } from '../configuration/fields.ts';
import { oauthSettings } from '../oauth/settings.ts';

/** The pages of the login know whose they are, and whose people have a provider of their own. */
export const authorizationSettings = z.extend(oauthSettings, {
  BRAND: fields.BRAND,
  LOGIN_DOMAINS: z.optional(fields.LOGIN_DOMAINS),
});

export type AuthorizationSettings = z.infer<typeof authorizationSettings>;
