import * as z from 'zod/mini';
import { fields, httpFields, machineFields } from '../configuration/fields.ts';

export const metadataSettings = z.object({
  ...httpFields(),
  ISSUER_URL: fields.ISSUER_URL,
  RESOURCE_URL: fields.RESOURCE_URL,
  CLIENT_PROFILES: fields.CLIENT_PROFILES,
  MACHINES: machineFields().MACHINES,
  BRAND: fields.BRAND,
  COGNITO_USER_POOL_ID: fields.COGNITO_USER_POOL_ID,
  COGNITO_REGION: fields.COGNITO_REGION,
});

export type MetadataSettings = z.infer<typeof metadataSettings>;
