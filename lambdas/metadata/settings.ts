import { fields, httpFields, machineFields } from '../configuration/fields.ts';
import { jsonFields } from '../configuration/json-fields.ts';
import type { Settings } from '../configuration/read.ts';

export const metadataSettings = {
  ...httpFields,
  ISSUER_URL: fields.ISSUER_URL,
  RESOURCE_URL: fields.RESOURCE_URL,
  CLIENT_PROFILES: jsonFields.CLIENT_PROFILES,
  MACHINES: machineFields.MACHINES,
  BRAND: jsonFields.BRAND,
  COGNITO_USER_POOL_ID: fields.COGNITO_USER_POOL_ID,
  COGNITO_REGION: fields.COGNITO_REGION,
};

export type MetadataSettings = Settings<typeof metadataSettings>;
