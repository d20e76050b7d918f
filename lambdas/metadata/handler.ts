import { readConfiguration } from '../configuration/read.ts';
import type { PublicIdentity } from '../mcp/manifest/public-identity.ts';
import { secured } from '../middleware/secured.ts';
import { metadata } from './metadata.ts';
import { metadataSettings } from './settings.ts';

/** Of the definitions, in JSON; the build puts it here. */
declare const SERVER_IDENTITY: string;
const identity: PublicIdentity = JSON.parse(SERVER_IDENTITY);

const settings = readConfiguration(metadataSettings, process.env);

export const handler = secured(
  { endpoint: 'protected-resource', settings },
  metadata(settings, identity),
);
