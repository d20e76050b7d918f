import { fields } from '../configuration/fields.ts';
import { readConfiguration } from '../configuration/read.ts';
import { preSignUp } from './sign-up.ts';

const settings = readConfiguration(
  {
    SIGN_UP_DOMAINS: fields.SIGN_UP_DOMAINS,
    LOG_SENSITIVE_DATA: fields.LOG_SENSITIVE_DATA,
  },
  process.env,
);

export const handler = preSignUp(settings.SIGN_UP_DOMAINS);
