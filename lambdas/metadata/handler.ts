import { readConfiguration } from '../configuration/read.ts';
import type { PublicIdentity } from '../mcp/manifest/public-identity.ts';
import { secured } from '../middleware/secured.ts';
import { metadata } from './metadata.ts';
import { metadataSettings } from './settings.ts';

/** Of the definitions; the build puts it here. */
declare const SERVER_IDENTITY: PublicIdentity;

const settings = readConfiguration(metadataSettings, process.env);

export const handler = secured(
  { endpoint: 'protected-resource', settings },
  metadata(settings, SERVER_IDENTITY),
);
