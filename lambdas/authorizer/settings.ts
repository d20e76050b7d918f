import { fields, tokenFields } from '../configuration/fields.ts';
import type { Settings } from '../configuration/read.ts';

export const authorizerSettings = {
  ENVIRONMENT: fields.ENVIRONMENT,
  LOG_SENSITIVE_DATA: fields.LOG_SENSITIVE_DATA,
  AUDIT_SUBJECT: fields.AUDIT_SUBJECT,
  ALLOWED_ORIGINS: fields.ALLOWED_ORIGINS,
  TRUSTED_PROXY_HEADER: fields.TRUSTED_PROXY_HEADER,
  USAGE_PLAN_KEYS: fields.USAGE_PLAN_KEYS,
  USAGE_PLAN_SHARE_KEY: fields.USAGE_PLAN_SHARE_KEY,
  ...tokenFields,
};

export type AuthorizerSettings = Settings<typeof authorizerSettings>;
