import { fields, optional } from '../configuration/fields.ts';
import { jsonFields } from '../configuration/json-fields.ts';
import type { Settings } from '../configuration/read.ts';
import { oauthSettings } from '../oauth/settings.ts';

/** The pages of the login know whose they are, and whose people have a provider of their own. */
export const authorizationSettings = {
  ...oauthSettings,
  BRAND: jsonFields.BRAND,
  LOGIN_DOMAINS: optional(fields.LOGIN_DOMAINS),
};

export type AuthorizationSettings = Settings<typeof authorizationSettings>;
