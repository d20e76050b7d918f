import { fields, httpFields } from '../configuration/fields.ts';
import { jsonFields } from '../configuration/json-fields.ts';
import type { Settings } from '../configuration/read.ts';

/** What the login's functions read from their environment. */
export const oauthSettings = {
  ...httpFields,
  ISSUER_URL: fields.ISSUER_URL,
  RESOURCE_URL: fields.RESOURCE_URL,
  CLIENT_PROFILES: jsonFields.CLIENT_PROFILES,
  COGNITO_CLIENT_ID: fields.COGNITO_CLIENT_ID,
  COGNITO_DOMAIN: fields.COGNITO_DOMAIN,
  TABLE_NAME: fields.TABLE_NAME,
  AWS_REGION: fields.AWS_REGION,
};

export type OAuthSettings = Settings<typeof oauthSettings>;
