import { readConfiguration } from '../configuration/read.ts';
import { secured } from '../middleware/secured.ts';
import { metadata } from './metadata.ts';
import { metadataSettings } from './settings.ts';

const settings = readConfiguration(metadataSettings, process.env);

export const handler = secured({ endpoint: 'protected-resource', settings }, metadata(settings));
