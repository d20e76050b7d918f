import { table } from '../aws/table.ts';
import { fields, httpFields } from '../configuration/fields.ts';
import { jsonFields } from '../configuration/json-fields.ts';
import { readConfiguration } from '../configuration/read.ts';
import { secured } from '../middleware/secured.ts';
import { tableRegistry } from '../oauth/table-registry.ts';
import { registration } from './registration.ts';

const variables = {
  ...httpFields,
  CLIENT_PROFILES: jsonFields.CLIENT_PROFILES,
  TABLE_NAME: fields.TABLE_NAME,
  AWS_REGION: fields.AWS_REGION,
};

const settings = readConfiguration(variables, process.env);
const store = table({ name: settings.TABLE_NAME, region: settings.AWS_REGION });

export const handler = secured(
  {
    endpoint: 'register',
    settings,
  },
  registration(settings.CLIENT_PROFILES, tableRegistry(store, settings.CLIENT_PROFILES)),
);
