import { fields, httpFields } from '../configuration/fields.ts';
import type { Settings } from '../configuration/read.ts';

export const healthSettings = {
  ...httpFields,
  COGNITO_USER_POOL_ID: fields.COGNITO_USER_POOL_ID,
  COGNITO_REGION: fields.COGNITO_REGION,
  TABLE_NAME: fields.TABLE_NAME,
  AWS_REGION: fields.AWS_REGION,
};

export type HealthSettings = Settings<typeof healthSettings>;
