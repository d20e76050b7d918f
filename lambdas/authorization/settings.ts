import * as z from 'zod/mini';
import { fields } from '../configuration/fields.ts';
import { oauthSettings } from '../oauth/settings.ts';

export const authorizationSettings = z.extend(oauthSettings, {
  LOGIN_DOMAINS: z.optional(fields.LOGIN_DOMAINS),
});

export type AuthorizationSettings = z.infer<typeof authorizationSettings>;
