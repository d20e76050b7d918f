import { table } from '../aws/table.ts';
import { readConfiguration } from '../configuration/read.ts';
import { secured } from '../middleware/secured.ts';
import { tableRegistry } from '../oauth/table-registry.ts';
import { authorization } from './authorization.ts';
import { authorizationSettings } from './settings.ts';

const settings = readConfiguration(authorizationSettings, process.env);
const store = table({ name: settings.TABLE_NAME, region: settings.AWS_REGION });

export const handler = secured(
  {
    endpoint: 'consent',
    settings,
    brand: settings.BRAND,
  },
  authorization(settings, store, tableRegistry(store, settings.CLIENT_PROFILES)),
);
