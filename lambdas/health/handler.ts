import { readConfiguration } from '../configuration/read.ts';
import { secured } from '../middleware/secured.ts';
import { checks } from './checks.ts';
import { health } from './health.ts';
import { healthSettings } from './settings.ts';

const settings = readConfiguration(healthSettings, process.env);

export const handler = secured(
  { endpoint: 'health', settings },
  health(settings.ENVIRONMENT, checks(settings)),
);
