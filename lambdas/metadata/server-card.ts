import { protocolVersions } from '../../policy/mcp-methods.ts';
import { publicName, serverCard } from '../../policy/server-card.ts';
import type { PublicIdentity } from '../mcp/manifest/public-identity.ts';
import type { MetadataSettings } from './settings.ts';

/** SEP-2127: who the server is and how it is reached, before anybody connects. */
export const serverCardDocument = (
  { RESOURCE_URL: url }: Pick<MetadataSettings, 'RESOURCE_URL'>,
  { suffix, ...identity }: PublicIdentity,
) => ({
  $schema: serverCard.schema,
  name: publicName(new URL(url).hostname, suffix),
  ...identity,
  remotes: [
    {
      type: 'streamable-http',
      url,
      supportedProtocolVersions: [...protocolVersions.modern, ...protocolVersions.legacy],
    },
  ],
});
