import { table } from '../aws/table.ts';
import { readConfiguration } from '../configuration/read.ts';
import { secured } from '../middleware/secured.ts';
import { oauthSettings } from '../oauth/settings.ts';
import { tableRegistry } from '../oauth/table-registry.ts';
import { authorization } from './authorization.ts';

const settings = readConfiguration(oauthSettings, process.env);
const store = table({ name: settings.TABLE_NAME, region: settings.AWS_REGION });

export const handler = secured(
  {
    endpoint: 'consent',
    settings,
  },
  authorization(settings, store, tableRegistry(store, settings.CLIENT_PROFILES)),
);
