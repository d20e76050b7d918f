import * as z from 'zod/mini';
import { fields, httpFields } from '../configuration/fields.ts';

export const tokenSettings = z.object({
  ...httpFields,
  ISSUER_URL: fields.ISSUER_URL,
  RESOURCE_URL: fields.RESOURCE_URL,
  CLIENT_PROFILES: fields.CLIENT_PROFILES,
  COGNITO_USER_POOL_ID: fields.COGNITO_USER_POOL_ID,
  COGNITO_REGION: fields.COGNITO_REGION,
  COGNITO_CLIENT_ID: fields.COGNITO_CLIENT_ID,
  COGNITO_DOMAIN: fields.COGNITO_DOMAIN,
  TABLE_NAME: fields.TABLE_NAME,
  AWS_REGION: fields.AWS_REGION,
});

export type TokenSettings = z.infer<typeof tokenSettings>;
