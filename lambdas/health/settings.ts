import * as z from 'zod/mini';
import { fields, httpFields } from '../configuration/fields.ts';

export const healthSettings = z.object({
  ...httpFields(),
  COGNITO_USER_POOL_ID: fields.COGNITO_USER_POOL_ID,
  COGNITO_REGION: fields.COGNITO_REGION,
  TABLE_NAME: fields.TABLE_NAME,
  AWS_REGION: fields.AWS_REGION,
});

export type HealthSettings = z.infer<typeof healthSettings>;
